// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.AppendCallback;
import io.barnabas.coordinator.runtime.CoordinatorRecord;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Removes what is no longer wanted: deleted groups and offsets, offsets of deleted topics, and what has expired (KIP-211).
 * What is removed is gone once its tombstones are committed. Keeps no state of its own.
 */
final class CleanupDecider {
    /** Tombstones in one batch, so that the batch stays well below the largest message. */
    static final int TOMBSTONES_PER_BATCH = 500;

    private final GroupContext context;
    private final Consumer<Group> onGone;

    /** @param onGone forgets a group that is deleted */
    CleanupDecider(GroupContext context, Consumer<Group> onGone) {
        this.context = context;
        this.onGone = onGone;
    }

    /** @param group null if it does not exist */
    void deleteGroup(Group group, Consumer<Errors> answer, Outbox outbox) {
        if (group == null || group.is(GroupState.DEAD)) {
            outbox.answer(answer, Errors.GROUP_ID_NOT_FOUND);
        } else if (!group.is(GroupState.EMPTY)) {
            outbox.answer(answer, Errors.NON_EMPTY_GROUP);
        } else {
            Set<TopicPartition> partitions = new LinkedHashSet<>(group.offsets().partitions());
            partitions.addAll(group.offsets().pendingPartitions());
            new Removal(group, partitions, true, "an administrator deleted the group", answer).start(outbox);
        }
    }

