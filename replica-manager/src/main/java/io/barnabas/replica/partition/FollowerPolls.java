// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The fetches of followers that wait here, by follower. A follower that is to copy one more partition can ask for it only
 * with its next fetch; so a new leadership ends the waiting of its followers at once, instead of leaving them in a poll
 * that knows nothing of the partition for up to {@code replica.fetch.wait.max.ms}. Thread-safe.
 */
final class FollowerPolls {
    private final Map<Integer, Set<WaitingFetch>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ended = new AtomicLong();

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

    /** Answers what these followers wait for, with what there is. */
    void end(Collection<Integer> followers) {
        ended.incrementAndGet();
        for (int follower : followers) {
            waiting.getOrDefault(follower, Set.of()).forEach(WaitingFetch::answer);
        }
    }
}
