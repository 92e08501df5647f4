// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.Decision;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Answers JoinGroup: who may come in, and whether that begins a rebalance. Keeps no state of its own. */
final class JoinRequests {
    /** How long a newcomer may wait for its first generation; it cannot send heartbeats meanwhile. */
    static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

    private final GroupContext context;
    private final Rebalances rebalance;
    private final StaticMembers staticMembers;

    JoinRequests(GroupContext context, Rebalances rebalance, StaticMembers staticMembers) {
        this.context = context;
        this.rebalance = rebalance;
        this.staticMembers = staticMembers;
    }

    /** Whether the session timeout is one this broker accepts. */
    boolean acceptsSessionTimeout(int sessionTimeoutMs) {
        return sessionTimeoutMs >= context.config().minSessionTimeoutMs()
                && sessionTimeoutMs <= context.config().maxSessionTimeoutMs();
    }

    void join(
            GroupMembership group,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        boolean unknownMember = request.memberId().equals(JoinGroup.UNKNOWN_MEMBER_ID);
        if (!hasRoom(group, request.memberId())) {
            group.remove(request.memberId());
            fail(answer, JoinGroup.UNKNOWN_MEMBER_ID, Errors.GROUP_MAX_SIZE_REACHED, decision);
        } else if (group.is(GroupState.DEAD)) {
            fail(answer, request.memberId(), Errors.COORDINATOR_NOT_AVAILABLE, decision);
        } else if (!group.supports(request.protocolType(), request.protocols())) {
            fail(answer, request.memberId(), Errors.INCONSISTENT_GROUP_PROTOCOL, decision);
        } else if (unknownMember) {
            joinAsNew(group, request, answer, nowMs, decision);
        } else if (group.isPending(request.memberId())) {
            joinAsPending(group, request, answer, nowMs, decision);
        } else {
            joinAgain(group, request, answer, nowMs, decision);
        }
        rebalance.tryCompleteJoin(group, nowMs, decision);
    }

    /** Whether {@code group.max.size} lets the member in. While a rebalance is prepared, who joins first counts. */
    private boolean hasRoom(GroupMembership group, String memberId) {
        int maxSize = context.config().maxSize();
        Member member = group.member(memberId);
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING_REBALANCE -> (member != null && member.isAwaitingJoin()) || group.awaitingJoin() < maxSize;
            case COMPLETING_REBALANCE, STABLE -> member != null || group.size() < maxSize;
        };
    }

    private void joinAsNew(
            GroupMembership group,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        String instanceId = request.groupInstanceId();
        String prefix = instanceId == null ? request.clientId() : instanceId;
        String newMemberId = prefix + "-" + context.ids().get();
        if (instanceId != null) {
            String oldMemberId = group.staticMemberId(instanceId);
            if (oldMemberId != null) {
                staticMembers.replace(group, oldMemberId, newMemberId, request, answer, nowMs, decision);
                return;
            }
        } else if (request.requireKnownMemberId()) {
            rebalance.addPending(group, newMemberId, request.sessionTimeoutMs(), nowMs);
            fail(answer, newMemberId, Errors.MEMBER_ID_REQUIRED, decision);
            return;
        }
        add(group, newMemberId, request, answer, nowMs, decision);
    }

    private void joinAsPending(
            GroupMembership group,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        if (request.groupInstanceId() != null) {
            // An id from MEMBER_ID_REQUIRED is a dynamic member's; a static one never gets there.
            fail(answer, request.memberId(), Errors.UNKNOWN_SERVER_ERROR, decision);
            return;
        }
        add(group, request.memberId(), request, answer, nowMs, decision);
    }

    private void add(
            GroupMembership group,
            String memberId,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        Member member = new Member(
                memberId,
                request.groupInstanceId(),
                request.clientId(),
                request.clientHost(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                request.protocols());
        member.isNew(true);
        rebalance.attach(group, member);
        if (group.is(GroupState.PREPARING_REBALANCE) && group.generationId() == 0) {
            group.rebalance().newMemberAdded();
        }
        group.add(member, request.protocolType(), answer);
        member.session().set(nowMs + NEW_MEMBER_JOIN_TIMEOUT_MS);
        decision.event(new GroupEvents.GroupMemberAdded(
                group.groupId(), memberId, request.clientHost(), reason("a new member joined", request)));
        rebalance.maybePrepare(group, reason("member " + memberId + " joined", request), nowMs, decision);
    }

    private void joinAgain(
            GroupMembership group,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        Errors error = MemberCheck.check(group, request.memberId(), request.groupInstanceId());
        if (error != Errors.NONE) {
            fail(answer, request.memberId(), error, decision);
            return;
        }
        Member member = group.member(request.memberId());
        boolean unchanged = member.matches(request.protocols());
        switch (group.state()) {
            case PREPARING_REBALANCE -> update(group, member, "joined again", request, answer, nowMs, decision);
            case COMPLETING_REBALANCE -> {
                if (unchanged) {
                    // It may not have received the answer to its first join.
                    decision.answer(answer, Rebalances.currentGeneration(group, member));
                } else {
                    update(group, member, "changed its metadata", request, answer, nowMs, decision);
                }
            }
            case STABLE -> {
                if (group.isLeader(member.memberId())) {
                    // The leader may know of something that changes the assignment, such as new partitions.
                    update(group, member, "leads and joined again", request, answer, nowMs, decision);
                } else if (unchanged) {
                    decision.answer(answer, Rebalances.currentGeneration(group, member));
                } else {
                    update(group, member, "changed its metadata", request, answer, nowMs, decision);
                }
            }
            case EMPTY, DEAD -> fail(answer, request.memberId(), Errors.UNKNOWN_MEMBER_ID, decision);
        }
    }

    private void update(
            GroupMembership group,
            Member member,
            String what,
            JoinGroup.Request request,
            Consumer<JoinGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        group.update(
                member,
                request.protocols(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                decision,
                answer);
        String reason = reason("member " + member.memberId() + " " + what, request);
        rebalance.maybePrepare(group, reason, nowMs, decision);
    }

    private static String reason(String what, JoinGroup.Request request) {
        String clientReason = request.reason() == null ? "not provided" : request.reason();
        return what + "; client reason: " + clientReason;
    }

    private static void fail(
            Consumer<JoinGroup.Result> answer, String memberId, Errors error, Decision<GroupRecord> decision) {
        decision.answer(answer, JoinGroup.Result.failed(memberId, error));
    }
}
