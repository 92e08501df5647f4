// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.fetch.FollowerLog;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.UnexpectedAppendOffsetException;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.MemoryRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition's log as its fetcher sees it: every change under the partition's lock, fenced by leader epoch. */
final class FollowedLog implements FollowerLog {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedLog.class);

    private final Partition partition;

    FollowedLog(Partition partition) {
        this.partition = partition;
    }

    @Override
    public TopicPartition topicPartition() {
        return partition.topicPartition();
    }

    @Override
    public long logStartOffset() {
        return log().keptLogStartOffset();
    }

    @Override
    public long logEndOffset() {
        return log().logEndOffset();
    }

    @Override
    public long highWatermark() {
        return log().highWatermark();
    }

    @Override
    public boolean hasReaders() {
        return partition.hasReaders();
    }

    @Override
    public int latestEpoch() {
        return log().latestEpoch().orElse(NO_EPOCH);
    }

    @Override
    public Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch) {
        return log().endOffsetForEpoch(leaderEpoch);
    }

    private PartitionLog log() {
        PartitionLog log = partition.role().log();
        if (log == null) {
            throw new KafkaStorageException("The log of " + topicPartition() + " is not online");
        }
        return log;
    }

    private record Appended(long logEnd, boolean grew, boolean highWatermarkMoved) {}

    @Override
    public long append(
            int leaderEpoch,
            long fetchOffset,
            MemoryRecords records,
            long leaderHighWatermark,
            long leaderLogStartOffset) {
        Appended appended = partition.asFollower(
                leaderEpoch, log -> append(log, fetchOffset, records, leaderHighWatermark, leaderLogStartOffset));
        if (appended.grew() || appended.highWatermarkMoved()) {
            partition.followerAdvanced(appended.highWatermarkMoved());
        }
        return appended.logEnd();
    }

    private Appended append(
            PartitionLog log, long fetchOffset, MemoryRecords records, long leaderHighWatermark, long leaderLogStart) {
        long before = log.logEndOffset();
        if (before != fetchOffset) {
            throw new OffsetOutOfRangeException("Fetched from offset " + fetchOffset + " of " + topicPartition()
                    + ", but the log's end is " + before);
        }
        if (records.sizeInBytes() > 0) {
            appendOrRestart(log, records);
        }
        long highWatermark = log.highWatermark();
        boolean moved =
                leaderHighWatermark != highWatermark && log.updateHighWatermark(leaderHighWatermark) != highWatermark;
        if (leaderLogStart > log.logStartOffset()) {
            log.maybeIncrementLogStartOffset(leaderLogStart, LogStartOffsetIncrementReason.LEADER_OFFSET_INCREMENTED);
            log.keepLogStartOffset(() -> {});
        }
        long end = log.logEndOffset();
        return new Appended(end, end != before, moved);
    }

    /**
     * Appends; an empty log may have to start over at an earlier offset, when the leader's first offset lies in the
     * midst of a batch after a deletion of records (KIP-107).
     */
    private void appendOrRestart(PartitionLog log, MemoryRecords records) {
        try {
            log.appendAsFollower(records);
        } catch (UnexpectedAppendOffsetException e) {
            long end = log.logEndOffset();
            boolean emptyAndOverlapping = end == log.logStartOffset() && e.firstOffset() < end && e.lastOffset() >= end;
            if (!emptyAndOverlapping) {
                throw e;
            }
            LOG.info(
                    "Unexpected offset in append to {}. First offset {} is less than log start offset {}. "
                            + "Since this is the first record to be appended to the log, it starts over from there.",
                    topicPartition(),
                    e.firstOffset(),
                    log.logStartOffset());
            log.truncateFullyAndStartAt(e.firstOffset(), Optional.empty());
            log.appendAsFollower(records);
        }
    }

    @Override
    public void truncateTo(int leaderEpoch, long offset) {
        partition.asFollower(leaderEpoch, log -> log.truncateTo(offset));
        partition.followerAdvanced(true);
    }

    @Override
    public void truncateFullyAndStartAt(int leaderEpoch, long offset) {
        partition.asFollower(leaderEpoch, log -> {
            log.truncateFullyAndStartAt(offset, Optional.empty());
            return null;
        });
        partition.followerAdvanced(true);
    }
}
