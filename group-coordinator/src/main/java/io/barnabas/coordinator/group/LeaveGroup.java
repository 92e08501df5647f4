// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Leaving a group, or being removed from it by an administrator. */
public final class LeaveGroup {
    private LeaveGroup() {}

    public record Request(String groupId, List<LeavingMember> members) {
        public Request {
            members = List.copyOf(members);
        }
    }

    /**
     * @param memberId empty to remove a static member by its instance id
     * @param groupInstanceId of a static member, else null
     * @param reason why it leaves (KIP-800), or null
     */
    public record LeavingMember(String memberId, String groupInstanceId, String reason) {}

    /**
     * @param error of the whole request; the members are empty if it is not NONE
     * @param members one for each that was to leave, in their order
     */
    public record Result(Errors error, List<LeftMember> members) {
        public Result {
            members = List.copyOf(members);
        }
    }

    public record LeftMember(String memberId, String groupInstanceId, Errors error) {}
}
