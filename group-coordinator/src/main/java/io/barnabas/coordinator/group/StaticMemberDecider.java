// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A static member that comes back without its member id takes its own place again (KIP-345), if it can without a
 * rebalance. Keeps no state of its own.
 */
final class StaticMemberDecider {
    private final GroupContext context;
    private final RebalanceDecider rebalance;

    StaticMemberDecider(GroupContext context, RebalanceDecider rebalance) {
        this.context = context;
        this.rebalance = rebalance;
    }

    void replace(
            Group group,
            String oldMemberId,
            String newMemberId,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Outbox outbox) {
        String formerLeader = group.leaderId();
        Member member = group.replaceStaticMember(oldMemberId, newMemberId, outbox);
        Former former = new Former(
                oldMemberId,
                newMemberId,
                formerLeader,
                member.protocols(),
                member.rebalanceTimeoutMs(),
                member.sessionTimeoutMs());
        group.update(
                member, request.protocols(), request.rebalanceTimeoutMs(), request.sessionTimeoutMs(), outbox, answer);
        rebalance.extendSession(member, nowMs);
        DecisionEvent.of("group-static-member-replaced")
                .with("group", group.groupId())
                .with("instance", request.groupInstanceId())
                .with("member", newMemberId)
                .with("formerly", oldMemberId)
                .because("the instance joined without a member id");
        String reason = "static member " + request.groupInstanceId() + " came back";
        switch (group.state()) {
            case STABLE -> {
                if (group.selectProtocol().equals(group.protocolName())) {
                    store(group, member, former, request.supportsSkippingAssignment(), outbox);
                } else {
                    rebalance.maybePrepare(group, reason + " with another protocol", nowMs, outbox);
                }
            }
            // The leader may be assigning to the old id just now.
            case COMPLETING_REBALANCE -> rebalance.prepare(group, reason, nowMs, outbox);
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

    private void store(Group group, Member member, Former former, boolean supportsSkipping, Outbox outbox) {
        int generationId = group.generationId();
        outbox.append(new RecordAppend(
                List.of(context.codec().group(group.groupId(), group.snapshot(Member::assignment))),
                StoreCallback.of((error, nowMs, more) -> {
                    boolean current = group.is(GroupState.STABLE)
                            && group.generationId() == generationId
                            && group.member(former.newMemberId()) == member;
                    if (current && error == Errors.NONE) {
                        answer(group, member, former, supportsSkipping, more);
                    } else if (current) {
                        takeBack(group, member, former, StoreErrors.ofGroup(error), nowMs, more);
                    }
                    // Otherwise a rebalance or another replacement has taken over and answers.
                })));
    }

    /**
     * Hands out the current generation. A member that knows {@code skipAssignment} (KIP-814) learns that it leads, but is
     * not to assign anew; any other is told the former leader's id, so that it does not take itself for the leader.
     */
    private static void answer(Group group, Member member, Former former, boolean supportsSkipping, Outbox outbox) {
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
                outbox);
    }

    private void takeBack(Group group, Member member, Former former, Errors error, long nowMs, Outbox outbox) {
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
                outbox);
        group.restore(member, former.protocols(), former.rebalanceTimeoutMs(), former.sessionTimeoutMs());
        group.replaceStaticMember(former.newMemberId(), former.oldMemberId(), outbox);
        rebalance.extendSession(member, nowMs);
    }
}
