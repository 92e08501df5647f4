// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.AbortedTransaction;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.FileSlice;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What was read of one partition.
 *
 * @param topicIdPartition which, as asked
 * @param error {@link Errors#NONE} if read
 * @param highWatermark the partition's high watermark, -1 on error
 * @param lastStableOffset the last stable offset, -1 if not known
 * @param logStartOffset the log's first offset, -1 on error
 * @param records a slice of the file, to be sent without copying; or {@link FileSlice#EMPTY}
 * @param divergingEpoch where the reader's log parts from this one (KIP-595)
 * @param abortedTransactions those a read_committed reader must skip; null unless asked for
 * @param preferredReadReplica the replica to read from instead (KIP-392), -1 if none
 */
public record FetchResult(
        TopicIdPartition topicIdPartition,
        Errors error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        FileSlice records,
        Optional<EpochEndOffset> divergingEpoch,
        List<AbortedTransaction> abortedTransactions,
        int preferredReadReplica) {
    private static final long UNKNOWN = -1L;
    public static final int NO_PREFERRED_REPLICA = -1;

    /** A read refused. */
    public static FetchResult failed(TopicIdPartition partition, Errors error) {
        return failed(partition, error, null);
    }

    /** A read of what this broker has never heard of; Kafka tells it with no aborted transactions, not with null. */
    public static FetchResult unknown(TopicIdPartition partition, Errors error) {
        return failed(partition, error, List.of());
    }

    private static FetchResult failed(
            TopicIdPartition partition, Errors error, List<AbortedTransaction> abortedTransactions) {
        return new FetchResult(
                partition,
                error,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                FileSlice.EMPTY,
                Optional.empty(),
                abortedTransactions,
                NO_PREFERRED_REPLICA);
    }
}
