// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What the loops of one coordinator share. The executors belong to whoever made them.
 *
 * @param log where records go
 * @param shards makes an empty shard for a partition
 * @param config the loops' settings
 * @param loops runs the loops' turns; a few threads do for all shards
 * @param loaders reads logs; may block on the disk, so it is not {@code loops}. Its size is how many shards load at once
 * @param timer wakes loops up; it does no work itself
 * @param mayAnswer whether requests may be answered: false while this broker cannot know whether it still has the role;
 *     they are then refused with NOT_COORDINATOR
 * @param monotonicMs a clock that never goes back, for deadlines
 * @param wallClock the time records are stamped with
 */
public record ShardEnvironment<S extends CoordinatorShard>(
        PartitionLog log,
        IntFunction<S> shards,
        RuntimeConfig config,
        Executor loops,
        Executor loaders,
        Timer timer,
        BooleanSupplier mayAnswer,
        LongSupplier monotonicMs,
        InstantSource wallClock) {

    /** Runs something small after a while. */
    @FunctionalInterface
    public interface Timer {
        void schedule(long delayMs, Runnable task);

        /** A timer on a scheduler that drops what is left when it is shut down. */
        static Timer of(ScheduledExecutorService scheduler) {
            return (delayMs, task) -> scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        }
    }
}
