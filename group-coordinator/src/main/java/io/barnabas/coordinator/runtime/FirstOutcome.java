// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * For records whose fate matters only up to the first that is known of it: committed, failed, or late
 * ({@link Errors#REQUEST_TIMED_OUT}). Owned by the shard's loop.
 *
 * @param <R> the records of the shard
 */
public final class FirstOutcome<R> implements Continuation<R> {
    private final Step<R> step;
    private boolean taken;

    /**
     * What to do once the outcome is known.
     *
     * @param <R> the records of the shard
     */
    @FunctionalInterface
    public interface Step<R> {
        /** @param decision takes what follows */
        void run(Errors error, long nowMs, Decision<R> decision);
    }

    /** @param step runs once, with an error of the log */
    public FirstOutcome(Step<R> step) {
        this.step = step;
    }

    @Override
    public Decision<R> committed(Errors error, long nowMs) {
        return take(error, nowMs);
    }

    @Override
    public Decision<R> failed(Errors error, long nowMs) {
        return take(error, nowMs);
    }

    @Override
    public Decision<R> overdue(long nowMs) {
        return take(Errors.REQUEST_TIMED_OUT, nowMs);
    }

    private Decision<R> take(Errors error, long nowMs) {
        if (taken) {
            return Decision.nothing();
        }
        taken = true;
        return Decision.of(decision -> step.run(error, nowMs, decision));
    }
}
