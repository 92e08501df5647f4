// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.FirstOutcome;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Leads a group from one generation to the next: when to begin, whom to wait for and how long, who is left behind.
 * Keeps no state of its own; changes the membership at once.
 */
final class Rebalances {
    private final GroupContext context;

    Rebalances(GroupContext context) {
        this.context = context;
    }

    /** Gives a group that has just been made or loaded its timers. */
    void attach(GroupMembership group) {
        group.rebalance()
                .timers(
                        context.timers().timer((nowMs, decision) -> onJoinTimeout(group, nowMs, decision)),
                        context.timers().timer((nowMs, decision) -> onSyncTimeout(group, nowMs, decision)));
    }

    /** Gives a member its session, which is not running yet. */
    void attach(GroupMembership group, Member member) {
        member.session(context.timers().timer((nowMs, decision) -> onSessionTimeout(group, member, nowMs, decision)));
    }

    /** The member was heard of. */
    void extendSession(Member member, long nowMs) {
        member.session().set(nowMs + member.sessionTimeoutMs());
    }

    /** Begins a rebalance unless one is being prepared already. */
    void maybePrepare(GroupMembership group, String reason, long nowMs, Decision<GroupRecord> decision) {
        if (!group.is(GroupState.PREPARING_REBALANCE) && !group.is(GroupState.DEAD)) {
            prepare(group, reason, nowMs, decision);
        }
    }

