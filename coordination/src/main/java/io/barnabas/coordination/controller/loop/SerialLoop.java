// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs the controller's events one at a time and to the end: the next begins when the stage of the one before is
 * complete, so that an event sees the state the one before left, although nothing here waits. All of it, continuations
 * included, runs on the one thread of the executor passed in.
 */
final class SerialLoop {
    private final ScheduledExecutorService executor;
    private final Queue<Supplier<CompletionStage<?>>> events = new ArrayDeque<>();
    private final AtomicInteger offered = new AtomicInteger();
    private final int maxOffered;
    private boolean busy;

    /** @param maxOffered how many events of {@link #offer} may wait */
    SerialLoop(ScheduledExecutorService executor, int maxOffered) {
        this.executor = executor;
        this.maxOffered = maxOffered;
    }

    /** Adds an event unless too many of this kind wait already; returns whether it did. From any thread. */
    boolean offer(Supplier<CompletionStage<?>> event) {
        if (offered.incrementAndGet() > maxOffered) {
            offered.decrementAndGet();
            return false;
        }
        submit(() -> {
            offered.decrementAndGet();
            return event.get();
        });
        return true;
    }

    /** Adds an event; from any thread. It must not fail: whoever submits handles its own failures. */
    void submit(Supplier<CompletionStage<?>> event) {
        executor.execute(() -> {
            events.add(event);
            runNext();
        });
    }

    private void runNext() {
        if (busy) {
            return;
        }
        Supplier<CompletionStage<?>> event = events.poll();
        if (event == null) {
            return;
        }
        busy = true;
        event.get()
                .whenCompleteAsync(
                        (result, failure) -> {
                            busy = false;
                            runNext();
                        },
                        executor);
    }

    /** The same future, its continuations on the loop's thread, whether it fails or not. */
    <T> CompletableFuture<T> hop(CompletionStage<T> future) {
        return future.whenCompleteAsync((result, failure) -> {}, executor).toCompletableFuture();
    }

    /** Runs something on the loop's thread later, between the stages of events. */
    ScheduledFuture<?> schedule(Runnable action, long delayMs) {
        return executor.schedule(action, delayMs, TimeUnit.MILLISECONDS);
    }

    /** The loop's thread. */
    ScheduledExecutorService executor() {
        return executor;
    }
}
