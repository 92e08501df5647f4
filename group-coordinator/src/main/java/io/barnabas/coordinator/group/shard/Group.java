// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.record.GroupSnapshot;

/**
 * One group. Its offsets and its stored generation are what the log says, and change when records are replayed; its
 * membership is soft. Owned by the shard its partition belongs to.
 */
final class Group {
    private final String groupId;
    private final GroupOffsets offsets = new GroupOffsets();
    private final GroupMembership membership;
    private GroupSnapshot stored;

    Group(String groupId, long wallMs) {
        this.groupId = groupId;
        this.membership = new GroupMembership(groupId, wallMs);
    }

    String groupId() {
        return groupId;
    }

    GroupOffsets offsets() {
        return offsets;
    }

    /** The members there are now, which may be ahead of what is stored. */
    GroupMembership membership() {
        return membership;
    }

    boolean is(GroupState asked) {
        return membership.is(asked);
    }

    /** The generation in the log; null if there is none. */
    GroupSnapshot stored() {
        return stored;
    }

    /** Whether the log has a generation of the group; the first one is 1. */
    boolean hasGeneration() {
        return stored != null && stored.generationId() > 0;
    }

    /**
     * A group's record counts.
     *
     * @param snapshot null if it is a tombstone
     */
    void replay(GroupSnapshot snapshot) {
        stored = snapshot;
    }
}
