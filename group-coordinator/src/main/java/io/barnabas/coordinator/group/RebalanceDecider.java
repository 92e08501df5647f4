// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Leads a group from one generation to the next: when to begin, whom to wait for and how long, who is left behind.
 * Keeps no state of its own.
 */
final class RebalanceDecider {
    private final GroupContext context;

    RebalanceDecider(GroupContext context) {
        this.context = context;
    }

    /** Gives a group that has just been made or loaded its timers. */
    void attach(Group group) {
        group.rebalance()
                .timers(
                        context.timers().timer((nowMs, outbox) -> onJoinTimeout(group, nowMs, outbox)),
                        context.timers().timer((nowMs, outbox) -> onSyncTimeout(group, nowMs, outbox)));
    }

    /** Gives a member its session, which is not running yet. */
    void attach(Group group, Member member) {
        member.session(context.timers().timer((nowMs, outbox) -> onSessionTimeout(group, member, nowMs, outbox)));
    }

    /** The member was heard of. */
    void extendSession(Member member, long nowMs) {
        member.session().set(nowMs + member.sessionTimeoutMs());
    }

    /** Begins a rebalance unless one is being prepared already. */
    void maybePrepare(Group group, String reason, long nowMs, Outbox outbox) {
        if (!group.is(GroupState.PREPARING_REBALANCE) && !group.is(GroupState.DEAD)) {
            prepare(group, reason, nowMs, outbox);
        }
    }

