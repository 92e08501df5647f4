// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Leaving a group, or being removed from it by an administrator. */
public final class LeaveGroup {
    private LeaveGroup() {}

    /** Who is to leave which group. */
    public record Request(String groupId, List<LeavingMember> members) {
        /** Copies the members. */
        public Request {
            members = List.copyOf(members);
        }
    }

    /**
     * A member that is to leave.
     *
     * @param memberId empty to remove a static member by its instance id
     * @param groupInstanceId of a static member, else null
     * @param reason why it leaves (KIP-800), or null
     */
    public record LeavingMember(String memberId, String groupInstanceId, String reason) {}

    /**
     * The answer.
     *
     * @param error of the whole request; the members are empty if it is not NONE
     * @param members one for each that was to leave, in their order
     */
    public record Result(Errors error, List<LeftMember> members) {
        /** Copies the members. */
        public Result {
            members = List.copyOf(members);
        }
    }

    /**
     * What became of one member.
     *
     * @param error NONE, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID
     */
    public record LeftMember(String memberId, String groupInstanceId, Errors error) {}
}