    /** @param group null if it does not exist */
    void deleteOffsets(Group group, OffsetDelete.Request request, Consumer<OffsetDelete.Result> answer, Outbox outbox) {
        Errors error = checkDeletion(group);
        if (error != Errors.NONE) {
            outbox.answer(answer, new OffsetDelete.Result(error, Map.of()));
            return;
        }
        Map<TopicPartition, Errors> results = new LinkedHashMap<>();
        List<TopicPartition> unused = new ArrayList<>();
        for (TopicPartition partition : request.partitions()) {
            boolean used = !group.is(GroupState.EMPTY) && group.isSubscribedTo(partition.topic());
            results.put(partition, used ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
            if (!used) {
                unused.add(partition);
            }
        }
        List<TopicPartition> known = known(group, unused);
        boolean last = isLast(group, known);
        new Removal(group, known, last, "an administrator deleted the offsets", outcome -> {
                    unused.forEach(partition -> results.put(partition, outcome));
                    answer.accept(new OffsetDelete.Result(Errors.NONE, results));
                })
                .start(outbox);
    }

    private static Errors checkDeletion(Group group) {
        if (group == null || group.is(GroupState.DEAD)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        boolean consumers = ConsumerProtocol.PROTOCOL_TYPE.equals(group.protocolType());
        return group.is(GroupState.EMPTY) || consumers ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    /** Removes what the group committed for partitions that are no more. */
    void forgetPartitions(Group group, Collection<TopicPartition> partitions, Outbox outbox) {
        if (group.is(GroupState.DEAD)) {
            return;
        }
        partitions.forEach(group.offsets()::removeTransactional);
        List<TopicPartition> known = known(group, partitions);
        if (!known.isEmpty()) {
            new Removal(group, known, isLast(group, known), "their topic was deleted", outcome -> {}).start(outbox);
        }
    }

    /** Removes what has expired, and the group itself if nothing is left of it. */
    void expire(Group group, Outbox outbox) {
        if (group.is(GroupState.DEAD)) {
            return;
        }
        List<TopicPartition> expired = expired(group, context.wallMs());
        boolean last = isLast(group, expired);
        if (last || !expired.isEmpty()) {
            new Removal(group, expired, last, "they expired", outcome -> {}).start(outbox);
        }
    }

    private List<TopicPartition> expired(Group group, long wallMs) {
        List<TopicPartition> expired = new ArrayList<>();
        for (TopicPartition partition : group.offsets().partitions()) {
            if (!group.offsets().isPending(partition) && isExpired(group, partition, wallMs)) {
                expired.add(partition);
            }
        }
        return expired;
    }

    /**
     * Offsets of a group that lost its members expire some time after that; those of a consumer that is in no group, and
     * those of topics a group no longer reads, some time after they were committed.
     */
    private boolean isExpired(Group group, TopicPartition partition, long wallMs) {
        CommittedOffset offset = group.offsets().get(partition);
        long sinceMs = offset.commitTimestampMs();
        if (group.protocolType() != null) {
            if (group.is(GroupState.EMPTY)) {
                boolean known = group.stateTimestampMs() != GroupSnapshot.NO_TIMESTAMP;
                sinceMs = known ? group.stateTimestampMs() : sinceMs;
            } else {
                boolean unread = group.is(GroupState.STABLE)
                        && ConsumerProtocol.PROTOCOL_TYPE.equals(group.protocolType())
                        && !group.isSubscribedTo(partition.topic());
                if (!unread) {
                    return false;
                }
            }
        }
        if (offset.expireTimestampMs() != CommittedOffset.NO_EXPIRY) {
            return wallMs >= offset.expireTimestampMs();
        }
        return wallMs - sinceMs >= context.config().offsetsRetentionMs();
    }

    private static List<TopicPartition> known(Group group, Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> group.offsets().get(partition) != null
                        || group.offsets().isPending(partition))
                .distinct()
                .toList();
    }

    /** Whether nothing is left of the group without these offsets. */
    private static boolean isLast(Group group, Collection<TopicPartition> removed) {
        return group.is(GroupState.EMPTY)
                && !group.hasPendingMembers()
                && !group.offsets().hasPending()
                && removed.containsAll(group.offsets().partitions());
    }

    /** One removal: some offsets, maybe the whole group, in as many batches as it takes. */
    private final class Removal {
        private final Group group;
        private final List<TopicPartition> partitions;
        private final boolean wholeGroup;
        private final String why;
        private Consumer<Errors> answer;
        private Errors outcome = Errors.NONE;

        Removal(
                Group group,
                Collection<TopicPartition> partitions,
                boolean wholeGroup,
                String why,
                Consumer<Errors> answer) {
            this.group = group;
            this.partitions = List.copyOf(partitions);
            this.wholeGroup = wholeGroup;
            this.why = why;
            this.answer = answer;
        }

        void start(Outbox outbox) {
            if (wholeGroup) {
                group.state(GroupState.DEAD, context.wallMs());
            }
            int last = (partitions.size() - 1) / TOMBSTONES_PER_BATCH * TOMBSTONES_PER_BATCH;
            for (int from = 0; from <= Math.max(0, last); from += TOMBSTONES_PER_BATCH) {
                int to = Math.min(from + TOMBSTONES_PER_BATCH, partitions.size());
                append(partitions.subList(from, to), from >= last, outbox);
            }
        }

        private void append(List<TopicPartition> part, boolean isLastPart, Outbox outbox) {
            List<CoordinatorRecord> records = new ArrayList<>(part.size() + 1);
            part.forEach(partition -> records.add(context.codec().offsetTombstone(group.groupId(), partition)));
            if (isLastPart && wholeGroup && group.generationId() > 0) {
                // A group that never had a generation has no record to delete.
                records.add(context.codec().groupTombstone(group.groupId()));
            }
            if (records.isEmpty()) {
                finish(outbox);
            } else {
                outbox.append(new RecordAppend(records, new Part(this, part, isLastPart)));
            }
        }

        private void finish(Outbox outbox) {
            if (wholeGroup && outcome == Errors.NONE) {
                onGone.accept(group);
            } else if (wholeGroup) {
                group.state(GroupState.EMPTY, context.wallMs());
            }
            if (outcome == Errors.NONE && (wholeGroup || !partitions.isEmpty())) {
                DecisionEvent.of(wholeGroup ? "group-deleted" : "group-offsets-deleted")
                        .with("group", group.groupId())
                        .with("offsets", partitions.size())
                        .because(why);
            }
            answer(outcome, outbox);
        }

        private void answer(Errors error, Outbox outbox) {
            if (answer != null) {
                outbox.answer(answer, StoreErrors.ofOffsets(error));
                answer = null;
            }
        }
    }

    /** One batch of tombstones. */
    private record Part(Removal removal, List<TopicPartition> partitions, boolean isLast) implements AppendCallback {
        @Override
        public void committed(long lastOffset, Errors error, long nowMs, Outbox outbox) {
            partitions.forEach(removal.group.offsets()::remove);
            finish(outbox);
        }

        @Override
        public void failed(Errors error, long nowMs, Outbox outbox) {
            removal.outcome = error;
            finish(outbox);
        }

        @Override
        public void overdue(long nowMs, Outbox outbox) {
            removal.answer(Errors.REQUEST_TIMED_OUT, outbox);
        }

        private void finish(Outbox outbox) {
            if (isLast) {
                removal.finish(outbox);
            }
        }
    }
}
