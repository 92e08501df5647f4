// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The acks=all appends of one partition that wait for the high watermark, in the order they were appended. Thread-safe;
 * waiters are answered under no lock. Looking whether anyone waits costs one volatile read.
 */
final class ProduceWaiters {
    private final Deque<Waiter> queue = new ArrayDeque<>();
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

    /** Adds; called under the partition's lock, so that offsets rise. */
    synchronized void add(Waiter waiter) {
        queue.add(waiter);
        refresh();
    }

    /** Whether the high watermark lets anyone go. */
    boolean anyReady(long highWatermark) {
        return nextOffset <= highWatermark;
    }

    /** Lets go whom the high watermark reached. */
    void complete(long highWatermark, Errors error) {
        Waiter ready = poll(highWatermark);
        while (ready != null) {
            ready.complete(error);
            ready = poll(highWatermark);
        }
    }

    /** Lets everybody go with an error: the partition is led here no longer. */
    void fail(Errors error) {
        List<Waiter> all;
        synchronized (this) {
            all = new ArrayList<>(queue);
            queue.clear();
            abandoned = 0;
            refresh();
        }
        all.forEach(waiter -> waiter.complete(error));
    }

    /** A waiter timed out: it leaves the queue sooner or later, and never makes up more than half of it. */
    synchronized void abandon() {
        abandoned++;
        if (abandoned * 2 >= queue.size()) {
            queue.removeIf(Waiter::isDone);
            abandoned = 0;
        }
        refresh();
    }

    synchronized int size() {
        return queue.size();
    }

    private synchronized Waiter poll(long highWatermark) {
        Waiter head = queue.peek();
        if (head == null || head.requiredOffset() > highWatermark) {
            return null;
        }
        queue.poll();
        refresh();
        return head;
    }

    private void refresh() {
        Waiter head = queue.peek();
        nextOffset = head == null ? Long.MAX_VALUE : head.requiredOffset();
    }
}
