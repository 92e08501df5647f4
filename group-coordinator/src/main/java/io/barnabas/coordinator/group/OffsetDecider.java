// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.group.OffsetFetch.FetchedOffset;
import io.barnabas.coordinator.runtime.AppendCallback;
import io.barnabas.coordinator.runtime.CoordinatorRecord;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Answers OffsetCommit, TxnOffsetCommit and OffsetFetch. Keeps no state of its own. */
final class OffsetDecider {
    private final GroupContext context;
    private final RebalanceDecider rebalance;

    OffsetDecider(GroupContext context, RebalanceDecider rebalance) {
        this.context = context;
        this.rebalance = rebalance;
    }

    void commit(
            Group group, OffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer, long nowMs, Outbox outbox) {
        Errors error = check(group, commit, false);
        if (error == Errors.NONE && group.is(GroupState.COMPLETING_REBALANCE)) {
            // The member knows the new generation, but not its assignment yet.
            error = Errors.REBALANCE_IN_PROGRESS;
        }
        if (error != Errors.NONE) {
            outbox.answer(answer, all(commit.offsets().keySet(), error));
            return;
        }
        Member member = group.member(commit.memberId());
        if (member != null) {
            rebalance.extendSession(member, nowMs);
        }
        Map<TopicPartition, CommittedOffset> accepted = accepted(commit);
        if (accepted.isEmpty()) {
            outbox.answer(answer, answers(commit, accepted, Errors.NONE));
            return;
        }
        group.offsets().prepare(accepted);
        outbox.append(new RecordAppend(records(group, accepted), new Commit(group, commit, accepted, answer)));
    }

    void commitTransactional(
            Group group, TxnOffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer, Outbox outbox) {
        OffsetCommit offsets = commit.commit();
        Errors error = check(group, offsets, true);
        if (error != Errors.NONE) {
            outbox.answer(answer, all(offsets.offsets().keySet(), error));
            return;
        }
        Map<TopicPartition, CommittedOffset> accepted = accepted(offsets);
        if (accepted.isEmpty()) {
            outbox.answer(answer, answers(offsets, accepted, Errors.NONE));
            return;
        }
        group.offsets().prepare(commit.producerId(), accepted);
        outbox.append(new RecordAppend(
                records(group, accepted),
                commit.producerId(),
                commit.producerEpoch(),
                commit.guard(),
                new TransactionalCommit(commit.producerId(), group, offsets, accepted, answer)));
    }

    private static Errors check(Group group, OffsetCommit commit, boolean transactional) {
        if (group.is(GroupState.DEAD)) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        if (commit.generationId() < 0 && group.is(GroupState.EMPTY)) {
            // An administrator, or a consumer that assigns its partitions itself.
            return Errors.NONE;
        }
        boolean asMember = commit.generationId() >= 0
                || !commit.memberId().equals(JoinGroup.UNKNOWN_MEMBER_ID)
                || commit.groupInstanceId() != null;
        if (asMember) {
            return MemberCheck.check(group, commit.memberId(), commit.groupInstanceId(), commit.generationId());
        }
        // Old transactional clients do not tell their member; anyone else must be one.
        return transactional || group.is(GroupState.EMPTY) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    private Map<TopicPartition, CommittedOffset> accepted(OffsetCommit commit) {
        Map<TopicPartition, CommittedOffset> accepted = new LinkedHashMap<>(commit.offsets());
        accepted.values()
                .removeIf(
                        offset -> offset.metadata().length() > context.config().offsetMetadataMaxBytes());
        return accepted;
    }

    private List<CoordinatorRecord> records(Group group, Map<TopicPartition, CommittedOffset> offsets) {
        List<CoordinatorRecord> records = new ArrayList<>(offsets.size());
        offsets.forEach((partition, offset) -> records.add(context.codec().offset(group.groupId(), partition, offset)));
        return records;
    }

    static Map<TopicPartition, Errors> all(Collection<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        partitions.forEach(partition -> answers.put(partition, error));
        return answers;
    }

    private static Map<TopicPartition, Errors> answers(
            OffsetCommit commit, Map<TopicPartition, CommittedOffset> accepted, Errors error) {
        Errors shown = StoreErrors.ofOffsets(error);
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        for (TopicPartition partition : commit.offsets().keySet()) {
            answers.put(partition, accepted.containsKey(partition) ? shown : Errors.OFFSET_METADATA_TOO_LARGE);
        }
        return answers;
    }

    /** @param group null if it does not exist */
    OffsetFetch.Result fetch(Group group, OffsetFetch.Request request) {
        boolean gone = group == null || group.is(GroupState.DEAD);
        if (gone && request.partitions().isEmpty()) {
            return new OffsetFetch.Result(Errors.NONE, Map.of());
        }
        Collection<TopicPartition> partitions = request.partitions()
                .<Collection<TopicPartition>>map(list -> list)
                .orElseGet(() -> group.offsets().partitions());
        Map<TopicPartition, FetchedOffset> offsets = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            offsets.put(
                    partition,
                    gone ? FetchedOffset.none(Errors.NONE) : fetch(group, partition, request.requireStable()));
        }
        return new OffsetFetch.Result(Errors.NONE, offsets);
    }

