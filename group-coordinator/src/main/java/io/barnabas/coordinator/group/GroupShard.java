// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.group.GroupDescription.DescribedMember;
import io.barnabas.coordinator.group.GroupListing.ListedGroup;
import io.barnabas.coordinator.group.RecordKey.GroupKey;
import io.barnabas.coordinator.group.RecordKey.OffsetKey;
import io.barnabas.coordinator.runtime.CoordinatorShard;
import io.barnabas.coordinator.runtime.LoadedRecord;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of one partition of {@code __consumer_offsets}. Owned by that partition's loop. */
final class GroupShard implements CoordinatorShard {
    private static final Logger LOG = LoggerFactory.getLogger(GroupShard.class);

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<Long, Set<String>> openTransactions = new HashMap<>();
    private final TimerQueue timers = new TimerQueue();
    private final GroupContext context;
    private final RebalanceDecider rebalance;
    private final JoinDecider joins;
    private final SyncDecider syncs;
    private final MembershipDecider membership;
    private final OffsetDecider offsets;
    private final CleanupDecider cleanup;
    private final TimerQueue.Timer retention;

    /** @param ids where new members get their ids from */
    GroupShard(GroupConfig config, InstantSource wallClock, Supplier<UUID> ids) {
        context = new GroupContext(config, timers, wallClock, ids, new GroupRecordCodec(config.recordVersions()));
        rebalance = new RebalanceDecider(context);
        joins = new JoinDecider(context, rebalance, new StaticMemberDecider(context, rebalance));
        syncs = new SyncDecider(context, rebalance);
        membership = new MembershipDecider(rebalance);
        offsets = new OffsetDecider(context, rebalance);
        cleanup = new CleanupDecider(context, this::forget);
        retention = timers.timer(this::expireOffsets);
    }

    // --- loading and unloading

    @Override
    public void replay(LoadedRecord record) {
        RecordKey key = context.codec().readKey(record.key());
        if (key instanceof OffsetKey offsetKey) {
            replayOffset(offsetKey, record);
        } else if (key instanceof GroupKey groupKey) {
            replayGroup(groupKey.groupId(), record);
        } else {
            LOG.warn("Skipping a record at offset {} with a key of an unknown kind: {}", record.offset(), key);
        }
    }

    private void replayOffset(OffsetKey key, LoadedRecord record) {
        GroupOffsets kept = groupOrNew(key.groupId()).offsets();
        if (record.transactional()) {
            openTransactions
                    .computeIfAbsent(record.producerId(), id -> new LinkedHashSet<>())
                    .add(key.groupId());
        }
        if (record.value() == null) {
            if (record.transactional()) {
                kept.removeStaged(record.producerId(), key.partition());
            } else {
                kept.remove(key.partition());
            }
            return;
        }
        CommittedOffset offset = context.codec().readOffset(record.value());
        if (record.transactional()) {
            kept.replayStaged(record.producerId(), key.partition(), offset, record.offset());
        } else {
            kept.commit(key.partition(), offset, record.offset());
        }
    }

    private void replayGroup(String groupId, LoadedRecord record) {
        Group group = groupOrNew(groupId);
        if (record.value() == null) {
            group.forgetMembers();
            return;
        }
        group.restore(context.codec().readGroup(record.value()), member -> {
            rebalance.attach(group, member);
            return member.session();
        });
    }

    @Override
    public void replayEndTransaction(long producerId, boolean committed) {
        Set<String> open = openTransactions.remove(producerId);
        if (open == null) {
            return;
        }
        for (String groupId : open) {
            Group group = groups.get(groupId);
            if (group != null) {
                group.offsets().endTransaction(producerId, committed);
            }
        }
    }

    @Override
    public void loaded(long nowMs, Outbox outbox) {
        groups.values()
                .removeIf(group -> group.generationId() == 0 && group.offsets().isEmpty());
        for (Group group : List.copyOf(groups.values())) {
            group.members().forEach(member -> rebalance.extendSession(member, nowMs));
            if (group.size() > context.config().maxSize()) {
                rebalance.prepare(group, "the loaded group is over group.max.size", nowMs, outbox);
            }
        }
        retention.set(nowMs + context.config().offsetsRetentionCheckIntervalMs());
    }

    @Override
    public void unloaded(Errors error, Outbox outbox) {
        for (Group group : groups.values()) {
            for (Member member : group.members()) {
                group.answerJoin(member, JoinGroup.Result.failed(member.memberId(), error), outbox);
                group.answerSync(member, SyncGroup.Result.failed(error), outbox);
            }
            group.state(GroupState.DEAD, context.wallMs());
        }
    }

    @Override
    public void tick(long nowMs, Outbox outbox) {
        timers.runDue(nowMs, outbox);
    }

    @Override
    public long nextDeadlineMs() {
        return timers.nextDeadlineMs();
    }

    // --- membership

