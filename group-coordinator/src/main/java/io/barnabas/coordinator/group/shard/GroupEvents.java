// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordination.event.Event;
import io.barnabas.coordinator.group.GroupState;
import java.util.Map;

/** What is told of groups and their members. */
final class GroupEvents {
    private GroupEvents() {}

    /** A member that was not in the group before joined it. */
    record GroupMemberAdded(String group, String member, String clientHost, String why) implements Event {}

    /** A member said that it leaves. */
    record GroupMemberLeft(String group, String member, String why) implements Event {}

    /** A member sent no heartbeat in time. */
    record GroupMemberFailed(String group, String member, int sessionTimeoutMs, String why) implements Event {}

    /** A member did not join again in time. */
    record GroupMemberRemoved(String group, String member, String why) implements Event {}

    /**
     * A static member came back under another member id.
     *
     * @param instance its {@code group.instance.id}
     */
    record GroupStaticMemberReplaced(String group, String instance, String member, String formerly, String why)
            implements Event {}

    /**
     * All members are to join again.
     *
     * @param generation the generation that ends
     * @param state the state it ends in
     */
    record GroupRebalance(String group, int generation, GroupState state, int members, String why) implements Event {}

    /** The members of a generation are known. */
    record GroupJoined(String group, int generation, int members, String protocol, String leader, String why)
            implements Event {}

    /**
     * The assignment of a generation is stored.
     *
     * @param ofThem how many of the members are {@code static}
     */
    record GroupStable(String group, int generation, int members, Map<String, Integer> ofThem, String why)
            implements Event {
        static GroupStable of(GroupMembership group, String why) {
            Map<String, Integer> ofThem = Map.of("static", group.staticSize());
            return new GroupStable(group.groupId(), group.generationId(), group.size(), ofThem, why);
        }
    }

    /** A generation has no members. */
    record GroupEmpty(String group, int generation, String why) implements Event {}

    /**
     * A group is gone.
     *
     * @param offsets how many offsets went with it
     */
    record GroupDeleted(String group, int offsets, String why) implements Event {}

    /**
     * Some of a group's offsets are gone.
     *
     * @param offsets how many
     */
    record GroupOffsetsDeleted(String group, int offsets, String why) implements Event {}
}
