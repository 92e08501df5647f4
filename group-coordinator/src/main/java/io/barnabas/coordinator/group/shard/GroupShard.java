// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupDescription;
import io.barnabas.coordinator.group.GroupListing.ListedGroup;
import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetDelete;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.TxnOffsetCommit;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.CoordinatorShard;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The groups of one partition of {@code __consumer_offsets}. Owned by that partition's loop. Offsets and stored
 * generations change in {@link #replay} only; memberships are soft, and made from them in {@link #loaded}.
 */
final class GroupShard implements CoordinatorShard<GroupRecord> {
    private final Groups groups;
    private final TimerQueue<GroupRecord> timers = new TimerQueue<>();
    private final GroupContext context;
    private final Rebalances rebalances;
    private final JoinRequests joins;
    private final SyncRequests syncs;
    private final MemberRequests members;
    private final OffsetDecider offsets;
    private final RemovalDecider removals;
    private final TimerQueue<GroupRecord>.Timer retention;

    /** @param ids where new members get their ids from */
    GroupShard(GroupConfig config, InstantSource wallClock, Supplier<UUID> ids) {
        context = new GroupContext(config, timers, wallClock, ids);
        rebalances = new Rebalances(context);
        groups = new Groups(context, rebalances);
        joins = new JoinRequests(context, rebalances, new StaticMembers(rebalances));
        syncs = new SyncRequests(context, rebalances);
        members = new MemberRequests(rebalances);
        offsets = new OffsetDecider(config);
        removals = new RemovalDecider(config);
        retention = timers.timer(this::expireOffsets);
    }

    // --- records

    @Override
    public void prepare(GroupRecord record, long producerId) {
        groups.prepare(record, producerId);
    }

    @Override
    public void drop(GroupRecord record, long producerId) {
        groups.drop(record, producerId);
    }

    @Override
    public void replay(GroupRecord record, long offset, long producerId) {
        groups.replay(record, offset, producerId);
    }

    @Override
    public void replayEndTransaction(long producerId, boolean committed) {
        groups.replayEndTransaction(producerId, committed);
    }

    // --- loading and unloading

    @Override
    public Decision<GroupRecord> loaded(long nowMs) {
        groups.removeEmpty();
        Decision<GroupRecord> decision = new Decision<>();
        for (Group group : groups.all()) {
            if (group.stored() != null) {
                load(group, nowMs, decision);
            }
        }
        retention.set(nowMs + context.config().offsetsRetentionCheckIntervalMs());
        return decision;
    }

    private void load(Group group, long nowMs, Decision<GroupRecord> decision) {
        GroupMembership membership = group.membership();
        membership.load(group.stored(), member -> {
            rebalances.attach(membership, member);
            return member.session();
        });
        membership.members().forEach(member -> rebalances.extendSession(member, nowMs));
        if (membership.size() > context.config().maxSize()) {
            rebalances.prepare(membership, "the loaded group is over group.max.size", nowMs, decision);
        }
    }

    @Override
    public Decision<GroupRecord> unloaded(Errors error) {
        Decision<GroupRecord> decision = new Decision<>();
        for (Group group : groups.all()) {
            GroupMembership membership = group.membership();
            for (Member member : membership.members()) {
                membership.answerJoin(member, JoinGroup.Result.failed(member.memberId(), error), decision);
                membership.answerSync(member, SyncGroup.Result.failed(error), decision);
            }
            membership.state(GroupState.DEAD, context.wallMs());
        }
        return decision;
    }

    @Override
    public Decision<GroupRecord> tick(long nowMs) {
        return timers.runDue(nowMs);
    }

    @Override
    public long nextDeadlineMs() {
        return timers.nextDeadlineMs();
    }

    // --- membership

    Decision<GroupRecord> join(JoinGroup.Request request, Consumer<JoinGroup.Result> answer, long nowMs) {
        if (!joins.acceptsSessionTimeout(request.sessionTimeoutMs())) {
            return Decision.answering(
                    answer, JoinGroup.Result.failed(request.memberId(), Errors.INVALID_SESSION_TIMEOUT));
        }
        boolean unknownMember = request.memberId().equals(JoinGroup.UNKNOWN_MEMBER_ID);
        Group group = unknownMember ? groups.getOrNew(request.groupId()) : groups.get(request.groupId());
        if (group == null) {
            return Decision.answering(answer, JoinGroup.Result.failed(request.memberId(), Errors.UNKNOWN_MEMBER_ID));
        }
        return Decision.of(decision -> joins.join(group.membership(), request, answer, nowMs, decision));
    }

    Decision<GroupRecord> sync(SyncGroup.Request request, Consumer<SyncGroup.Result> answer, long nowMs) {
        Group group = groups.get(request.groupId());
        if (group == null) {
            return Decision.answering(answer, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID));
        }
        return Decision.of(decision -> syncs.sync(group.membership(), request, answer, nowMs, decision));
    }

    /** Moves the member's deadline, and decides nothing else. */
    Errors heartbeat(Heartbeat heartbeat, long nowMs) {
        Group group = groups.get(heartbeat.groupId());
        return group == null ? Errors.UNKNOWN_MEMBER_ID : members.heartbeat(group.membership(), heartbeat, nowMs);
    }

    Decision<GroupRecord> leave(LeaveGroup.Request request, Consumer<LeaveGroup.Result> answer, long nowMs) {
        Group group = groups.get(request.groupId());
        if (group != null) {
            return Decision.of(
                    decision -> decision.answer(answer, members.leave(group.membership(), request, nowMs, decision)));
        }
        List<LeaveGroup.LeftMember> unknown = request.members().stream()
                .map(member -> new LeaveGroup.LeftMember(
                        member.memberId(), member.groupInstanceId(), Errors.UNKNOWN_MEMBER_ID))
                .toList();
        return Decision.answering(answer, new LeaveGroup.Result(Errors.NONE, unknown));
    }

    // --- offsets

    Decision<GroupRecord> commit(OffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer, long nowMs) {
        if (commit.generationId() >= 0 && !groups.has(commit.groupId())) {
            return Decision.answering(answer, OffsetDecider.all(commit.offsets().keySet(), Errors.ILLEGAL_GENERATION));
        }
        Group group = groups.getOrNew(commit.groupId());
        Errors error = OffsetDecider.check(group, commit);
        if (error != Errors.NONE) {
            return Decision.answering(answer, OffsetDecider.all(commit.offsets().keySet(), error));
        }
        Member member = group.membership().member(commit.memberId());
        if (member != null) {
            rebalances.extendSession(member, nowMs);
        }
        return offsets.commit(commit, answer);
    }

    Decision<GroupRecord> commitTransactional(TxnOffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer) {
        return offsets.commitTransactional(groups.getOrNew(commit.commit().groupId()), commit, answer);
    }

    OffsetFetch.Result fetch(OffsetFetch.Request request) {
        return OffsetDecider.fetch(groups.get(request.groupId()), request);
    }

    Decision<GroupRecord> deleteOffsets(OffsetDelete.Request request, Consumer<OffsetDelete.Result> answer) {
        Group group = groups.get(request.groupId());
        Errors error = RemovalDecider.checkOffsets(group);
        if (error != Errors.NONE) {
            return Decision.answering(answer, new OffsetDelete.Result(error, Map.of()));
        }
        Map<TopicPartition, Errors> results = RemovalDecider.checkPartitions(group, request.partitions());
        List<TopicPartition> unused = results.entrySet().stream()
                .filter(result -> result.getValue() == Errors.NONE)
                .map(Map.Entry::getKey)
                .toList();
        if (unused.isEmpty()) {
            // nothing is to be removed, so even a group that keeps nothing stays
            return Decision.answering(answer, new OffsetDelete.Result(Errors.NONE, results));
        }
        return remove(group, RemovalDecider.offsets(group, unused, "an administrator deleted the offsets"), outcome -> {
            unused.forEach(partition -> results.put(partition, outcome));
            answer.accept(new OffsetDelete.Result(Errors.NONE, results));
        });
    }

    /** Partitions are no more: what was committed for them is removed. */
    Decision<GroupRecord> forgetPartitions(Collection<TopicPartition> partitions) {
        Decision<GroupRecord> decision = new Decision<>();
        for (Group group : groups.all()) {
            if (!group.is(GroupState.DEAD)) {
                partitions.forEach(group.offsets()::removeTransactional);
                RemovalDecider.ofDeletedPartitions(group, partitions)
                        .ifPresent(removal -> decision.add(remove(group, removal, outcome -> {})));
            }
        }
        return decision;
    }

    private void expireOffsets(long nowMs, Decision<GroupRecord> decision) {
        for (Group group : groups.all()) {
            removals.expired(group, context.wallMs())
                    .ifPresent(removal -> decision.add(remove(group, removal, outcome -> {})));
        }
        retention.set(nowMs + context.config().offsetsRetentionCheckIntervalMs());
    }

    private Decision<GroupRecord> remove(Group group, RemovalDecider.Removal removal, Consumer<Errors> answer) {
        return new GroupRemoval(group, removal, context.wallClock(), groups::forget, answer).begin();
    }

    // --- groups

    GroupDescription describe(String groupId) {
        Group group = groups.get(groupId);
        return group == null ? GroupDescription.dead(groupId) : GroupViews.describe(group.membership());
    }

    /** @param states names of states in lower case; empty for all */
    List<ListedGroup> list(Set<String> states) {
        return groups.all().stream()
                .map(group -> GroupViews.list(group.membership()))
                .filter(group ->
                        states.isEmpty() || states.contains(group.state().toLowerCase(Locale.ROOT)))
                .toList();
    }

    Decision<GroupRecord> deleteGroup(String groupId, Consumer<Errors> answer) {
        Group group = groups.get(groupId);
        Errors error = RemovalDecider.checkGroup(group);
        return error == Errors.NONE
                ? remove(group, RemovalDecider.wholeGroup(group), answer)
                : Decision.answering(answer, error);
    }
}
