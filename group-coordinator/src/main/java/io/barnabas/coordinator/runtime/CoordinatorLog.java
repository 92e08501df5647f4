// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.log.VerificationGuard;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Records;

/** The replicated log of the partitions led here: what the runtime needs of the floor below. */
public interface CoordinatorLog {
    /**
     * Appends one batch with all in-sync replicas required.
     *
     * @param leaderEpoch the leadership the shard is loaded under; another one refuses the append
     * @return completes with the offset of the batch's last record once the batch is committed, on any thread and
     *     without a timeout of its own. It fails with {@code NotEnoughReplicasAfterAppend} if the batch is committed,
     *     but to fewer replicas than required; any other failure leaves open whether the batch counts
     * @throws org.apache.kafka.common.errors.ApiException if the batch was refused and is not in the log
     *     ({@code NotLeaderOrFollower}, {@code NotEnoughReplicas}, {@code RecordTooLarge}, {@code KafkaStorage} …)
     */
    CompletionStage<Long> append(TopicPartition partition, int leaderEpoch, MemoryRecords batch);

    /**
     * The same for a transaction's records.
     *
     * @param guard the proof that the transaction includes the partition; a log that wants none does not look at it
     */
    default CompletionStage<Long> append(
            TopicPartition partition, int leaderEpoch, MemoryRecords batch, VerificationGuard guard) {
        return append(partition, leaderEpoch, batch);
    }

    /**
     * Reads whole batches of the local log, also what is not committed yet. May block on the disk.
     *
     * @param fromOffset where to begin; below the log's start it begins there
     * @param maxBytes about how much to read; at least one batch is read if there is one
     * @throws org.apache.kafka.common.errors.NotLeaderOrFollowerException if the partition is not led here under this
     *     epoch
     */
    LogRead read(TopicPartition partition, int leaderEpoch, long fromOffset, int maxBytes);

    /** The largest batch the partition takes, in bytes ({@code max.message.bytes}). */
    int maxBatchSize(TopicPartition partition);

    /**
     * A piece of the log.
     *
     * @param records whole batches, the first possibly beginning below the offset asked for
     * @param logEndOffset the offset after the log's last record, as of the read
     */
    record LogRead(Records records, long logEndOffset) {}
}
