// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.group.record.GroupSnapshot;
import io.barnabas.coordinator.group.record.GroupSnapshot.MemberSnapshot;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.FirstOutcome;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/** Answers SyncGroup: takes the leader's assignment, stores it, and hands it out. Keeps no state of its own. */
final class SyncRequests {
    private final GroupContext context;
    private final Rebalances rebalance;

    SyncRequests(GroupContext context, Rebalances rebalance) {
        this.context = context;
        this.rebalance = rebalance;
    }

    void sync(
            GroupMembership group,
            SyncGroup.Request request,
            Consumer<SyncGroup.Result> answer,
            long nowMs,
            Decision<GroupRecord> decision) {
        Errors error = check(group, request);
        if (error != Errors.NONE) {
            decision.answer(answer, SyncGroup.Result.failed(error));
            return;
        }
        switch (group.state()) {
            case EMPTY -> decision.answer(answer, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID));
            case PREPARING_REBALANCE -> decision.answer(answer, SyncGroup.Result.failed(Errors.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> await(group, request, answer, decision);
            case STABLE -> {
                Member member = group.member(request.memberId());
                rebalance.onSynced(group, request.memberId());
                decision.answer(answer, assigned(group, member));
                rebalance.extendSession(member, nowMs);
            }
            case DEAD -> throw new IllegalStateException("A dead group has no members");
        }
    }

    private static Errors check(GroupMembership group, SyncGroup.Request request) {
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

    private void await(
            GroupMembership group,
            SyncGroup.Request request,
            Consumer<SyncGroup.Result> answer,
            Decision<GroupRecord> decision) {
        Member member = group.member(request.memberId());
        group.answerSync(member, SyncGroup.Result.failed(Errors.REBALANCE_IN_PROGRESS), decision);
        member.awaitingSync(answer);
        rebalance.onSynced(group, request.memberId());
        if (group.isLeader(request.memberId()) && !group.rebalance().isStoring(group.generationId())) {
            store(group, request.assignments(), decision);
        }
    }

    private void store(GroupMembership group, Map<String, Bytes> assignments, Decision<GroupRecord> decision) {
        GroupSnapshot snapshot = group.snapshot(member -> assignment(assignments, member));
        group.rebalance().storing(group.generationId());
        decision.append(new RecordAppend<>(
                List.of(new GroupStored(group.groupId(), snapshot)), new FirstOutcome<>((error, nowMs, after) -> {
                    // A member may have come or gone meanwhile; then that rebalance goes first.
                    if (!group.is(GroupState.COMPLETING_REBALANCE) || group.generationId() != snapshot.generationId()) {
                        return;
                    }
                    if (error == Errors.NONE) {
                        handOut(group, snapshot, nowMs, after);
                    } else {
                        rebalance.failAssignment(group, StoreErrors.ofGroup(error), nowMs, after);
                        rebalance.maybePrepare(group, "the assignment could not be stored: " + error, nowMs, after);
                    }
                })));
    }

    /** The generation is stored: its members are the group's, as any other change would have begun a rebalance. */
    private void handOut(GroupMembership group, GroupSnapshot stored, long nowMs, Decision<GroupRecord> decision) {
        for (MemberSnapshot assigned : stored.members()) {
            Member member = group.member(assigned.memberId());
            member.assignment(assigned.assignment());
            if (group.answerSync(member, assigned(group, member), decision)) {
                rebalance.extendSession(member, nowMs);
            }
        }
        group.state(GroupState.STABLE, context.wallMs());
        decision.event(GroupEvents.GroupStable.of(group, "the leader's assignment is stored"));
    }

    private static SyncGroup.Result assigned(GroupMembership group, Member member) {
        return new SyncGroup.Result(Errors.NONE, group.protocolType(), group.protocolName(), member.assignment());
    }

    /** Members the leader forgot get nothing. */
    private static Bytes assignment(Map<String, Bytes> assignments, Member member) {
        return assignments.getOrDefault(member.memberId(), Member.NO_ASSIGNMENT);
    }
}
