// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import java.util.Arrays;

/**
 * Notes when something was heard from each partition, and the longest silences: of all together, and of the worst
 * partition. Thread-safe.
 */
final class GapMeter {
    private final long[] lastNanos;
    private final long[] longestNanos;
    private final long[] newest;
    private long lastOfAnyNanos;
    private long longestOfAnyNanos;

    GapMeter(int partitions) {
        lastNanos = new long[partitions];
        longestNanos = new long[partitions];
        newest = new long[partitions];
        Arrays.fill(newest, -1);
        reset();
    }

    /** Forgets the silences so far. */
    synchronized void reset() {
        long now = System.nanoTime();
        Arrays.fill(lastNanos, now);
        Arrays.fill(longestNanos, 0);
        lastOfAnyNanos = now;
        longestOfAnyNanos = 0;
    }

    /** Something was heard; sequences of a partition may come again, and out of order. */
    synchronized void heard(int partition, long sequence) {
        long now = System.nanoTime();
        longestNanos[partition] = Math.max(longestNanos[partition], now - lastNanos[partition]);
        lastNanos[partition] = now;
        longestOfAnyNanos = Math.max(longestOfAnyNanos, now - lastOfAnyNanos);
        lastOfAnyNanos = now;
        newest[partition] = Math.max(newest[partition], sequence);
    }

    /** Whether every partition has been heard with this sequence or a later one. */
    synchronized boolean reached(long sequence) {
        return Arrays.stream(newest).allMatch(each -> each >= sequence);
    }

    /** The longest time in which nothing was heard, in milliseconds. */
    synchronized double longestMs() {
        return longestOfAnyNanos / 1e6;
    }

    /** The longest time in which nothing was heard of some partition, in milliseconds. */
    synchronized double longestOfPartitionMs() {
        return Arrays.stream(longestNanos).max().orElse(0) / 1e6;
    }
}