    /** Begins a rebalance: everybody is to join again. */
    void prepare(GroupMembership group, String reason, long nowMs, Decision<GroupRecord> decision) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            failAssignment(group, Errors.REBALANCE_IN_PROGRESS, nowMs, decision);
        }
        stopWaitingForSyncs(group);
        decision.event(new GroupEvents.GroupRebalance(
                group.groupId(), group.generationId(), group.state(), group.size(), reason));
        boolean initial = group.is(GroupState.EMPTY);
        group.state(GroupState.PREPARING_REBALANCE, context.wallMs());
        if (initial) {
            int delayMs = context.config().initialRebalanceDelayMs();
            group.rebalance().beginInitial(delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
            group.rebalance().joinTimer().set(nowMs + delayMs);
        } else {
            group.rebalance().begin();
            group.rebalance().joinTimer().set(nowMs + group.rebalanceTimeoutMs());
            tryCompleteJoin(group, nowMs, decision);
        }
    }

    /** Goes on to the next generation if nobody is missing, except while the initial delay lasts. */
    void tryCompleteJoin(GroupMembership group, long nowMs, Decision<GroupRecord> decision) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !group.rebalance().isInitial() && group.hasAllMembersJoined()) {
            group.rebalance().joinTimer().cancel();
            completeJoin(group, nowMs, decision);
        }
    }

    private void onJoinTimeout(GroupMembership group, long nowMs, Decision<GroupRecord> decision) {
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return;
        }
        if (group.rebalance().isInitial()) {
            int delayMs = group.rebalance().extend(context.config().initialRebalanceDelayMs());
            if (delayMs > 0) {
                group.rebalance().joinTimer().set(nowMs + delayMs);
                return;
            }
        }
        completeJoin(group, nowMs, decision);
    }

    private void completeJoin(GroupMembership group, long nowMs, Decision<GroupRecord> decision) {
        removeWhoDidNotJoin(group, decision);
        if (!group.electJoinedLeader() && group.size() > 0) {
            // Only static members are left, and none of them is back: their sessions decide.
            group.rebalance().begin();
            group.rebalance().joinTimer().set(nowMs + group.rebalanceTimeoutMs());
            return;
        }
        group.nextGeneration(context.wallMs());
        if (group.is(GroupState.EMPTY)) {
            storeEmpty(group, decision);
        } else {
            answerJoins(group, nowMs, decision);
        }
    }

    private static void removeWhoDidNotJoin(GroupMembership group, Decision<GroupRecord> decision) {
        List<Member> missing = group.members().stream()
                .filter(member -> !member.isAwaitingJoin() && !member.isStatic())
                .toList();
        for (Member member : missing) {
            decision.event(new GroupEvents.GroupMemberRemoved(
                    group.groupId(), member.memberId(), "it did not join again within the rebalance timeout"));
            group.remove(member.memberId());
        }
    }

    private void storeEmpty(GroupMembership group, Decision<GroupRecord> decision) {
        decision.event(new GroupEvents.GroupEmpty(group.groupId(), group.generationId(), "all members left or failed"));
        // If this is lost, the former generation comes back after a failover, and times out.
        decision.append(new RecordAppend<>(
                List.of(new GroupStored(group.groupId(), group.snapshot(Member::assignment))),
                new FirstOutcome<>((error, nowMs, after) -> {})));
    }

    private void answerJoins(GroupMembership group, long nowMs, Decision<GroupRecord> decision) {
        decision.event(new GroupEvents.GroupJoined(
                group.groupId(),
                group.generationId(),
                group.size(),
                group.protocolName(),
                group.leaderId(),
                "the members to wait for joined"));
        for (Member member : List.copyOf(group.members())) {
            group.answerJoin(member, currentGeneration(group, member), decision);
            extendSession(member, nowMs);
            member.isNew(false);
            group.pendingSync().add(member.memberId());
        }
        group.rebalance().syncTimer().set(nowMs + group.rebalanceTimeoutMs());
    }

    /** The answer to a join in the group's current generation. */
    static JoinGroup.Result currentGeneration(GroupMembership group, Member member) {
        boolean leader = group.isLeader(member.memberId());
        return new JoinGroup.Result(
                Errors.NONE,
                member.memberId(),
                group.generationId(),
                group.protocolType(),
                group.protocolName(),
                group.leaderId(),
                false,
                leader ? group.joinedMembers() : List.of());
    }

    /** Tells all who wait for their assignment that there will be none in this generation. */
    void failAssignment(GroupMembership group, Errors error, long nowMs, Decision<GroupRecord> decision) {
        for (Member member : group.members()) {
            member.assignment(Member.NO_ASSIGNMENT);
            if (group.answerSync(member, SyncGroup.Result.failed(error), decision)) {
                extendSession(member, nowMs);
            }
        }
    }

    /** A member is no longer missing among the syncs. */
    void onSynced(GroupMembership group, String memberId) {
        group.pendingSync().remove(memberId);
        if (group.pendingSync().isEmpty()) {
            group.rebalance().syncTimer().cancel();
        }
    }

    private static void stopWaitingForSyncs(GroupMembership group) {
        group.pendingSync().clear();
        group.rebalance().syncTimer().cancel();
    }

    private void onSyncTimeout(GroupMembership group, long nowMs, Decision<GroupRecord> decision) {
        boolean expected = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
        if (!expected || group.pendingSync().isEmpty()) {
            return;
        }
        List<String> missing = List.copyOf(group.pendingSync());
        missing.forEach(group::remove);
        prepare(group, "removed members that did not sync in time: " + missing, nowMs, decision);
    }

    private void onSessionTimeout(GroupMembership group, Member member, long nowMs, Decision<GroupRecord> decision) {
        if (group.member(member.memberId()) != member || group.is(GroupState.DEAD) || member.isExcused()) {
            return;
        }
        decision.event(new GroupEvents.GroupMemberFailed(
                group.groupId(),
                member.memberId(),
                member.sessionTimeoutMs(),
                "no heartbeat came within the session timeout"));
        removeMember(group, member, "member " + member.memberId() + " failed", nowMs, decision);
    }

    /** Takes a member out, and rebalances if that matters. */
    void removeMember(GroupMembership group, Member member, String reason, long nowMs, Decision<GroupRecord> decision) {
        // A newcomer may be timed out while it still waits: it shall try again if it is there.
        group.answerJoin(
                member, JoinGroup.Result.failed(JoinGroup.UNKNOWN_MEMBER_ID, Errors.UNKNOWN_MEMBER_ID), decision);
        group.answerSync(member, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID), decision);
        group.remove(member.memberId());
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> maybePrepare(group, reason, nowMs, decision);
            case PREPARING_REBALANCE -> tryCompleteJoin(group, nowMs, decision);
            case EMPTY, DEAD -> {}
        }
    }

    /** Registers one that was given an id and is to come back with it. */
    void addPending(GroupMembership group, String memberId, int sessionTimeoutMs, long nowMs) {
        var expiry = context.timers().timer((firedMs, decision) -> removePending(group, memberId, firedMs, decision));
        expiry.set(nowMs + sessionTimeoutMs);
        group.addPending(memberId, expiry);
    }

    /** Gives up on one that was given an id. */
    void removePending(GroupMembership group, String memberId, long nowMs, Decision<GroupRecord> decision) {
        group.remove(memberId);
        tryCompleteJoin(group, nowMs, decision);
    }
}
