// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What the deciders of one shard share.
 *
 * @param timers the shard's deadlines, on the loop's monotonic clock
 * @param wallClock for what is written down: when transactions began, when ids were last used
 * @param producerIds a producer id nobody had before; empty if there is none for the moment
 */
record TransactionContext(
        TransactionConfig config, TimerQueue timers, InstantSource wallClock, Supplier<OptionalLong> producerIds) {
    long wallMs() {
        return wallClock.millis();
    }
}
