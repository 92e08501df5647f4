// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Answers what is late by the time-out a request brought. */
final class Deadlines {
    private final ScheduledExecutorService timer;

    Deadlines(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** The future, or the given value once the time is up; at once if the time is not positive. */
    <T> CompletableFuture<T> within(int timeoutMs, CompletableFuture<T> future, Supplier<T> late) {
        if (timeoutMs <= 0) {
            return CompletableFuture.completedFuture(future.isDone() ? future.join() : late.get());
        }
        if (!future.isDone()) {
            Future<?> timeout = timer.schedule(() -> future.complete(late.get()), timeoutMs, TimeUnit.MILLISECONDS);
            future.whenComplete((value, failure) -> timeout.cancel(false));
        }
        return future;
    }

    /** Completes when all of them are complete, each of which is late at the same time. */
    static CompletableFuture<Void> all(Collection<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
    }
}
