// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import org.apache.kafka.common.protocol.Errors;

/** Whether a request comes from a member of the group. */
final class MemberCheck {
    private MemberCheck() {}

    /**
     * @param groupInstanceId of a static member, else null
     * @return NONE, FENCED_INSTANCE_ID if another member took the instance id over, else UNKNOWN_MEMBER_ID
     */
    static Errors check(GroupMembership group, String memberId, String groupInstanceId) {
        if (groupInstanceId != null) {
            String holder = group.staticMemberId(groupInstanceId);
            if (holder == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!holder.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return group.has(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    /** The same, and of the group's current generation. */
    static Errors check(GroupMembership group, String memberId, String groupInstanceId, int generationId) {
        Errors error = check(group, memberId, groupInstanceId);
        if (error != Errors.NONE) {
            return error;
        }
        return generationId == group.generationId() ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }
}
