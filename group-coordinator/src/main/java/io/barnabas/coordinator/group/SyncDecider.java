// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/** Answers SyncGroup: takes the leader's assignment, stores it, and hands it out. Keeps no state of its own. */
final class SyncDecider {
    private final GroupContext context;
    private final RebalanceDecider rebalance;

    SyncDecider(GroupContext context, RebalanceDecider rebalance) {
        this.context = context;
        this.rebalance = rebalance;
    }

    void sync(Group group, SyncGroup.Request request, Consumer<SyncGroup.Result> answer, long nowMs, Outbox outbox) {
        Errors error = check(group, request);
        if (error != Errors.NONE) {
            outbox.answer(answer, SyncGroup.Result.failed(error));
            return;
        }
        switch (group.state()) {
            case EMPTY -> outbox.answer(answer, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID));
            case PREPARING_REBALANCE -> outbox.answer(answer, SyncGroup.Result.failed(Errors.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> await(group, request, answer, outbox);
            case STABLE -> {
                Member member = group.member(request.memberId());
                rebalance.onSynced(group, request.memberId());
                outbox.answer(answer, assigned(group, member));
                rebalance.extendSession(member, nowMs);
            }
            case DEAD -> throw new IllegalStateException("A dead group has no members");
        }
    }

    private static Errors check(Group group, SyncGroup.Request request) {
        if (group.is(GroupState.DEAD)) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        Errors error = MemberCheck.check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != Errors.NONE) {
            return error;
        }
        boolean sameType =
                request.protocolType() == null || request.protocolType().equals(group.protocolType());
        boolean sameName =
                request.protocolName() == null || request.protocolName().equals(group.protocolName());
        return sameType && sameName ? Errors.NONE : Errors.INCONSISTENT_GROUP_PROTOCOL;
    }

    private void await(Group group, SyncGroup.Request request, Consumer<SyncGroup.Result> answer, Outbox outbox) {
        Member member = group.member(request.memberId());
        group.answerSync(member, SyncGroup.Result.failed(Errors.REBALANCE_IN_PROGRESS), outbox);
        member.awaitingSync(answer);
        rebalance.onSynced(group, request.memberId());
        if (group.isLeader(request.memberId()) && !group.rebalance().isStoring(group.generationId())) {
            store(group, request.assignments(), outbox);
        }
    }

    private void store(Group group, Map<String, Bytes> assignments, Outbox outbox) {
        int generationId = group.generationId();
        group.rebalance().storing(generationId);
        outbox.append(new RecordAppend(
                List.of(context.codec()
                        .group(group.groupId(), group.snapshot(member -> assignment(assignments, member)))),
                StoreCallback.of((error, nowMs, more) -> {
                    // A member may have come or gone meanwhile; then that rebalance goes first.
                    if (!group.is(GroupState.COMPLETING_REBALANCE) || group.generationId() != generationId) {
                        return;
                    }
                    if (error == Errors.NONE) {
                        handOut(group, assignments, nowMs, more);
                    } else {
                        rebalance.failAssignment(group, StoreErrors.ofGroup(error), nowMs, more);
                        rebalance.maybePrepare(group, "the assignment could not be stored: " + error, nowMs, more);
                    }
                })));
    }

    private void handOut(Group group, Map<String, Bytes> assignments, long nowMs, Outbox outbox) {
        for (Member member : group.members()) {
            member.assignment(assignment(assignments, member));
            if (group.answerSync(member, assigned(group, member), outbox)) {
                rebalance.extendSession(member, nowMs);
            }
        }
        group.state(GroupState.STABLE, context.wallMs());
        DecisionEvent.of("group-stable")
                .with("group", group.groupId())
                .with("generation", group.generationId())
                .with("members", group.size())
                .with("static", group.staticSize())
                .because("the leader's assignment is stored");
    }

    private static SyncGroup.Result assigned(Group group, Member member) {
        return new SyncGroup.Result(Errors.NONE, group.protocolType(), group.protocolName(), member.assignment());
    }

    /** Members the leader forgot get nothing. */
    private static Bytes assignment(Map<String, Bytes> assignments, Member member) {
        return assignments.getOrDefault(member.memberId(), Member.NO_ASSIGNMENT);
    }
}
