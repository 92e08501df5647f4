// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A log with what could be cleaned of it.
 *
 * @param log the log
 * @param logDir where it lay when this was decided
 * @param range which offsets
 * @param firstUncleanable base offset of the first segment that stays as it is
 * @param cleanBytes bytes of the clean segments
 * @param cleanableBytes bytes of the dirty segments that may be cleaned
 * @param overdueMs for how long it should have been compacted by {@code max.compaction.lag.ms}
 */
record LogToClean(
        LocalPartitionLog log,
        Path logDir,
        CleanableRange range,
        long firstUncleanable,
        long cleanBytes,
        long cleanableBytes,
        long overdueMs) {
    /** Measures a log. */
    static LogToClean of(LocalPartitionLog log, OptionalLong checkpoint, long nowMs) throws IOException {
        CleanableRange range = CleanableRange.of(log, checkpoint, nowMs);
        List<LogSegment> after = CleanableRange.nonActiveFrom(log, range.firstUncleanable());
        long firstUncleanable = (after.isEmpty() ? log.activeSegment() : after.get(0)).baseOffset();
        long dirtyFrom = Math.min(range.firstDirty(), firstUncleanable);
        return new LogToClean(
                log,
                log.logDir(),
                range,
                firstUncleanable,
                bytes(log.segments(-1L, range.firstDirty())),
                bytes(log.segments(dirtyFrom, firstUncleanable)),
                range.overdueMs(log, nowMs));
    }

    private static long bytes(List<LogSegment> segments) {
        long bytes = 0;
        for (LogSegment segment : segments) {
            bytes += segment.size();
        }
        return bytes;
    }

    TopicPartition partition() {
        return log.topicPartition();
    }

    boolean isEmpty() {
        return cleanBytes + cleanableBytes == 0;
    }

    /** The dirty share of what a pass would go through, from 0 to 1. */
    double cleanableRatio() {
        return isEmpty() ? 0 : (double) cleanableBytes / (cleanBytes + cleanableBytes);
    }

    /** Whether it is time: dirty enough, or overdue. */
    boolean isDue() {
        return !isEmpty()
                && ((overdueMs > 0 && cleanableBytes > 0)
                        || cleanableRatio() > log.config().minCleanableDirtyRatio());
    }
}
