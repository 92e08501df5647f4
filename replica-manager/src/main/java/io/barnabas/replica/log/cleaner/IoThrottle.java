// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

/**
 * {@code log.cleaner.io.max.bytes.per.second}: says how long to wait so that all threads together keep to the rate,
 * measured over 300 ms at a time. Synchronised: all cleaner threads count together. Waits for
 * nothing itself.
 */
final class IoThrottle {
    private static final long CHECK_NANOS = 300_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    private double bytesPerSecond;
    private long periodStartNanos;
    private double observed;

    IoThrottle(double bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.periodStartNanos = nowNanos;
    }

    synchronized void rate(double newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** Notes bytes read or written; returns the nanoseconds to wait before the next, 0 for none. */
    synchronized long observe(int bytes, long nowNanos) {
        observed += bytes;
        long elapsed = nowNanos - periodStartNanos;
        if (elapsed < CHECK_NANOS) {
            return Math.max(0L, -elapsed);
        }
        double dueNanos = observed / bytesPerSecond * NANOS_PER_SECOND;
        long wait = Math.max(0L, (long) dueNanos - elapsed);
        observed = 0;
        periodStartNanos = nowNanos + wait;
        return wait;
    }
}
