// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.log.EpochEndOffset;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * A local replica as its fetcher sees it; implemented by the partition.
 *
 * <p>Every change names the leader epoch the fetcher works under. The partition refuses it, with
 * {@link org.apache.kafka.common.errors.FencedLeaderEpochException}, once its own role or epoch has moved on: a fetcher
 * that has not yet heard of a new role can therefore do no harm. All methods throw
 * {@link org.apache.kafka.common.errors.KafkaStorageException} when the log directory is offline.
 */
public interface FollowerLog {
    /** No leader epoch is known: an empty log, or one of an old message format. */
    int NO_EPOCH = -1;

    /** The partition that is followed. */
    TopicPartition topicPartition();

    /** The first offset, as a crash would leave it: what the leader is told of it. */
    long logStartOffset();

    /** The offset to fetch from. */
    long logEndOffset();

    /** The high watermark as far as the leader has told it. */
    long highWatermark();

    /** Whether consumers read from this replica: one waits for the high watermark, or has read a moment ago. */
    boolean hasReaders();

    /** The epoch of the last entry in the leader epoch cache, {@link #NO_EPOCH} if it is empty. */
    int latestEpoch();

    /**
     * The largest epoch known locally that is not larger than the given one, with its end offset; empty if there is
     * none.
     */
    Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch);

    /**
     * Appends what the leader sent, verbatim, then takes over its high watermark (never beyond the log's end) and its
     * log start offset. Runs on the thread that received the records, which are not valid after the call.
     *
     * @param leaderEpoch the epoch the fetcher works under
     * @param fetchOffset the offset fetched from; the log's end offset must equal it
     * @param records what was fetched; may be empty, may end in a partial batch, which is ignored
     * @param leaderHighWatermark the leader's high watermark
     * @param leaderLogStartOffset the leader's log start offset, -1 if the response has none
     * @return the log's end offset afterwards
     * @throws org.apache.kafka.common.errors.CorruptRecordException if a batch's size or CRC is wrong; nothing was
     *     appended
     */
    long append(
            int leaderEpoch,
            long fetchOffset,
            MemoryRecords records,
            long leaderHighWatermark,
            long leaderLogStartOffset);

    /** Drops everything from the offset on; offsets at or beyond the log's end change nothing. May do disk I/O. */
    void truncateTo(int leaderEpoch, long offset);

    /** Drops everything and starts an empty log at the offset. Does disk I/O. */
    void truncateFullyAndStartAt(int leaderEpoch, long offset);
}
