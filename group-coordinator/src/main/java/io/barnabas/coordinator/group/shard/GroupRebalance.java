// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.TimerQueue;

/** What a group's rebalance remembers between its steps. Owned by the group's shard. */
final class GroupRebalance {
    private static final int NO_GENERATION = -1;

    private TimerQueue<GroupRecord>.Timer joinTimer;
    private TimerQueue<GroupRecord>.Timer syncTimer;
    private boolean initial;
    private int initialDelayMs;
    private int remainingDelayMs;
    private boolean newMemberAdded;
    private int storingGeneration = NO_GENERATION;

    /** Gives the group its timers: how long joins are waited for, and how long syncs. */
    void timers(TimerQueue<GroupRecord>.Timer join, TimerQueue<GroupRecord>.Timer sync) {
        joinTimer = join;
        syncTimer = sync;
    }

    TimerQueue<GroupRecord>.Timer joinTimer() {
        return joinTimer;
    }

    TimerQueue<GroupRecord>.Timer syncTimer() {
        return syncTimer;
    }

    /** Whether this is the first rebalance of an empty group, which waits for decision members to come. */
    boolean isInitial() {
        return initial;
    }

    /** Begins a rebalance that ends as soon as all members joined. */
    void begin() {
        initial = false;
    }

    /** Begins a rebalance that waits in any case, and again as long as members come and time is left. */
    void beginInitial(int delayMs, int remainingMs) {
        initial = true;
        initialDelayMs = delayMs;
        remainingDelayMs = remainingMs;
    }

    /**
     * The initial delay is over.
     *
     * @return how much longer to wait for the members that keep coming; 0 to go on
     */
    int extend(int configuredDelayMs) {
        if (!newMemberAdded || remainingDelayMs == 0) {
            return 0;
        }
        newMemberAdded = false;
        int delayMs = Math.min(configuredDelayMs, remainingDelayMs);
        remainingDelayMs = Math.max(remainingDelayMs - initialDelayMs, 0);
        initialDelayMs = delayMs;
        return delayMs;
    }

    void newMemberAdded() {
        newMemberAdded = true;
    }

    /** Whether the generation's assignment is being stored already. */
    boolean isStoring(int generationId) {
        return storingGeneration == generationId;
    }

    void storing(int generationId) {
        storingGeneration = generationId;
    }
}
