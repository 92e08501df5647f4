// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.List;

/**
 * What an append did.
 *
 * @param firstOffset offset of the first record; for a duplicate batch the one it got when it was first appended; -1
 *     if nothing was given to append
 * @param lastOffset offset of the last record, -1 likewise
 * @param logAppendTime the broker's time stamped on the records, -1 unless {@code message.timestamp.type} is
 *     {@code LogAppendTime}
 * @param logStartOffset the log's start offset at that time
 * @param validBytes bytes appended (or that would have been, for a duplicate)
 * @param duplicate whether the batch was recognised as already appended, and nothing was written
 * @param firstEpochAdvanced whether this append began a new leader epoch
 * @param recordErrors the records refused; not empty only inside {@link InvalidRecordsException}
 */
public record LogAppendInfo(
        long firstOffset,
        long lastOffset,
        long logAppendTime,
        long logStartOffset,
        int validBytes,
        boolean duplicate,
        boolean firstEpochAdvanced,
        List<RecordError> recordErrors) {
    /** One refused record (KIP-467): its place in the batch, and why (null for the error's own message). */
    public record RecordError(int batchIndex, String message) {
        /** In Kafka's words, as the message of a refused batch shows it. */
        @Override
        public String toString() {
            return "RecordError(batchIndex=" + batchIndex + ", message="
                    + (message == null ? "null" : "'" + message + "'") + ")";
        }
    }

    /** What appending nothing gives. */
    public static LogAppendInfo none(long logStartOffset) {
        return new LogAppendInfo(-1L, -1L, -1L, logStartOffset, 0, false, false, List.of());
    }
}
