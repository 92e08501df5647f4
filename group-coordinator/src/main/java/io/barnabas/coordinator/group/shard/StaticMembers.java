// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.FirstOutcome;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A static member that comes back without its member id takes its own place again (KIP-345), if it can without a
 * rebalance. Keeps no state of its own; changes the membership at once, and takes that back if it cannot be stored.
 */
final class StaticMembers {
    private final Rebalances rebalance;

    StaticMembers(Rebalances rebalance) {
        this.rebalance = rebalance;
    }

    void replace(
            GroupMembership group,
            String oldMemberId,
            String newMemberId,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        String formerLeader = group.leaderId();
        Member member = group.replaceStaticMember(oldMemberId, newMemberId, decision);
        Former former = new Former(
                oldMemberId,
                newMemberId,
                formerLeader,
                member.protocols(),
                member.rebalanceTimeoutMs(),
                member.sessionTimeoutMs());
        group.update(
                member,
                request.protocols(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                decision,
                answer);
        rebalance.extendSession(member, nowMs);
        decision.event(new GroupEvents.GroupStaticMemberReplaced(
                group.groupId(),
                request.groupInstanceId(),
                newMemberId,
                oldMemberId,
                "the instance joined without a member id"));
        String reason = "static member " + request.groupInstanceId() + " came back";
        switch (group.state()) {
            case STABLE -> {
                if (group.selectProtocol().equals(group.protocolName())) {
                    store(group, member, former, request.supportsSkippingAssignment(), decision);
                } else {
                    rebalance.maybePrepare(group, reason + " with another protocol", nowMs, decision);
                }
            }
            // The leader may be assigning to the old id just now.
            case COMPLETING_REBALANCE -> rebalance.prepare(group, reason, nowMs, decision);
            // It has joined; the rebalance goes on.
            case PREPARING_REBALANCE, EMPTY, DEAD -> {}
        }
    }

    /** What to go back to if the new id cannot be stored. */
    private record Former(
            String oldMemberId,
            String newMemberId,
            String leaderId,
            List<Protocol> protocols,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs) {}

    private void store(
            GroupMembership group,
            Member member,
            Former former,
            boolean supportsSkipping,
            Decision<GroupRecord> decision) {
        int generationId = group.generationId();
        decision.append(new RecordAppend<>(
                List.of(new GroupStored(group.groupId(), group.snapshot(Member::assignment))),
                new FirstOutcome<>((error, nowMs, after) -> {
                    boolean current = group.is(GroupState.STABLE)
                            && group.generationId() == generationId
                            && group.member(former.newMemberId()) == member;
                    if (current && error == Errors.NONE) {
                        answer(group, member, former, supportsSkipping, after);
                    } else if (current) {
                        takeBack(group, member, former, StoreErrors.ofGroup(error), nowMs, after);
                    }
                    // Otherwise a rebalance or another replacement has taken over and answers.
                })));
    }

    /**
     * Hands out the current generation. A member that knows {@code skipAssignment} (KIP-814) learns that it leads, but
     * is not to assign anew. Any other is told the former leader's id, so that it does not act as the leader.
     */
    private static void answer(
            GroupMembership group,
            Member member,
            Former former,
            boolean supportsSkipping,
            Decision<GroupRecord> decision) {
        boolean leads = group.isLeader(member.memberId());
        group.answerJoin(
                member,
                new JoinGroup.Result(
                        Errors.NONE,
                        member.memberId(),
                        group.generationId(),
                        group.protocolType(),
                        group.protocolName(),
                        supportsSkipping ? group.leaderId() : former.leaderId(),
                        supportsSkipping && leads,
                        supportsSkipping && leads ? group.joinedMembers() : List.of()),
                decision);
    }

    private void takeBack(
            GroupMembership group,
            Member member,
            Former former,
            Errors error,
            long nowMs,
            Decision<GroupRecord> decision) {
        group.answerJoin(
                member,
                new JoinGroup.Result(
                        error,
                        JoinGroup.UNKNOWN_MEMBER_ID,
                        group.generationId(),
                        group.protocolType(),
                        group.protocolName(),
                        former.leaderId(),
                        false,
                        List.of()),
                decision);
        group.restore(member, former.protocols(), former.rebalanceTimeoutMs(), former.sessionTimeoutMs());
        group.replaceStaticMember(former.newMemberId(), former.oldMemberId(), decision);
        rebalance.extendSession(member, nowMs);
    }
}
