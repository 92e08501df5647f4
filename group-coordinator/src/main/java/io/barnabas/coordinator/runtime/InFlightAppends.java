// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Batches in the log that are not known to be committed, in log order. Owned by one shard's loop. */
final class InFlightAppends {
    private final Deque<InFlight> inLogOrder = new ArrayDeque<>();
    private final Deque<InFlight> notOverdue = new ArrayDeque<>();
    private long highestOffset;

    /** One batch on its way. */
    static final class InFlight {
        private final List<AppendCallback> callbacks;
        private final long dueMs;
        private Errors outcome;
        private long lastOffset;
        private boolean settled;

        InFlight(List<AppendCallback> callbacks, long dueMs) {
            this.callbacks = callbacks;
            this.dueMs = dueMs;
        }
    }

    void add(InFlight batch) {
        inLogOrder.add(batch);
        notOverdue.add(batch);
    }

    /**
     * Notes that a batch is committed, and tells the shard of all that are, up to the first which is not.
     *
     * @param outcome NONE or NOT_ENOUGH_REPLICAS_AFTER_APPEND
     * @param lastOffset the offset of the batch's last record, if the log told it
     */
    void complete(InFlight batch, Errors outcome, long lastOffset, long nowMs, Outbox outbox) {
        batch.outcome = outcome;
        batch.lastOffset = Math.max(lastOffset, highestOffset);
        highestOffset = batch.lastOffset;
        while (!inLogOrder.isEmpty() && inLogOrder.peek().outcome != null) {
            InFlight done = inLogOrder.poll();
            done.settled = true;
            for (AppendCallback callback : done.callbacks) {
                callback.committed(done.lastOffset, done.outcome, nowMs, outbox);
            }
        }
    }

    /** Tells the shard of batches that are late. */
    void expire(long nowMs, Outbox outbox) {
        while (!notOverdue.isEmpty()) {
            InFlight oldest = notOverdue.peek();
            if (!oldest.settled && oldest.dueMs > nowMs) {
                return;
            }
            notOverdue.poll();
            if (!oldest.settled) {
                oldest.callbacks.forEach(callback -> callback.overdue(nowMs, outbox));
            }
        }
    }

    /** When the next batch becomes late. */
    long nextDeadlineMs() {
        return notOverdue.isEmpty() ? CoordinatorShard.NO_DEADLINE : notOverdue.peek().dueMs;
    }

    /** Gives up on all of them. */
    void failAll(Errors error, long nowMs, Outbox outbox) {
        List<InFlight> all = new ArrayList<>(inLogOrder);
        inLogOrder.clear();
        notOverdue.clear();
        for (InFlight batch : all) {
            batch.settled = true;
            batch.callbacks.forEach(callback -> callback.failed(error, nowMs, outbox));
        }
    }

    /** Whether the batch is still waited for, and not left over from a shard that was unloaded. */
    static boolean isWaitedFor(InFlight batch) {
        return !batch.settled;
    }
}
