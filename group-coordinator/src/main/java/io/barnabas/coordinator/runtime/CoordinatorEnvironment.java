// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordination.event.EventSink;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What a coordinator runs on. The executors belong to whoever made them.
 *
 * @param log the replicated log of the coordinator's topic
 * @param partitionCount how many partitions the topic has, or is to have
 * @param loops runs the loops' turns; a few threads do for all shards, and it must not be used for what blocks
 * @param loaders reads logs; may block on the disk, so it is not {@code loops}. Its size is how many shards load at
 *     once
 * @param scheduler wakes loops up; it does no work itself
 * @param mayAnswer whether requests may be answered: false while this broker cannot know whether it still has the role;
 *     they are then refused with NOT_COORDINATOR
 * @param monotonicMs a clock that never goes back, for deadlines
 * @param wallClock the time records are stamped with
 * @param events where decisions are told
 */
public record CoordinatorEnvironment(
        CoordinatorLog log,
        IntSupplier partitionCount,
        Executor loops,
        Executor loaders,
        Scheduler scheduler,
        BooleanSupplier mayAnswer,
        LongSupplier monotonicMs,
        InstantSource wallClock,
        EventSink events) {
    /** Runs something small after a while. */
    @FunctionalInterface
    public interface Scheduler {
        /** Runs the task once, {@code delayMs} from now. */
        void schedule(long delayMs, Runnable task);

        /** A scheduler over a service that drops what is left when it is shut down. */
        static Scheduler of(ScheduledExecutorService service) {
            return (delayMs, task) -> service.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        }
    }
}
