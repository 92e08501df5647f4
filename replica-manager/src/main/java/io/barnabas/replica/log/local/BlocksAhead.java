// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.blocks.BlockAllocator;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps disk blocks reserved for what a log is about to be appended, so that an append does not look for them. A log that
 * grows gets a quarter of what its active segment has, up to a limit, and more when half of that is used; a segment of
 * little gets nothing, nor does any on a volume that has not plenty. Owned by the log and used under its lock; blocks are
 * reserved in the background, and appends do not wait for them.
 */
final class BlocksAhead {
    private static final Logger LOG = LoggerFactory.getLogger(BlocksAhead.class);
    private static final int NEVER = Integer.MAX_VALUE;

    private final LogState state;
    private LogSegment watched;
    /** The size of that segment from which on blocks are reserved again. */
    private int wantedAt = NEVER;

    BlocksAhead(LogState state) {
        this.state = state;
    }

    /**
     * How blocks are reserved.
     *
     * @param allocator the system's way to do so
     * @param maxBytes at most so much at once, and ahead of one log's end; 0 for nothing at all
     */
    record Policy(BlockAllocator allocator, int maxBytes) {
        /** A segment of less is small. */
        static final int FROM_BYTES = 4 * 1024 * 1024;

        /** What to reserve beyond a segment's end: nothing that would not fit into it. */
        int bytes(int size, int segmentBytes) {
            return Math.max(0, Math.min(Math.min(size / 4, maxBytes), segmentBytes - size));
        }
    }

    /** The active segment was appended to. */
    void grown(LogSegment active) {
        if (watched == null || !watched.equals(active)) {
            watched = active;
            wantedAt = policy().maxBytes() > 0 ? Policy.FROM_BYTES : NEVER;
        }
        if (active.size() >= wantedAt) {
            wantedAt = NEVER;
            reserveSoon(active);
        }
    }

    private Policy policy() {
        return state.environment.blocks();
    }

    private void reserveSoon(LogSegment active) {
        try {
            state.environment.background().execute(() -> {
                try {
                    reserve(active);
                } catch (IOException e) {
                    state.reportPostponed("Error while giving back disk blocks", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{} gets no blocks ahead: the broker stops", state.partition, e);
        }
    }

    private void reserve(LogSegment active) throws IOException {
        int size = active.size();
        int segmentBytes = state.config.segmentBytes();
        int bytes = policy().bytes(size, segmentBytes);
        if (bytes == 0 || state.isRetired()) {
            return;
        }
        boolean reserved = state.room.hasPlentyFor(bytes) && active.reserve(policy().allocator(), bytes);
        state.lock.lock();
        try {
            if (active.equals(watched)) {
                boolean toItsEnd = reserved && size + bytes == segmentBytes;
                wantedAt = toItsEnd ? NEVER : size + (reserved ? bytes / 2 : bytes);
            }
            giveBackUnlessActive(active);
        } finally {
            state.lock.unlock();
        }
    }

    /** A segment that is appended to no more needs none; a truncation may have made it the active one again. Under the lock. */
    void giveBackUnlessActive(LogSegment segment) throws IOException {
        if (!state.isRetired() && !state.segments.active().equals(segment)) {
            segment.giveBackBlocks();
        }
    }
}
