// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordination.event.Event;
import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupDeleted;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetDeleted;
import io.barnabas.coordinator.group.shard.RemovalDecider.Removal;
import io.barnabas.coordinator.runtime.Continuation;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One removal under way: some offsets, maybe the whole group, in as many batches of tombstones as it takes. What is
 * removed is gone once its tombstones are replayed; meanwhile a whole group is dead. Owned by the group's shard.
 */
final class GroupRemoval {
    /** Tombstones in one batch, so that the batch stays well below the largest message. */
    static final int TOMBSTONES_PER_BATCH = 500;

    private final Group group;
    private final Removal removal;
    private final InstantSource wallClock;
    private final Consumer<Group> onGone;
    private Consumer<Errors> answer;
    private Errors outcome = Errors.NONE;

    /**
     * A removal that is not begun.
     *
     * @param onGone forgets the group once nothing is left of it
     * @param answer told NONE once everything is removed, or why not; may hear of it late, but only once
     */
    GroupRemoval(
            Group group, Removal removal, InstantSource wallClock, Consumer<Group> onGone, Consumer<Errors> answer) {
        this.group = group;
        this.removal = removal;
        this.wallClock = wallClock;
        this.onGone = onGone;
        this.answer = answer;
    }

    /** Begins. */
    Decision<GroupRecord> begin() {
        if (removal.wholeGroup()) {
            group.membership().state(GroupState.DEAD, wallClock.millis());
        }
        Decision<GroupRecord> decision = new Decision<>();
        List<TopicPartition> partitions = removal.partitions();
        int last = (partitions.size() - 1) / TOMBSTONES_PER_BATCH * TOMBSTONES_PER_BATCH;
        for (int from = 0; from <= Math.max(0, last); from += TOMBSTONES_PER_BATCH) {
            int to = Math.min(from + TOMBSTONES_PER_BATCH, partitions.size());
            append(partitions.subList(from, to), from >= last, decision);
        }
        return decision;
    }

    private void append(List<TopicPartition> part, boolean isLast, Decision<GroupRecord> decision) {
        List<GroupRecord> records = new ArrayList<>(part.size() + 1);
        part.forEach(partition -> records.add(new OffsetDeleted(group.groupId(), partition)));
        if (isLast && removal.wholeGroup() && group.membership().generationId() > 0) {
            // A group that never had a generation has no record to delete.
            records.add(new GroupDeleted(group.groupId()));
        }
        if (records.isEmpty()) {
            finish(decision);
        } else {
            decision.append(new RecordAppend<>(records, new Part(isLast)));
        }
    }

    private void finish(Decision<GroupRecord> decision) {
        if (removal.wholeGroup() && outcome == Errors.NONE) {
            onGone.accept(group);
        } else if (removal.wholeGroup()) {
            group.membership().state(GroupState.EMPTY, wallClock.millis());
        }
        if (outcome == Errors.NONE
                && (removal.wholeGroup() || !removal.partitions().isEmpty())) {
            decision.event(gone());
        }
        answer(outcome, decision);
    }

    private Event gone() {
        int offsets = removal.partitions().size();
        return removal.wholeGroup()
                ? new GroupEvents.GroupDeleted(group.groupId(), offsets, removal.why())
                : new GroupEvents.GroupOffsetsDeleted(group.groupId(), offsets, removal.why());
    }

    private void answer(Errors error, Decision<GroupRecord> decision) {
        if (answer != null) {
            decision.answer(answer, StoreErrors.ofOffsets(error));
            answer = null;
        }
    }

    /** One batch of tombstones. */
    private final class Part implements Continuation<GroupRecord> {
        private final boolean isLast;

        private Part(boolean isLast) {
            this.isLast = isLast;
        }

        @Override
        public Decision<GroupRecord> committed(Errors error, long nowMs) {
            return finishIfLast();
        }

        @Override
        public Decision<GroupRecord> failed(Errors error, long nowMs) {
            outcome = error;
            return finishIfLast();
        }

        @Override
        public Decision<GroupRecord> overdue(long nowMs) {
            Decision<GroupRecord> decision = new Decision<>();
            answer(Errors.REQUEST_TIMED_OUT, decision);
            return decision;
        }

        private Decision<GroupRecord> finishIfLast() {
            Decision<GroupRecord> decision = new Decision<>();
            if (isLast) {
                finish(decision);
            }
            return decision;
        }
    }
}
