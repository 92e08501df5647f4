// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.EpochEndResult;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * The partitions followed here, as their fetchers see them.
 *
 * <p>Every change names the leader epoch of the assignment it was fetched under; if the partition has moved on (another
 * epoch, leader now, stopped) the change is refused with {@link Errors#FENCED_LEADER_EPOCH} and nothing is touched:
 * the fetcher drops what it has. {@link Errors#KAFKA_STORAGE_ERROR}: the log is offline; the fetcher forgets the
 * partition until it is assigned anew.
 */
public interface FollowerPartitions {
    /**
     * Appends what the leader sent, verbatim, and takes over its high watermark and log start offset. Runs on the
     * caller's thread.
     *
     * @param leaderEpoch the epoch of the assignment
     * @param fetchOffset the offset that was asked for; refused with {@link Errors#OFFSET_OUT_OF_RANGE} unless it is the
     *     log's end
     * @param records what came; may be empty; an incomplete last batch is ignored
     * @param leaderHighWatermark the leader's high watermark
     * @param leaderLogStartOffset the leader's log start offset, -1 if not told
     */
    FollowerAppend append(
            TopicPartition partition,
            int leaderEpoch,
            long fetchOffset,
            MemoryRecords records,
            long leaderHighWatermark,
            long leaderLogStartOffset);

    /**
     * Cuts the log's tail off.
     *
     * @param offset the new log end; at or past the end, nothing is done
     */
    FollowerAppend truncateTo(TopicPartition partition, int leaderEpoch, long offset);

    /** Throws the log's content away and starts it at {@code offset}: the leader's log begins past our end. */
    FollowerAppend truncateFullyAndStartAt(TopicPartition partition, int leaderEpoch, long offset);

    /** The largest leader epoch in the log's epoch cache. */
    OptionalInt latestEpoch(TopicPartition partition);

    /** Where a leader epoch ends in our log (the largest epoch at or below it): -1 and -1 if it has none. */
    EpochEndResult endOffsetForEpoch(TopicPartition partition, int leaderEpoch);

    /** Our log's end, -1 if the log is not here. */
    long logEndOffset(TopicPartition partition);

    /** Our log's first offset, -1 if the log is not here. */
    long logStartOffset(TopicPartition partition);

    /** Our high watermark, -1 if the log is not here. */
    long highWatermark(TopicPartition partition);

    /** The leader epoch we follow under, -1 if we do not follow it. */
    int leaderEpoch(TopicPartition partition);

    /** The fetcher gives the partition up (corrupt data, a bug): it stays silent until assigned anew. */
    void markFailed(TopicPartition partition, int leaderEpoch, String reason);

    /**
     * The outcome of a change.
     *
     * @param error {@link Errors#NONE} if done
     * @param logEndOffset the log's end afterwards, the next offset to fetch; -1 on error
     * @param lastEpoch the epoch of the last record afterwards, -1 for none
     * @param message what is wrong, for the log line; null unless an error
     */
    record FollowerAppend(Errors error, long logEndOffset, int lastEpoch, String message) {
        public static FollowerAppend failed(Errors error, String message) {
            return new FollowerAppend(error, -1L, -1, message);
        }

        public boolean ok() {
            return error == Errors.NONE;
        }
    }
}
