// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.LeaveGroup.LeavingMember;
import io.barnabas.coordinator.group.LeaveGroup.LeftMember;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.Decision;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Answers Heartbeat and LeaveGroup. Keeps no state of its own. */
final class MemberRequests {
    private final Rebalances rebalance;

    MemberRequests(Rebalances rebalance) {
        this.rebalance = rebalance;
    }

    Errors heartbeat(GroupMembership group, Heartbeat heartbeat, long nowMs) {
        if (group.is(GroupState.DEAD)) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        Errors error =
                MemberCheck.check(group, heartbeat.memberId(), heartbeat.groupInstanceId(), heartbeat.generationId());
        if (error != Errors.NONE) {
            return error;
        }
        rebalance.extendSession(group.member(heartbeat.memberId()), nowMs);
        return group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    LeaveGroup.Result leave(
            GroupMembership group, LeaveGroup.Request request, long nowMs, Decision<GroupRecord> decision) {
        if (group.is(GroupState.DEAD)) {
            return new LeaveGroup.Result(Errors.COORDINATOR_NOT_AVAILABLE, List.of());
        }
        List<LeftMember> left = new ArrayList<>(request.members().size());
        for (LeavingMember leaving : request.members()) {
            Errors error = leave(group, leaving, nowMs, decision);
            left.add(new LeftMember(leaving.memberId(), leaving.groupInstanceId(), error));
        }
        return new LeaveGroup.Result(Errors.NONE, left);
    }

    private Errors leave(GroupMembership group, LeavingMember leaving, long nowMs, Decision<GroupRecord> decision) {
        String instanceId = leaving.groupInstanceId();
        if (leaving.memberId().equals(JoinGroup.UNKNOWN_MEMBER_ID)) {
            // An administrator removes a static member by its instance id.
            String memberId = instanceId == null ? null : group.staticMemberId(instanceId);
            if (memberId == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            remove(group, memberId, leaving, nowMs, decision);
            return Errors.NONE;
        }
        if (group.isPending(leaving.memberId())) {
            rebalance.removePending(group, leaving.memberId(), nowMs, decision);
            return Errors.NONE;
        }
        Errors error = MemberCheck.check(group, leaving.memberId(), instanceId);
        if (error == Errors.NONE) {
            remove(group, leaving.memberId(), leaving, nowMs, decision);
        }
        return error;
    }

    private void remove(
            GroupMembership group, String memberId, LeavingMember leaving, long nowMs, Decision<GroupRecord> decision) {
        String clientReason = leaving.reason() == null ? "not provided" : leaving.reason();
        decision.event(
                new GroupEvents.GroupMemberLeft(group.groupId(), memberId, "it left; client reason: " + clientReason));
        String reason = "member " + memberId + " left; client reason: " + clientReason;
        rebalance.removeMember(group, group.member(memberId), reason, nowMs, decision);
    }
}
