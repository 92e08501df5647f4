// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The fetches of followers that wait here, by follower. A follower that is to copy one more partition can ask for it only
 * with its next fetch; so a new leadership ends the waiting of its followers at once, instead of leaving them in a poll
 * that knows nothing of the partition for up to {@code replica.fetch.wait.max.ms}. And the controller's order to copy it
 * may still be on its way there; so for a moment its polls are brief. Thread-safe.
 */
final class FollowerPolls {
    static final int BRIEF_WAIT_MS = 20;
    static final long BRIEF_FOR_MS = 300;

    private final LongSupplier clockMs;
    private final Map<Integer, Long> briefUntilMs = new ConcurrentHashMap<>();
    private final Map<Integer, Set<WaitingFetch>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ended = new AtomicLong();

    FollowerPolls(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /** How long a follower's fetch may wait that asked for so long. */
    int waitMs(int follower, int askedMs) {
        Long untilMs = briefUntilMs.get(follower);
        if (untilMs == null) {
            return askedMs;
        }
        if (clockMs.getAsLong() >= untilMs) {
            briefUntilMs.remove(follower, untilMs);
            return askedMs;
        }
        return Math.min(askedMs, BRIEF_WAIT_MS);
    }

    /** How often polls were ended so far: one that read before and waits after was not among them. */
    long timesEnded() {
        return ended.get();
    }

    void add(int follower, WaitingFetch fetch) {
        waiting.computeIfAbsent(follower, id -> ConcurrentHashMap.newKeySet()).add(fetch);
    }

    void remove(int follower, WaitingFetch fetch) {
        Set<WaitingFetch> polls = waiting.get(follower);
        if (polls != null) {
            polls.remove(fetch);
        }
    }

    /** Answers what these followers wait for, with what there is; they have something new to ask for. */
    void end(Collection<Integer> followers) {
        long untilMs = clockMs.getAsLong() + BRIEF_FOR_MS;
        followers.forEach(follower -> briefUntilMs.put(follower, untilMs));
        ended.incrementAndGet();
        for (int follower : followers) {
            waiting.getOrDefault(follower, Set.of()).forEach(WaitingFetch::answer);
        }
    }
}
