// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The acks=all appends of one partition that wait for the high watermark, in the order they were appended. Plain, and
 * guarded by the partition's lock; the partition answers those it takes out after it let the lock go. Only whether anyone
 * is ready may be asked without the lock.
 */
final class ProduceWaiters {
    private final Deque<Waiter> queue = new ArrayDeque<>();
    /** Volatile: each append and each follower's fetch looks at it without the lock. */
    private volatile long nextOffset = Long.MAX_VALUE;

    private int abandoned;

    /** One append that waits. */
    interface Waiter {
        /** The append is done once the high watermark reaches this. */
        long requiredOffset();

        /** Answered already, by a time-out. */
        boolean isDone();

        void complete(Errors error);
    }

    /** Adds; in the order of the appends, so that offsets rise. */
    void add(Waiter waiter) {
        queue.add(waiter);
        refresh();
    }

    /** Whether the high watermark lets anyone go. From any thread. */
    boolean anyReady(long highWatermark) {
        return nextOffset <= highWatermark;
    }

    /** Takes out whom the high watermark reached. */
    List<Waiter> takeReady(long highWatermark) {
        List<Waiter> ready = new ArrayList<>();
        for (Waiter head = queue.peek(); head != null && head.requiredOffset() <= highWatermark; head = queue.peek()) {
            ready.add(queue.poll());
        }
        refresh();
        return ready;
    }

    /** Takes out everybody: the partition is led here no longer. */
    List<Waiter> takeAll() {
        List<Waiter> all = List.copyOf(queue);
        queue.clear();
        abandoned = 0;
        refresh();
        return all;
    }

    /** A waiter timed out: it leaves the queue sooner or later, and never makes up more than half of it. */
    void abandon() {
        abandoned++;
        if (abandoned * 2 >= queue.size()) {
            queue.removeIf(Waiter::isDone);
            abandoned = 0;
        }
        refresh();
    }

    private void refresh() {
        Waiter head = queue.peek();
        nextOffset = head == null ? Long.MAX_VALUE : head.requiredOffset();
    }
}
