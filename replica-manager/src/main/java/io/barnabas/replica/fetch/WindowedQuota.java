// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * A replication throttle over a sliding window: exceeded while the throttled bytes of the last
 * {@code replication.quota.window.num} windows of {@code replication.quota.window.size.seconds} each are more than the
 * rate allows. The rate may change at any time. Thread-safe: counts are taken under this object's monitor, briefly.
 */
public final class WindowedQuota implements ReplicationQuota {
    private final Predicate<TopicPartition> throttled;
    private final InstantSource clock;
    private final long windowMs;
    private final long[] bytes;
    private final long[] startedMs;
    /** Volatile: asked with every fetch, without the monitor. */
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    /**
     * @param throttled whether a partition's replica here is throttled, asked on each fetch: cheap
     * @param windows how many windows are looked at
     * @param windowSeconds how long each is
     */
    public WindowedQuota(Predicate<TopicPartition> throttled, InstantSource clock, int windows, int windowSeconds) {
        this.throttled = throttled;
        this.clock = clock;
        this.windowMs = TimeUnit.SECONDS.toMillis(windowSeconds);
        this.bytes = new long[windows];
        this.startedMs = new long[windows];
    }

    /** @param newBytesPerSecond {@link Long#MAX_VALUE} for no throttle */
    public void rate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    @Override
    public boolean isThrottled(TopicPartition partition) {
        return bytesPerSecond != Long.MAX_VALUE && throttled.test(partition);
    }

    @Override
    public synchronized boolean isExceeded() {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return false;
        }
        long now = clock.millis();
        long oldest = now - windowMs * bytes.length;
        long first = now;
        double sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (startedMs[i] > oldest) {
                sum += bytes[i];
                first = Math.min(first, startedMs[i]);
            }
        }
        // as Kafka's rate does, a quota just begun is spread over all windows but the one that is filling
        double seconds = Math.max(now - first, windowMs * (bytes.length - 1)) / 1000.0;
        return sum / seconds > bytesPerSecond;
    }

    @Override
    public synchronized void record(long count) {
        long start = clock.millis() / windowMs * windowMs;
        int slot = (int) (start / windowMs % bytes.length);
        if (startedMs[slot] != start) {
            startedMs[slot] = start;
            bytes[slot] = 0;
        }
        bytes[slot] += count;
    }
}