    void join(JoinGroup.Request request, Consumer<JoinGroup.Result> answer, long nowMs, Outbox outbox) {
        if (!joins.acceptsSessionTimeout(request.sessionTimeoutMs())) {
            outbox.answer(answer, JoinGroup.Result.failed(request.memberId(), Errors.INVALID_SESSION_TIMEOUT));
            return;
        }
        boolean unknownMember = request.memberId().equals(JoinGroup.UNKNOWN_MEMBER_ID);
        Group group = unknownMember ? groupOrNew(request.groupId()) : groups.get(request.groupId());
        if (group == null) {
            outbox.answer(answer, JoinGroup.Result.failed(request.memberId(), Errors.UNKNOWN_MEMBER_ID));
        } else {
            joins.join(group, request, answer, nowMs, outbox);
        }
    }

    void sync(SyncGroup.Request request, Consumer<SyncGroup.Result> answer, long nowMs, Outbox outbox) {
        Group group = groups.get(request.groupId());
        if (group == null) {
            outbox.answer(answer, SyncGroup.Result.failed(Errors.UNKNOWN_MEMBER_ID));
        } else {
            syncs.sync(group, request, answer, nowMs, outbox);
        }
    }

    void heartbeat(Heartbeat heartbeat, Consumer<Errors> answer, long nowMs, Outbox outbox) {
        Group group = groups.get(heartbeat.groupId());
        outbox.answer(answer, group == null ? Errors.UNKNOWN_MEMBER_ID : membership.heartbeat(group, heartbeat, nowMs));
    }

    void leave(LeaveGroup.Request request, Consumer<LeaveGroup.Result> answer, long nowMs, Outbox outbox) {
        Group group = groups.get(request.groupId());
        if (group != null) {
            outbox.answer(answer, membership.leave(group, request, nowMs, outbox));
            return;
        }
        List<LeaveGroup.LeftMember> unknown = request.members().stream()
                .map(member -> new LeaveGroup.LeftMember(
                        member.memberId(), member.groupInstanceId(), Errors.UNKNOWN_MEMBER_ID))
                .toList();
        outbox.answer(answer, new LeaveGroup.Result(Errors.NONE, unknown));
    }

    // --- offsets

    void commit(OffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer, long nowMs, Outbox outbox) {
        if (commit.generationId() >= 0 && !groups.containsKey(commit.groupId())) {
            outbox.answer(answer, OffsetDecider.all(commit.offsets().keySet(), Errors.ILLEGAL_GENERATION));
            return;
        }
        offsets.commit(groupOrNew(commit.groupId()), commit, answer, nowMs, outbox);
    }

    void commitTransactional(TxnOffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer, Outbox outbox) {
        String groupId = commit.commit().groupId();
        openTransactions
                .computeIfAbsent(commit.producerId(), id -> new LinkedHashSet<>())
                .add(groupId);
        offsets.commitTransactional(groupOrNew(groupId), commit, answer, outbox);
    }

    OffsetFetch.Result fetch(OffsetFetch.Request request) {
        return offsets.fetch(groups.get(request.groupId()), request);
    }

    void deleteOffsets(OffsetDelete.Request request, Consumer<OffsetDelete.Result> answer, Outbox outbox) {
        cleanup.deleteOffsets(groups.get(request.groupId()), request, answer, outbox);
    }

    void forgetPartitions(Collection<TopicPartition> partitions, Outbox outbox) {
        List.copyOf(groups.values()).forEach(group -> cleanup.forgetPartitions(group, partitions, outbox));
    }

    private void expireOffsets(long nowMs, Outbox outbox) {
        List.copyOf(groups.values()).forEach(group -> cleanup.expire(group, outbox));
        retention.set(nowMs + context.config().offsetsRetentionCheckIntervalMs());
    }

    // --- groups

    GroupDescription describe(String groupId) {
        Group group = groups.get(groupId);
        if (group == null) {
            return GroupDescription.dead(groupId);
        }
        boolean stable = group.is(GroupState.STABLE);
        List<DescribedMember> members = group.members().stream()
                .map(member -> new DescribedMember(
                        member.memberId(),
                        member.groupInstanceId(),
                        member.clientId(),
                        member.clientHost(),
                        stable ? member.metadata(group.protocolName()) : Member.NO_ASSIGNMENT,
                        stable ? member.assignment() : Member.NO_ASSIGNMENT))
                .toList();
        return new GroupDescription(
                Errors.NONE,
                groupId,
                group.state().toString(),
                shown(group.protocolType()),
                stable ? shown(group.protocolName()) : "",
                members);
    }

    /** @param states names of states in lower case; empty for all */
    List<ListedGroup> list(Set<String> states) {
        return groups.values().stream()
                .filter(group -> states.isEmpty()
                        || states.contains(group.state().toString().toLowerCase(Locale.ROOT)))
                .map(group -> new ListedGroup(
                        group.groupId(),
                        shown(group.protocolType()),
                        group.state().toString(),
                        GroupListing.CLASSIC))
                .toList();
    }

    void deleteGroup(String groupId, Consumer<Errors> answer, Outbox outbox) {
        cleanup.deleteGroup(groups.get(groupId), answer, outbox);
    }

    private Group groupOrNew(String groupId) {
        return groups.computeIfAbsent(groupId, id -> {
            Group group = new Group(id, context.wallMs());
            rebalance.attach(group);
            return group;
        });
    }

    private void forget(Group group) {
        groups.remove(group.groupId(), group);
    }

    private static String shown(String nameOrNull) {
        return nameOrNull == null ? "" : nameOrNull;
    }
}
