// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.LogAppendInfo;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What became of one partition's append.
 *
 * @param error {@link Errors#NONE} once appended and replicated as asked
 * @param errorMessage told to the client (KIP-467); null for the error's own message
 * @param baseOffset first offset assigned, -1 on error; of a duplicate the offset it was first given
 * @param lastOffset last offset assigned, -1 on error
 * @param logAppendTimeMs the broker's time with {@code message.timestamp.type=LogAppendTime}, else -1
 * @param logStartOffset the log's first offset, -1 if not known
 * @param recordErrors the records at fault (KIP-467)
 */
public record AppendResult(
        Errors error,
        String errorMessage,
        long baseOffset,
        long lastOffset,
        long logAppendTimeMs,
        long logStartOffset,
        List<LogAppendInfo.RecordError> recordErrors) {
    private static final long NONE = -1L;

    /** A refused append. */
    public static AppendResult failed(Errors error) {
        return failed(error, null, NONE);
    }

    /** A refused append with a message of its own. */
    public static AppendResult failed(Errors error, String message, long logStartOffset) {
        return new AppendResult(error, message, NONE, NONE, RecordBatch.NO_TIMESTAMP, logStartOffset, List.of());
    }

    /** The same append, answered with an error that arose after it (NOT_ENOUGH_REPLICAS_AFTER_APPEND and such). */
    public AppendResult withError(Errors newError) {
        return new AppendResult(newError, null, baseOffset, lastOffset, logAppendTimeMs, logStartOffset, recordErrors);
    }
}
