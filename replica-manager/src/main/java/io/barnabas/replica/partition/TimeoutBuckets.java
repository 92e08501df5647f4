// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time-outs of waiting requests. Deadlines are rounded up to a bucket and only a bucket costs a scheduled task, so that
 * adding and removing are O(1) and nothing ticks while nobody waits. A deadline is met up to {@link #FINE_MS} late, or
 * {@link #COARSE_MS} for waits of seconds. Thread-safe.
 */
final class TimeoutBuckets {
    static final long FINE_MS = 10;
    static final long COARSE_MS = 100;
    private static final long COARSE_FROM_MS = 5_000;

    private final ConcurrentHashMap<Long, Bucket> buckets = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final LongSupplier clockMs;

    /**
     * @param scheduler tells when a bucket is due
     * @param executor runs what timed out
     * @param clockMs a clock in ms, monotonic enough
     */
    TimeoutBuckets(ScheduledExecutorService scheduler, Executor executor, LongSupplier clockMs) {
        this.scheduler = scheduler;
        this.executor = executor;
        this.clockMs = clockMs;
    }

    /** What may time out. */
    abstract static class Entry {
        private volatile Bucket bucket;

        /** Called once, unless {@link #cancelTimeout} came first; may race with it. */
        abstract void timedOut();

        /** Forgets the time-out. */
        final void cancelTimeout() {
            Bucket current = bucket;
            if (current != null) {
                current.remove(this);
            }
        }
    }

    void add(Entry entry, long delayMs) {
        long grain = delayMs >= COARSE_FROM_MS ? COARSE_MS : FINE_MS;
        long due = (clockMs.getAsLong() + delayMs + grain - 1) / grain * grain;
        while (true) {
            Bucket bucket = buckets.computeIfAbsent(due, this::schedule);
            if (bucket.add(entry)) {
                return;
            }
            due += grain;
        }
    }

    private Bucket schedule(long due) {
        Bucket bucket = new Bucket();
        long delay = Math.max(0, due - clockMs.getAsLong());
        scheduler.schedule(() -> fire(due, bucket), delay, TimeUnit.MILLISECONDS);
        return bucket;
    }

    private void fire(long due, Bucket bucket) {
        buckets.remove(due, bucket);
        List<Entry> expired = bucket.close();
        if (!expired.isEmpty()) {
            executor.execute(() -> expired.forEach(Entry::timedOut));
        }
    }

    private static final class Bucket {
        private Set<Entry> entries = new HashSet<>();

        synchronized boolean add(Entry entry) {
            if (entries == null) {
                return false;
            }
            entry.bucket = this;
            entries.add(entry);
            return true;
        }

        synchronized void remove(Entry entry) {
            if (entries != null) {
                entries.remove(entry);
            }
        }

        synchronized List<Entry> close() {
            List<Entry> rest = new ArrayList<>(entries);
            entries = null;
            return rest;
        }
    }
}
