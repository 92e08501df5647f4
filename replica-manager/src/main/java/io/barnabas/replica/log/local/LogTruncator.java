// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a log's end off, or all of it. Under the lock. */
final class LogTruncator {
    private static final Logger LOG = LoggerFactory.getLogger(LogTruncator.class);

    private final LogState state;
    private final SegmentRemoval removal;
    private final EpochFlusher epochFlusher;

    LogTruncator(LogState state, SegmentRemoval removal, EpochFlusher epochFlusher) {
        this.state = state;
        this.removal = removal;
        this.epochFlusher = epochFlusher;
    }

    boolean truncateTo(long target) throws IOException {
        if (target < 0) {
            throw new IllegalArgumentException(
                    "Cannot truncate partition " + state.partition + " to a negative offset (" + target + ").");
        }
        if (target >= state.logEndOffset()) {
            // an epoch may have been noted at the end that the new leader does not share
            truncateEpochs(target);
            return false;
        }
        LOG.info("Truncating {} from {} to offset {}", state.partition, state.logEndOffset(), target);
        if (state.segments.first().baseOffset() > target) {
            truncateFully(target, Optional.empty());
            return true;
        }
        List<LogSegment> above = new ArrayList<>();
        for (LogSegment segment : state.segments.all()) {
            if (segment.baseOffset() > target) {
                above.add(segment);
            }
        }
        removal.remove(above, "truncation to " + target);
        state.segments.active().truncateTo(target);
        state.updateEnd(target);
        truncateEpochs(target);
        state.startAt(Math.min(target, state.logStartOffset()));
        new ProducerRebuild(state.producers, state.segments, state.logStartOffset(), state.nowMs()).to(target, false);
        state.updateHighWatermark(state.view().highWatermark());
        return true;
    }

    private void truncateEpochs(long target) {
        if (state.epochs.truncateFromEnd(target)) {
            epochFlusher.flushSoon();
        }
    }

    void truncateFully(long newOffset, Optional<Long> newStart) throws IOException {
        LOG.info("Truncating {} fully, starting at offset {}", state.partition, newOffset);
        List<LogSegment> all = state.segments.all();
        removal.remove(all, "full truncation");
        state.segments.add(state.createSegment(newOffset, ""));
        state.updateEnd(newOffset);
        state.epochs.clear();
        epochFlusher.flushSoon();
        state.producers.truncateFullyAndStartAt(newOffset);
        state.startAt(newStart.orElse(newOffset));
        state.updateHighWatermark(state.view().end());
    }
}
