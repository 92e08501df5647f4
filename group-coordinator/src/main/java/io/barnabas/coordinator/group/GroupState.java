// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

/** Where a group stands. */
public enum GroupState {
    /** Members are asked to join again; heartbeats answer REBALANCE_IN_PROGRESS. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** All joined; the leader's assignment is awaited or being stored. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Every member has, or may fetch, its assignment. */
    STABLE("Stable"),
    /** No members, and its metadata is being deleted; or it does not exist at all. */
    DEAD("Dead"),
    /** No members; it may hold committed offsets. */
    EMPTY("Empty");

    private final String shown;

    GroupState(String shown) {
        this.shown = shown;
    }

    /** The name in DescribeGroups and ListGroups. */
    @Override
    public String toString() {
        return shown;
    }
}
