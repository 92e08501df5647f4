// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the deciders of one shard share.
 *
 * @param timers the shard's deadlines, on the loop's monotonic clock
 * @param wallClock for what is written down: when a group came into its state, when offsets expire
 * @param ids where new members get their ids from
 * @param codec how records are written
 */
record GroupContext(
        GroupConfig config, TimerQueue timers, InstantSource wallClock, Supplier<UUID> ids, GroupRecordCodec codec) {
    long wallMs() {
        return wallClock.millis();
    }
}
