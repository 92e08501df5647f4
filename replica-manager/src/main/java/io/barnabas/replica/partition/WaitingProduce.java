// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.AppendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One acks=all request that waits for the high watermarks of its partitions. Answered once, by whoever brings the last
 * outcome, or by the time-out; under no lock. Synchronised on itself: slots, results and the count of what is open change
 * together, by appends and by whoever moves a high watermark.
 */
final class WaitingProduce extends TimeoutBuckets.Entry {
    private final CompletableFuture<Map<TopicPartition, AppendResult>> future = new CompletableFuture<>();
    private final Map<TopicPartition, AppendResult> results;
    private final List<Slot> slots;
    private int open;
    private boolean sealed;

    WaitingProduce(int partitions) {
        this.results = new HashMap<>(Math.max(4, partitions * 2));
        this.slots = new ArrayList<>(partitions);
    }

    CompletableFuture<Map<TopicPartition, AppendResult>> future() {
        return future;
    }

    /** One partition's append; its own result is set once the append returned, which may be after it was replicated. */
    static final class Slot implements ProduceWaiters.Waiter {
        private final WaitingProduce request;
        private final Partition partition;
        private final long requiredOffset;
        /** Volatile: the partition's queue asks for it without the request's monitor. */
        private volatile boolean done;

        private Errors outcome;
        private AppendResult appended;

        private Slot(WaitingProduce request, Partition partition, long requiredOffset) {
            this.request = request;
            this.partition = partition;
            this.requiredOffset = requiredOffset;
        }

        @Override
        public long requiredOffset() {
            return requiredOffset;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public void complete(Errors error) {
            request.resolve(this, error);
        }
    }

    /** A partition was appended to, and waits from here on. */
    synchronized Slot waitFor(Partition partition, long requiredOffset, AppendResult appended) {
        Slot slot = new Slot(this, partition, requiredOffset);
        slot.appended = appended;
        slots.add(slot);
        open++;
        return slot;
    }

    /** A partition that needs no waiting: refused. */
    synchronized void settle(TopicPartition partition, AppendResult result) {
        results.put(partition, result);
    }

    /** All partitions were tried: answers at once if none waits. @return whether it still waits */
    boolean seal() {
        synchronized (this) {
            sealed = true;
            if (open > 0) {
                return true;
            }
            collect();
        }
        finish();
        return false;
    }

    private void resolve(Slot slot, Errors error) {
        synchronized (this) {
            if (slot.done) {
                return;
            }
            slot.outcome = error;
            slot.done = true;
            open--;
            if (open > 0 || !sealed) {
                return;
            }
            collect();
        }
        finish();
    }

    @Override
    void timedOut() {
        List<Slot> late = new ArrayList<>();
        synchronized (this) {
            for (Slot slot : slots) {
                if (!slot.done) {
                    slot.outcome = Errors.REQUEST_TIMED_OUT;
                    slot.done = true;
                    open--;
                    late.add(slot);
                }
            }
            if (late.isEmpty()) {
                return;
            }
            collect();
        }
        late.forEach(slot -> slot.partition.abandonProduce());
        finish();
    }

    /** By whoever brought the last outcome, in the step that makes it the last. */
    private void collect() {
        for (Slot slot : slots) {
            results.put(
                    slot.partition.topicPartition(),
                    slot.outcome == Errors.NONE ? slot.appended : slot.appended.withError(slot.outcome));
        }
    }

    private void finish() {
        cancelTimeout();
        future.complete(results);
    }
}
