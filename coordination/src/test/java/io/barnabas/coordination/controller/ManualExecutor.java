// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs what it is given when told to, in order, on the test's thread; time passes when told to. */
final class ManualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Task<?>> later =
            new PriorityQueue<>(Comparator.<Task<?>>comparingLong(t -> t.atMs).thenComparingLong(t -> t.number));
    private long nowMs;
    private long counter;

    /** Runs until nothing is ready. */
    void runAll() {
        for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
            next.run();
        }
    }

    void advance(long ms) {
        nowMs += ms;
        runAll();
        while (!later.isEmpty() && later.peek().atMs <= nowMs) {
            later.poll().run();
            runAll();
        }
    }

    @Override
    public void execute(Runnable command) {
        ready.add(command);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task<?> task = new Task<>(command, nowMs + unit.toMillis(delay), counter++);
        later.add(task);
        return task;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long delay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long delay, long wait, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        ready.clear();
        later.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return new ArrayList<>(ready);
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private static final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long atMs;
        private final long number;

        Task(Runnable command, long atMs, long number) {
            super(command, null);
            this.atMs = atMs;
            this.number = number;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atMs, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }
    }
}
