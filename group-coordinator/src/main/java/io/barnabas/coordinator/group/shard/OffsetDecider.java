// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.OffsetFetch.FetchedOffset;
import io.barnabas.coordinator.group.TxnOffsetCommit;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetCommitted;
import io.barnabas.coordinator.runtime.AnswerOnce;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Decides on OffsetCommit, TxnOffsetCommit and OffsetFetch. */
final class OffsetDecider {
    private final int metadataMaxBytes;

    OffsetDecider(GroupConfig config) {
        this.metadataMaxBytes = config.offsetMetadataMaxBytes();
    }

    /** Whether offsets may be committed outside of a transaction. */
    static Errors check(Group group, OffsetCommit commit) {
        Errors error = check(group, commit, false);
        // In a completing rebalance the member knows the new generation, but not its assignment yet.
        return error == Errors.NONE && group.is(GroupState.COMPLETING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : error;
    }

    /** Commits offsets that {@link #check} lets pass; those with too much metadata are refused. */
    Decision<GroupRecord> commit(OffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer) {
        Map<TopicPartition, CommittedOffset> accepted = accepted(commit);
        if (accepted.isEmpty()) {
            return Decision.answering(answer, answers(commit, accepted, Errors.NONE));
        }
        Decision<GroupRecord> decision = new Decision<>();
        decision.append(new RecordAppend<>(
                records(commit.groupId(), accepted),
                new AnswerOnce<>(error -> answer.accept(answers(commit, accepted, error)))));
        return decision;
    }

    /** Commits offsets with a transaction: they count when it commits. */
    Decision<GroupRecord> commitTransactional(
            Group group, TxnOffsetCommit commit, Consumer<Map<TopicPartition, Errors>> answer) {
        OffsetCommit offsets = commit.commit();
        Errors error = check(group, offsets, true);
        if (error != Errors.NONE) {
            return Decision.answering(answer, all(offsets.offsets().keySet(), error));
        }
        Map<TopicPartition, CommittedOffset> accepted = accepted(offsets);
        if (accepted.isEmpty()) {
            return Decision.answering(answer, answers(offsets, accepted, Errors.NONE));
        }
        Decision<GroupRecord> decision = new Decision<>();
        decision.append(new RecordAppend<>(
                records(offsets.groupId(), accepted),
                commit.producerId(),
                commit.producerEpoch(),
                commit.guard(),
                new AnswerOnce<>(outcome -> answer.accept(answers(offsets, accepted, outcome)))));
        return decision;
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
            return MemberCheck.check(
                    group.membership(), commit.memberId(), commit.groupInstanceId(), commit.generationId());
        }
        // Old transactional clients do not tell their member; anyone else must be one.
        return transactional || group.is(GroupState.EMPTY) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    private Map<TopicPartition, CommittedOffset> accepted(OffsetCommit commit) {
        Map<TopicPartition, CommittedOffset> accepted = new LinkedHashMap<>(commit.offsets());
        accepted.values().removeIf(offset -> offset.metadata().length() > metadataMaxBytes);
        return accepted;
    }

    private static List<GroupRecord> records(String groupId, Map<TopicPartition, CommittedOffset> offsets) {
        List<GroupRecord> records = new ArrayList<>(offsets.size());
        offsets.forEach((partition, offset) -> records.add(new OffsetCommitted(groupId, partition, offset)));
        return records;
    }

    /** The same answer for all partitions. */
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

    /**
     * Looks up what is committed.
     *
     * @param group null if it does not exist
     */
    static OffsetFetch.Result fetch(Group group, OffsetFetch.Request request) {
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
}
