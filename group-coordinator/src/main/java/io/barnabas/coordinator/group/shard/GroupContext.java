// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the steps of the membership protocol share.
 *
 * @param timers the shard's deadlines, on the loop's monotonic clock
 * @param wallClock for what is written down: when a group came into its state, when offsets expire
 * @param ids where new members get their ids from
 */
record GroupContext(GroupConfig config, TimerQueue<GroupRecord> timers, InstantSource wallClock, Supplier<UUID> ids) {
    long wallMs() {
        return wallClock.millis();
    }
}
