// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.PriorityQueue;

/**
 * The deadlines of one shard. Not a thread and not a clock: the shard's owner asks for the next deadline and lets what
 * is due run.
 *
 * <p>Moving a deadline further away, as each heartbeat does, costs a field write: the queue notices when the old one comes.
 */
public final class TimerQueue {
    private final PriorityQueue<Slot> slots = new PriorityQueue<>();
    private long nextSequence;

    /** What happens when a timer is due. */
    @FunctionalInterface
    public interface Action {
        void run(long nowMs, Outbox outbox);
    }

    /** A new timer, not set. */
    public Timer timer(Action action) {
        return new Timer(action);
    }

    /** Runs every timer due at or before {@code nowMs}, earliest first, those that become due meanwhile too. */
    public void runDue(long nowMs, Outbox outbox) {
        while (!slots.isEmpty() && slots.peek().atMs <= nowMs) {
            Slot slot = slots.poll();
            Timer timer = slot.timer;
            if (timer.slot != slot) {
                continue;
            }
            timer.slot = null;
            if (timer.deadlineMs > nowMs) {
                timer.enqueue();
            } else if (timer.deadlineMs != Timer.UNSET) {
                timer.deadlineMs = Timer.UNSET;
                timer.action.run(nowMs, outbox);
            }
        }
    }

    /** When {@link #runDue} should be called next; possibly too early, never too late. */
    public long nextDeadlineMs() {
        return slots.isEmpty() ? CoordinatorShard.NO_DEADLINE : slots.peek().atMs;
    }

    /** Something that happens once at its deadline, unless it is moved or cancelled before. */
    public final class Timer {
        private static final long UNSET = Long.MIN_VALUE;

        private final Action action;
        private long deadlineMs = UNSET;
        private Slot slot;

        private Timer(Action action) {
            this.action = action;
        }

        /** Sets or moves the deadline. */
        public void set(long newDeadlineMs) {
            deadlineMs = newDeadlineMs;
            if (slot == null || slot.atMs > newDeadlineMs) {
                enqueue();
            }
        }

        public void cancel() {
            deadlineMs = UNSET;
        }

        public boolean isSet() {
            return deadlineMs != UNSET;
        }

        private void enqueue() {
            slot = new Slot(deadlineMs, nextSequence++, this);
            slots.add(slot);
        }
    }

    private static final class Slot implements Comparable<Slot> {
        private final long atMs;
        private final long sequence;
        private final Timer timer;

        private Slot(long atMs, long sequence, Timer timer) {
            this.atMs = atMs;
            this.sequence = sequence;
            this.timer = timer;
        }

        @Override
        public int compareTo(Slot other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
