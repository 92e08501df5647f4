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
 * a follower that was just sent much is answered again only when {@link #INTERVAL_NANOS} have gone by, with all that came
 * meanwhile. One that was sent little, as every follower of a broker with little to do, is answered at once.
 * Thread-safe.
 */
final class FollowerPace {
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    /** An answer of this many bytes is much: at one such answer an interval, 8 MB/s to one follower. */
    static final int MUCH_BYTES = 32 * 1024;

    /** When followers were last sent much, in ns. Only replicas of a partition here are sent anything, so they are few. */
    private final Map<Integer, Long> sentMuchAt = new ConcurrentHashMap<>();

    private final LongSupplier clockNanos;

    /** @param clockNanos a monotonic clock in ns */
    FollowerPace(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    /** How long this fetch is to be held back, in ns; 0 for not at all. */
    long holdNanos(FetchCommand command) {
        Long before = command.isFromFollower() ? sentMuchAt.get(command.replicaId()) : null;
        return before == null ? 0L : Math.max(0L, INTERVAL_NANOS - (clockNanos.getAsLong() - before));
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
}
