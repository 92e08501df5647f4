// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which segments go, and where the log starts. Under the lock. */
final class LogRetention {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

    private final LogState state;
    private final SegmentRoller roller;
    private final SegmentRemoval removal;
    private final EpochFlusher epochFlusher;
    private final SegmentAges ages;

    LogRetention(LogState state, SegmentRoller roller, SegmentRemoval removal, EpochFlusher epochFlusher) {
        this.state = state;
        this.roller = roller;
        this.removal = removal;
        this.epochFlusher = epochFlusher;
        this.ages = new SegmentAges(state.partition, state.environment.futureMaxMs(), state.environment.events());
    }

    /** Decides about a segment; the next one is null for the active segment. */
    interface Rule {
        boolean removes(LogSegment segment, LogSegment next) throws IOException;
    }

    int deleteOldSegments() throws IOException {
        LogConfig config = state.config;
        int deleted = 0;
        if (config.delete()) {
            deleted += delete(retentionMs(config), "retention time " + config.retentionMs() + "ms breached");
            deleted += delete(retentionSize(config), "retention size " + config.retentionBytes() + " bytes breached");
        }
        long start = state.logStartOffset();
        return deleted
                + delete(
                        (segment, next) -> next != null && next.baseOffset() <= start,
                        "log start offset " + start + " breached");
    }

    private Rule retentionMs(LogConfig config) {
        if (config.retentionMs() < 0) {
            return (segment, next) -> false;
        }
        return ages.rule(state.nowMs(), config.retentionMs());
    }

    private Rule retentionSize(LogConfig config) {
        if (config.retentionBytes() < 0) {
            return (segment, next) -> false;
        }
        long[] excess = {state.segments.sizeInBytes() - config.retentionBytes()};
        return (segment, next) -> {
            if (excess[0] - segment.size() < 0) {
                return false;
            }
            excess[0] -= segment.size();
            return true;
        };
    }

    private int delete(Rule rule, String why) throws IOException {
        List<LogSegment> deletable = deletable(rule);
        if (deletable.isEmpty()) {
            return 0;
        }
        if (deletable.size() == state.segments.count()) {
            roller.roll(-1L);
        }
        removal.remove(deletable, why);
        increment(state.segments.first().baseOffset(), LogStartOffsetIncrementReason.SEGMENT_DELETION);
        return deletable.size();
    }

    private List<LogSegment> deletable(Rule rule) throws IOException {
        List<LogSegment> segments = state.segments.all();
        List<LogSegment> deletable = new ArrayList<>();
        long watermark = state.view().highWatermark().messageOffset();
        for (int i = 0; i < segments.size(); i++) {
            LogSegment segment = segments.get(i);
            LogSegment next = i + 1 < segments.size() ? segments.get(i + 1) : null;
            long upperBound = next == null ? state.logEndOffset() : next.baseOffset();
            boolean lastAndEmpty = next == null && segment.size() == 0;
            if (watermark < upperBound || lastAndEmpty || !rule.removes(segment, next)) {
                break;
            }
            deletable.add(segment);
        }
        return deletable;
    }

    boolean increment(long newStart, LogStartOffsetIncrementReason reason) throws IOException {
        long watermark = state.view().highWatermark().messageOffset();
        if (newStart > watermark) {
            throw new OffsetOutOfRangeException("Cannot increment the log start offset to " + newStart
                    + " of partition " + state.partition + " since it is larger than the high watermark " + watermark);
        }
        if (newStart <= state.logStartOffset()) {
            return false;
        }
        state.startAt(newStart);
        LOG.info("Incremented log start offset of {} to {} due to {}", state.partition, newStart, reason);
        if (state.epochs.truncateFromStart(newStart)) {
            epochFlusher.flushSoon();
        }
        state.producers.onLogStartOffsetIncremented(newStart);
        state.updateFirstUnstable();
        return true;
    }
}
