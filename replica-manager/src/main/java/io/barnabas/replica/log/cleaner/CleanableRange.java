// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dirty offsets of a log that may be cleaned.
 *
 * @param firstDirty the first offset that is not clean
 * @param firstUncleanable the first one that must not be cleaned; not below {@code firstDirty}
 * @param checkpointInvalid whether the checkpoint named an offset that is not in the log, and has to be set anew
 */
record CleanableRange(long firstDirty, long firstUncleanable, boolean checkpointInvalid) {
    private static final Logger LOG = LoggerFactory.getLogger(CleanableRange.class);

    /**
     * Decides about a log. Not cleaned are the active segment, what is not decided or not replicated (from the last
     * stable offset on), and segments with records younger than {@code min.compaction.lag.ms}.
     *
     * @param checkpoint up to where it was said to be clean
     */
    static CleanableRange of(LocalPartitionLog log, OptionalLong checkpoint, long nowMs) throws IOException {
        long start = log.logStartOffset();
        long noted = checkpoint.orElse(start);
        boolean invalid = noted < start || noted > log.logEndOffset();
        if (invalid && !(noted < start && log.config().delete())) {
            LOG.warn(
                    "Resetting first dirty offset of {} to log start offset {} since the checkpointed offset {} is"
                            + " invalid (the log ends at {}).",
                    log.topicPartition(),
                    start,
                    noted,
                    log.logEndOffset());
        }
        long firstDirty = invalid ? start : noted;
        long uncleanable = Math.min(
                Math.min(log.lastStableOffset(), log.activeSegment().baseOffset()),
                firstTooYoung(log, firstDirty, nowMs));
        return new CleanableRange(firstDirty, Math.max(firstDirty, uncleanable), invalid);
    }

    private static long firstTooYoung(LocalPartitionLog log, long firstDirty, long nowMs) throws IOException {
        long lagMs = log.config().minCompactionLagMs();
        if (lagMs > 0) {
            for (LogSegment segment : nonActiveFrom(log, firstDirty)) {
                if (segment.largestTimestamp() > nowMs - lagMs) {
                    return segment.baseOffset();
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** The segments from the one that holds an offset on, without the active one. */
    static List<LogSegment> nonActiveFrom(LocalPartitionLog log, long offset) {
        return log.segments(offset, log.activeSegment().baseOffset());
    }

    /**
     * How long ago the log should have been compacted by {@code max.compaction.lag.ms} (KIP-354), 0 if there is time;
     * counted from the first batch of its oldest dirty segment.
     */
    long overdueMs(LocalPartitionLog log, long nowMs) throws IOException {
        long lagMs = Math.max(0L, log.config().maxCompactionLagMs());
        if (lagMs == Long.MAX_VALUE) {
            return 0L;
        }
        long earliest = Long.MAX_VALUE;
        for (LogSegment segment : nonActiveFrom(log, firstDirty)) {
            long timestamp = segment.firstBatchTimestamp();
            if (timestamp > 0) {
                earliest = Math.min(earliest, timestamp);
            }
        }
        return Math.max(0L, nowMs - lagMs - earliest);
    }
}
