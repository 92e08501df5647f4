// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.file.LogLock;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What a log's segments have in common: its lock, its configuration of the moment, the clock, and chance for the roll jitter. */
public final class SegmentContext {
    private final LogLock lock;
    private final Supplier<LogConfig> config;
    private final InstantSource clock;
    private final RandomGenerator random;

    public SegmentContext(LogLock lock, Supplier<LogConfig> config, InstantSource clock, RandomGenerator random) {
        this.lock = lock;
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    LogLock lock() {
        return lock;
    }

    /** The settings of the log. */
    public LogConfig config() {
        return config.get();
    }

    /** The time of day. */
    public InstantSource clock() {
        return clock;
    }

    /** What a new segment takes off {@code segment.ms}. */
    long nextRollJitterMs() {
        LogConfig current = config.get();
        long most = Math.min(current.segmentJitterMs(), current.segmentMs());
        return most <= 0 ? 0L : random.nextLong(most);
    }
}
