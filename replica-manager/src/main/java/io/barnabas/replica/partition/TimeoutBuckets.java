// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time-outs of waiting requests. Deadlines are rounded up to a bucket, a bucket that empties is forgotten, and only the
 * earliest has a scheduled task: requests answered in time, which are nearly all, wake nobody. A deadline is met up to
 * {@link #FINE_MS} late, or {@link #COARSE_MS} for waits of seconds. Synchronised twice, each time for a
 * few instructions: on a bucket, which closes once, and on this for the one alarm.
 */
final class TimeoutBuckets {
    static final long FINE_MS = 10;
    static final long COARSE_MS = 100;
    private static final long COARSE_FROM_MS = 5_000;
    private static final long UNARMED = Long.MAX_VALUE;

    private final ConcurrentNavigableMap<Long, Bucket> buckets = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final LongSupplier clockMs;
    /** Volatile: each waiting request compares its time with it, without the monitor. */
    private volatile long armedFor = UNARMED;

    private ScheduledFuture<?> alarm;

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
        /** Volatile: set by who adds the entry, read by who answers the request. */
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
        while (!bucket(due).add(entry)) {
            due += grain; // that one is just ending
        }
        if (due < armedFor) {
            arm();
        }
    }

    /** How many buckets somebody waits in. */
    int size() {
        return buckets.size();
    }

    private Bucket bucket(long due) {
        Bucket known = buckets.get(due);
        return known != null ? known : buckets.computeIfAbsent(due, Bucket::new);
    }

    /** Sees to it that the earliest bucket has its task. */
    private synchronized void arm() {
        Map.Entry<Long, Bucket> earliest = buckets.firstEntry();
        if (earliest == null || earliest.getKey() >= armedFor) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        long due = earliest.getKey();
        armedFor = due;
        alarm = scheduler.schedule(() -> fire(due), Math.max(0L, due - clockMs.getAsLong()), TimeUnit.MILLISECONDS);
    }

    private synchronized void disarm(long due) {
        if (armedFor == due) {
            alarm = null;
            armedFor = UNARMED;
        }
    }

    private void fire(long due) {
        disarm(due);
        List<Entry> expired = new ArrayList<>();
        for (Bucket bucket : buckets.headMap(due, true).values()) {
            expired.addAll(bucket.close());
        }
        arm();
        if (!expired.isEmpty()) {
            executor.execute(() -> expired.forEach(Entry::timedOut));
        }
    }

    private final class Bucket {
        private final long due;
        private Set<Entry> entries = new HashSet<>(4);

        Bucket(long due) {
            this.due = due;
        }

        synchronized boolean add(Entry entry) {
            if (entries == null) {
                return false;
            }
            entry.bucket = this;
            entries.add(entry);
            return true;
        }

        synchronized void remove(Entry entry) {
            if (entries != null && entries.remove(entry) && entries.isEmpty()) {
                close();
            }
        }

        /** Takes no more entries; returns those it had. */
        synchronized List<Entry> close() {
            List<Entry> rest = entries == null ? List.of() : new ArrayList<>(entries);
            entries = null;
            buckets.remove(due, this);
            return rest;
        }
    }
}
