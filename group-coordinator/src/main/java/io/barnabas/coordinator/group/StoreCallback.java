// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.runtime.AppendCallback;
import io.barnabas.coordinator.runtime.Outbox;
import org.apache.kafka.common.protocol.Errors;

/** For records whose fate matters only up to the first answer: committed in time, or an error. */
abstract class StoreCallback implements AppendCallback {
    private boolean done;

    /** Called once with the outcome, an error of the log. */
    abstract void stored(Errors error, long nowMs, Outbox outbox);

    @Override
    public final void committed(long lastOffset, Errors error, long nowMs, Outbox outbox) {
        finish(error, nowMs, outbox);
    }

    @Override
    public final void failed(Errors error, long nowMs, Outbox outbox) {
        finish(error, nowMs, outbox);
    }

    @Override
    public final void overdue(long nowMs, Outbox outbox) {
        finish(Errors.REQUEST_TIMED_OUT, nowMs, outbox);
    }

    private void finish(Errors error, long nowMs, Outbox outbox) {
        if (!done) {
            done = true;
            stored(error, nowMs, outbox);
        }
    }

    /** A callback from a lambda. */
    static StoreCallback of(Outcome outcome) {
        return new StoreCallback() {
            @Override
            void stored(Errors error, long nowMs, Outbox outbox) {
                outcome.stored(error, nowMs, outbox);
            }
        };
    }

    /** What to do once the outcome is known. */
    @FunctionalInterface
    interface Outcome {
        void stored(Errors error, long nowMs, Outbox outbox);
    }
}
