// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the active segment and begins the next; forces data to disk. */
final class SegmentRoller {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRoller.class);

    private final LogState state;

    SegmentRoller(LogState state) {
        this.state = state;
    }

    /**
     * The segment to append to, a new one if the active one is full, old, or too far behind. Under the lock.
     *
     * @param bytes of the append
     * @param maxTimestamp of the append
     * @param firstOffset of the append
     * @param lastOffset of the append
     */
    LogSegment maybeRoll(int bytes, long maxTimestamp, long firstOffset, long lastOffset) throws IOException {
        LogSegment active = state.segments.active();
        if (active.shouldRoll(bytes, maxTimestamp, lastOffset, state.nowMs())) {
            return roll(firstOffset);
        }
        return active;
    }

    /** Begins a segment at an offset, or at the log's end if that is larger. Under the lock. */
    LogSegment roll(long expectedNextOffset) throws IOException {
        long newOffset = Math.max(expectedNextOffset, state.logEndOffset());
        LogSegment active = state.segments.active();
        if (active.baseOffset() == newOffset && active.size() > 0) {
            throw new IllegalStateException("Trying to roll a new log segment for topic partition " + state.partition
                    + " with start offset " + newOffset + " while it already exists.");
        }
        if (newOffset < active.baseOffset()) {
            throw new IllegalStateException("Trying to roll a new log segment for topic partition " + state.partition
                    + " with start offset " + newOffset + " below that of the active segment " + active);
        }
        if (active.baseOffset() == newOffset) {
            LOG.warn("Replacing the empty active segment at {} of {}", newOffset, state.partition);
            state.segments.remove(active);
            active.deleteIfExists();
        } else {
            active.seal();
        }
        LogSegment next = state.createSegment(newOffset, "");
        state.producers.updateMapEndOffset(newOffset);
        takeSnapshot(next);
        state.segments.add(next);
        state.updateEnd(newOffset);
        flushSoon(active, newOffset);
        LOG.debug("Rolled new segment of {} at offset {}", state.partition, newOffset);
        return next;
    }

    private void takeSnapshot(LogSegment next) throws IOException {
        try {
            state.producers.takeSnapshot();
        } catch (IOException e) {
            next.deleteIfExists();
            throw e;
        }
    }

    private void flushSoon(LogSegment sealed, long upTo) {
        try {
            state.environment.background().execute(() -> {
                try {
                    if (!state.isRetired()) {
                        state.lock.lock();
                        try {
                            state.blocks.giveBackUnlessActive(sealed);
                        } finally {
                            state.lock.unlock();
                        }
                        flush(upTo);
                    }
                } catch (IOException e) {
                    state.reportPostponed("Error while flushing after a roll", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not flushed after a roll: the broker stops", state.partition, e);
        }
    }

    /** Forces everything below an offset to disk, then moves the recovery point. Not under the lock. */
    void flush(long upTo) throws IOException {
        long from = state.view().recoveryPoint();
        if (upTo <= from) {
            return;
        }
        state.epochs.flush(true);
        List<LogSegment> segments = state.segments.between(from, upTo);
        for (LogSegment segment : segments) {
            segment.flush();
        }
        Path snapshot = state.lock.get(() -> state.producers.snapshotFile(upTo));
        if (snapshot != null) {
            DurableFiles.forceIfExists(snapshot);
        }
        if (segments.stream().anyMatch(segment -> segment.baseOffset() >= from)) {
            DurableFiles.syncDirectory(state.directory());
        }
        state.lock.lock();
        try {
            if (upTo > state.view().recoveryPoint() && upTo <= state.logEndOffset()) {
                state.publish(state.view().withRecoveryPoint(upTo, state.nowMs()));
            }
        } finally {
            state.lock.unlock();
        }
    }
}