    private static FetchedOffset fetch(Group group, TopicPartition partition, boolean requireStable) {
        if (requireStable && group.offsets().isUnstable(partition)) {
            return FetchedOffset.none(Errors.UNSTABLE_OFFSET_COMMIT);
        }
        CommittedOffset committed = group.offsets().get(partition);
        if (committed == null) {
            return FetchedOffset.none(Errors.NONE);
        }
        return new FetchedOffset(committed.offset(), committed.leaderEpoch(), committed.metadata(), Errors.NONE);
    }

    /** Offsets on their way into the log: they count once they are committed, however late that is. */
    private static class Commit implements AppendCallback {
        private final Group group;
        private final OffsetCommit commit;
        private final Map<TopicPartition, CommittedOffset> accepted;
        private Consumer<Map<TopicPartition, Errors>> answer;

        Commit(
                Group group,
                OffsetCommit commit,
                Map<TopicPartition, CommittedOffset> accepted,
                Consumer<Map<TopicPartition, Errors>> answer) {
            this.group = group;
            this.commit = commit;
            this.accepted = accepted;
            this.answer = answer;
        }

        Group group() {
            return group;
        }

        void hold(TopicPartition partition, CommittedOffset offset, long recordOffset) {
            group.offsets().commit(partition, offset, recordOffset);
        }

        void drop(TopicPartition partition, CommittedOffset offset) {
            group.offsets().fail(partition, offset);
        }

        @Override
        public void committed(long lastOffset, Errors error, long nowMs, Outbox outbox) {
            accepted.forEach((partition, offset) -> hold(partition, offset, lastOffset));
            answer(error, outbox);
        }

        @Override
        public void failed(Errors error, long nowMs, Outbox outbox) {
            accepted.forEach(this::drop);
            answer(error, outbox);
        }

        @Override
        public void overdue(long nowMs, Outbox outbox) {
            answer(Errors.REQUEST_TIMED_OUT, outbox);
        }

        private void answer(Errors error, Outbox outbox) {
            if (answer != null) {
                outbox.answer(answer, answers(commit, accepted, error));
                answer = null;
            }
        }
    }

    /** The same for a transaction's offsets, which then wait for its end. */
    private static final class TransactionalCommit extends Commit {
        private final long producerId;

        TransactionalCommit(
                long producerId,
                Group group,
                OffsetCommit commit,
                Map<TopicPartition, CommittedOffset> accepted,
                Consumer<Map<TopicPartition, Errors>> answer) {
            super(group, commit, accepted, answer);
            this.producerId = producerId;
        }

        @Override
        void hold(TopicPartition partition, CommittedOffset offset, long recordOffset) {
            group().offsets().stage(producerId, partition, offset, recordOffset);
        }

        @Override
        void drop(TopicPartition partition, CommittedOffset offset) {
            group().offsets().removeStaged(producerId, partition);
        }
    }
}