    /** Begins a rebalance: everybody is to join again. */
    void prepare(Group group, String reason, long nowMs, Outbox outbox) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            failAssignment(group, Errors.REBALANCE_IN_PROGRESS, nowMs, outbox);
        }
        stopWaitingForSyncs(group);
        DecisionEvent.of("group-rebalance")
                .with("group", group.groupId())
                .with("generation", group.generationId())
                .with("state", group.state())
                .with("members", group.size())
                .because(reason);
        boolean initial = group.is(GroupState.EMPTY);
        group.state(GroupState.PREPARING_REBALANCE, context.wallMs());
        if (initial) {
            int delayMs = context.config().initialRebalanceDelayMs();
            group.rebalance().beginInitial(delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
            group.rebalance().joinTimer().set(nowMs + delayMs);
        } else {
            group.rebalance().begin();
            group.rebalance().joinTimer().set(nowMs + group.rebalanceTimeoutMs());
            tryCompleteJoin(group, nowMs, outbox);
        }
    }

    /** Goes on to the next generation if nobody is missing, except while the initial delay lasts. */
    void tryCompleteJoin(Group group, long nowMs, Outbox outbox) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !group.rebalance().isInitial() && group.hasAllMembersJoined()) {
            group.rebalance().joinTimer().cancel();
            completeJoin(group, nowMs, outbox);
        }
    }

    private void onJoinTimeout(Group group, long nowMs, Outbox outbox) {
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
        completeJoin(group, nowMs, outbox);
    }

    private void completeJoin(Group group, long nowMs, Outbox outbox) {
        removeWhoDidNotJoin(group);
        if (!group.electJoinedLeader() && group.size() > 0) {
            // Only static members are left, and none of them is back: their sessions decide.
            group.rebalance().begin();
            group.rebalance().joinTimer().set(nowMs + group.rebalanceTimeoutMs());
            return;
        }
        group.nextGeneration(context.wallMs());
        if (group.is(GroupState.EMPTY)) {
            storeEmpty(group, outbox);
        } else {
            answerJoins(group, nowMs, outbox);
        }
    }

    private static void removeWhoDidNotJoin(Group group) {
        List<Member> missing = group.members().stream()
                .filter(member -> !member.isAwaitingJoin() && !member.isStatic())
                .toList();
        for (Member member : missing) {
            DecisionEvent.of("group-member-removed")
                    .with("group", group.groupId())
                    .with("member", member.memberId())
                    .because("it did not join again within the rebalance timeout");
            group.remove(member.memberId());
        }
    }

    private void storeEmpty(Group group, Outbox outbox) {
        DecisionEvent.of("group-empty")
                .with("group", group.groupId())
                .with("generation", group.generationId())
                .because("all members left or failed");
        // If this is lost, the former generation comes back after a failover, and times out.
        outbox.append(new RecordAppend(
                List.of(context.codec().group(group.groupId(), group.snapshot(Member::assignment))),
                StoreCallback.of((error, nowMs, more) -> {})));
    }

    private void answerJoins(Group group, long nowMs, Outbox outbox) {
        DecisionEvent.of("group-joined")
                .with("group", group.groupId())
                .with("generation", group.generationId())
                .with("members", group.size())
                .with("protocol", group.protocolName())
                .with("leader", group.leaderId())
                .because("the members to wait for joined");
        for (Member member : List.copyOf(group.members())) {
            group.answerJoin(member, currentGeneration(group, member), outbox);
            extendSession(member, nowMs);
            member.isNew(false);
            group.pendingSync().add(member.memberId());
        }
        group.rebalance().syncTimer().set(nowMs + group.rebalanceTimeoutMs());
    }

    /** The answer to a join in the group's current generation. */
    static JoinGroup.Result currentGeneration(Group group, Member member) {
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
    void failAssignment(Group group, Errors error, long nowMs, Outbox outbox) {
        for (Member member : group.members()) {
            member.assignment(Member.NO_ASSIGNMENT);
            if (group.answerSync(member, SyncGroup.Result.failed(error), outbox)) {
                extendSession(member, nowMs);
            }
        }
    }

    /** A member is no longer missing among the syncs. */
    void onSynced(Group group, String memberId) {
        group.pendingSync().remove(memberId);
        if (group.pendingSync().isEmpty()) {
            group.rebalance().syncTimer().cancel();
        }
    }

    private static void stopWaitingForSyncs(Group group) {
        group.pendingSync().clear();
        group.rebalance().syncTimer().cancel();
    }

    private void onSyncTimeout(Group group, long nowMs, Outbox outbox) {
        boolean expected = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
        if (!expected || group.pendingSync().isEmpty()) {
            return;
        }
        List<String> missing = List.copyOf(group.pendingSync());
        missing.forEach(group::remove);
        prepare(group, "removed members that did not sync in time: " + missing, nowMs, outbox);
    }

    private void onSessionTimeout(Group group, Member member, long nowMs, Outbox outbox) {
        if (group.member(member.memberId()) != member || group.is(GroupState.DEAD) || member.isExcused()) {
            return;
        }
        DecisionEvent.of("group-member-failed")
                .with("group", group.groupId())
                .with("member", member.memberId())
                .with("sessionTimeoutMs", member.sessionTimeoutMs())
                .because("no heartbeat came within the session timeout");
        removeMember(group, member, "member " + member.memberId() + " failed", nowMs, outbox);
    }

    /** Takes a member out, and rebalances if that matters. */
    void removeMember(Group group, Member member, String reason, long nowMs, Outbox outbox) {
        // A newcomer may be timed out while it still waits: it shall try again if it is there.
        group.answerJoin(
                member, JoinGroup.Result.failed(JoinGroup.UNKNOWN_MEMBER_ID, Errors.UNKNOWN_MEMBER_ID), outbox);
        group.answerSync(member, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID), outbox);
        group.remove(member.memberId());
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> maybePrepare(group, reason, nowMs, outbox);
            case PREPARING_REBALANCE -> tryCompleteJoin(group, nowMs, outbox);
            case EMPTY, DEAD -> {}
        }
    }

    /** Registers one that was given an id and is to come back with it. */
    void addPending(Group group, String memberId, int sessionTimeoutMs, long nowMs) {
        var expiry = context.timers().timer((firedMs, outbox) -> removePending(group, memberId, firedMs, outbox));
        expiry.set(nowMs + sessionTimeoutMs);
        group.addPending(memberId, expiry);
    }

    /** Gives up on one that was given an id. */
    void removePending(Group group, String memberId, long nowMs, Outbox outbox) {
        group.remove(memberId);
        tryCompleteJoin(group, nowMs, outbox);
    }
}
