// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.PriorityQueue;

/**
 * The deadlines of one shard. Not a thread and not a clock: the shard's owner asks for the next deadline and lets what
 * is due run.
 *
 * <p>Moving a deadline further away, as each heartbeat does, costs a field write: the queue notices when the old one
 * comes.
 *
 * @param <R> the records of the shard
 */
public final class TimerQueue<R> {
    private final PriorityQueue<Slot> slots = new PriorityQueue<>();
    private long nextSequence;

    /**
     * What happens when a timer is due.
     *
     * @param <R> the records of the shard
     */
    @FunctionalInterface
    public interface Action<R> {
        /** @param decision takes what is to be done */
        void run(long nowMs, Decision<R> decision);
    }

    /** A new timer, not set. */
    public Timer timer(Action<R> action) {
        return new Timer(action);
    }

    /** Runs every timer due at or before {@code nowMs}, earliest first, those that become due meanwhile too. */
    public Decision<R> runDue(long nowMs) {
        return Decision.of(decision -> runDue(nowMs, decision));
    }

    private void runDue(long nowMs, Decision<R> decision) {
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
                timer.action.run(nowMs, decision);
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

        private final Action<R> action;
        private long deadlineMs = UNSET;
        private Slot slot;

        private Timer(Action<R> action) {
            this.action = action;
        }

        /** Sets or moves the deadline. */
        public void set(long newDeadlineMs) {
            deadlineMs = newDeadlineMs;
            if (slot == null || slot.atMs > newDeadlineMs) {
                enqueue();
            }
        }

        /** Keeps the timer from running, until it is set again. */
        public void cancel() {
            deadlineMs = UNSET;
        }

        /** Whether the timer is to run. */
        public boolean isSet() {
            return deadlineMs != UNSET;
        }

        private void enqueue() {
            slot = new Slot(deadlineMs, nextSequence++, this);
            slots.add(slot);
        }
    }

    private final class Slot implements Comparable<Slot> {
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
