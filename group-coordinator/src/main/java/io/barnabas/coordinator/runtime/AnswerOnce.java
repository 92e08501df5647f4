// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers whoever asked for an append, once, with the first that is known of it: committed, failed, or late
 * ({@link Errors#REQUEST_TIMED_OUT}). Owned by the shard's loop.
 *
 * @param <R> the records of the shard
 */
public class AnswerOnce<R> implements Continuation<R> {
    private Consumer<? super Errors> answer;

    /** @param answer hears the error of the log, {@link Errors#NONE} if there was none */
    public AnswerOnce(Consumer<? super Errors> answer) {
        this.answer = answer;
    }

    @Override
    public Decision<R> committed(Errors error, long nowMs) {
        return answer(error);
    }

    @Override
    public Decision<R> failed(Errors error, long nowMs) {
        return answer(error);
    }

    @Override
    public Decision<R> overdue(long nowMs) {
        return answer(Errors.REQUEST_TIMED_OUT);
    }

    /** Answers, unless that was done before. */
    protected final Decision<R> answer(Errors error) {
        if (answer == null) {
            return Decision.nothing();
        }
        Decision<R> decision = Decision.answering(answer, error);
        answer = null;
        return decision;
    }
}
