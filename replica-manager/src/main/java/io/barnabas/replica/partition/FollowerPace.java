// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps followers' fetches few and large under load. A fetch costs what it costs whether it brings one batch or five; so
 * the next fetch of a follower that was just sent much is held back for a while, for what else comes. What comes next,
 * producers decide, who may have a few batches under way and send more when those are acknowledged, which takes followers'
 * fetches; so a fetch is held back only while more keeps coming ({@link Hold}). Followers that were sent little, as every
 * follower of a broker with little to do, are answered at once. Thread-safe.
 */
final class FollowerPace {
    /** No fetch is held back longer than this after its follower was sent much. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    /** When nothing came for this long, nothing more is expected. */
    static final long QUIET_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
    /** An answer of this many bytes is much: at one such answer an interval, 8 MB/s to one follower. */
    static final int MUCH_BYTES = 32 * 1024;
    /** With this many bytes a fetch is worth its cost, and waits no longer. */
    static final int PLENTY_BYTES = 128 * 1024;

    /** When followers were last sent much, in ns. Only replicas of a partition here are sent anything, so they are few. */
    private final Map<Integer, Long> sentMuchAt = new ConcurrentHashMap<>();

    private final LongSupplier clockNanos;

    /** @param clockNanos a monotonic clock in ns */
    FollowerPace(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** How long this fetch is to be held back. */
    Hold hold(FetchCommand command) {
        Long before = command.isFromFollower() ? sentMuchAt.get(command.replicaId()) : null;
        if (before == null || clockNanos.getAsLong() - before >= INTERVAL_NANOS) {
            return new Hold(0L, command.minBytes());
        }
        int plenty = Math.min(PLENTY_BYTES, command.maxBytes());
        for (FetchCommand.Partition asked : command.partitions()) {
            plenty = Math.min(plenty, asked.maxBytes());
        }
        return new Hold(before + INTERVAL_NANOS, Math.max(plenty, command.minBytes()));
    }

    /** How many followers were sent much the last time. */
    int remembered() {
        return sentMuchAt.size();
    }

    /** Notes what a fetch is answered with. */
    void answered(FetchCommand command, List<FetchResult> results) {
        if (!command.isFromFollower()) {
            return;
        }
        int bytes = 0;
        for (FetchResult result : results) {
            bytes += result.records().sizeInBytes();
        }
        if (bytes >= MUCH_BYTES) {
            sentMuchAt.put(command.replicaId(), clockNanos.getAsLong());
        } else {
            sentMuchAt.remove(command.replicaId());
        }
    }

    /** Decides how long one fetch that has enough is held back for more. Owned by that fetch, and guarded by it. */
    final class Hold {
        private final long untilNanos;
        private final int plentyBytes;
        private long seenBytes = -1;

        private Hold(long untilNanos, int plentyBytes) {
            this.untilNanos = untilNanos;
            this.plentyBytes = plentyBytes;
        }

        /** Whether there is so much that nothing more need be waited for; for a fetch not held back, enough is so much. */
        boolean isPlenty(long bytes) {
            return bytes >= plentyBytes;
        }

        /**
         * Looks at what there is now.
         *
         * @return after how many ns to look again; 0 if the fetch is to be answered
         */
        long look(long bytes) {
            long leftNanos = untilNanos - clockNanos.getAsLong();
            if (isPlenty(bytes) || bytes == seenBytes || leftNanos <= 0) {
                return 0;
            }
            seenBytes = bytes;
            return Math.min(QUIET_NANOS, leftNanos);
        }
    }
}
