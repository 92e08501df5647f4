// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Batches in the log that are not known to be committed, in log order. Owned by one shard's loop.
 *
 * @param <R> the records of the shard
 */
final class InFlightAppends<R> {
    private final Deque<InFlight<R>> inLogOrder = new ArrayDeque<>();
    private final Deque<InFlight<R>> notOverdue = new ArrayDeque<>();
    private long highestOffset;

    /** One batch on its way. */
    static final class InFlight<R> {
        private final List<RecordAppend<R>> appends;
        private final long dueMs;
        private Errors outcome;
        private long lastOffset;
        private boolean settled;

        InFlight(List<RecordAppend<R>> appends, long dueMs) {
            this.appends = appends;
            this.dueMs = dueMs;
        }

        List<RecordAppend<R>> appends() {
            return appends;
        }

        /** NONE or NOT_ENOUGH_REPLICAS_AFTER_APPEND, once the batch is committed. */
        Errors outcome() {
            return outcome;
        }

        /** The offset of the batch's last record, once the batch is committed. */
        long lastOffset() {
            return lastOffset;
        }
    }

    void add(InFlight<R> batch) {
        inLogOrder.add(batch);
        notOverdue.add(batch);
    }

    /**
     * Notes that a batch is committed.
     *
     * @param outcome NONE or NOT_ENOUGH_REPLICAS_AFTER_APPEND
     * @param lastOffset the offset of the batch's last record, if the log told it
     * @return all batches to be told of now, in log order: those committed, up to the first which is not
     */
    List<InFlight<R>> complete(InFlight<R> batch, Errors outcome, long lastOffset) {
        batch.outcome = outcome;
        batch.lastOffset = Math.max(lastOffset, highestOffset);
        highestOffset = batch.lastOffset;
        List<InFlight<R>> done = new ArrayList<>(1);
        while (!inLogOrder.isEmpty() && inLogOrder.peek().outcome != null) {
            InFlight<R> next = inLogOrder.poll();
            next.settled = true;
            done.add(next);
        }
        return done;
    }

    /** Takes out the batches that are late by now; they stay in flight. */
    List<InFlight<R>> takeOverdue(long nowMs) {
        List<InFlight<R>> late = List.of();
        while (!notOverdue.isEmpty()) {
            InFlight<R> oldest = notOverdue.peek();
            if (!oldest.settled && oldest.dueMs > nowMs) {
                break;
            }
            notOverdue.poll();
            if (!oldest.settled) {
                late = late.isEmpty() ? new ArrayList<>(1) : late;
                late.add(oldest);
            }
        }
        return late;
    }

    /** When the next batch becomes late. */
    long nextDeadlineMs() {
        return notOverdue.isEmpty() ? CoordinatorShard.NO_DEADLINE : notOverdue.peek().dueMs;
    }

    /** Gives up on all of them, and takes them out in log order. */
    List<InFlight<R>> takeAll() {
        List<InFlight<R>> all = new ArrayList<>(inLogOrder);
        inLogOrder.clear();
        notOverdue.clear();
        all.forEach(batch -> batch.settled = true);
        return all;
    }

    /** Whether the batch is still waited for, and not left over from a shard that was unloaded. */
    static boolean isWaitedFor(InFlight<?> batch) {
        return !batch.settled;
    }
}
