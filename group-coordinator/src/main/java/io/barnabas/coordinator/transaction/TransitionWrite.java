// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.AppendCallback;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transition on its way into the log. It counts once its record is committed, however late that is; until then the
 * transactional id takes no other.
 */
class TransitionWrite implements AppendCallback {
    private final TransactionMetadata metadata;
    private final Transition transition;
    private Consumer<? super Errors> answer;

    /** @param answer told NONE, or an error a producer understands, once */
    TransitionWrite(TransactionMetadata metadata, Transition transition, Consumer<? super Errors> answer) {
        this.metadata = metadata;
        this.transition = transition;
        this.answer = answer;
    }

    /** Asks for the record to be appended. */
    final void begin(Outbox outbox) {
        outbox.append(
                new RecordAppend(List.of(TransactionRecordCodec.record(metadata.transactionalId(), transition)), this));
    }

    @Override
    public final void committed(long lastOffset, Errors error, long nowMs, Outbox outbox) {
        metadata.complete(transition);
        answer(error, outbox);
        held(nowMs, outbox);
    }

    @Override
    public final void failed(Errors error, long nowMs, Outbox outbox) {
        lost(error, nowMs, outbox);
        answer(error, outbox);
    }

    @Override
    public final void overdue(long nowMs, Outbox outbox) {
        answer(Errors.REQUEST_TIMED_OUT, outbox);
    }

    /** What follows once the transition counts. */
    void held(long nowMs, Outbox outbox) {}

    /** What follows if it does not. */
    void lost(Errors error, long nowMs, Outbox outbox) {
        metadata.cancel();
    }

    private void answer(Errors error, Outbox outbox) {
        if (answer != null) {
            outbox.answer(answer, shown(error));
            answer = null;
        }
    }

    /** Errors of the log make no sense to a producer. */
    static Errors shown(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> Errors.UNKNOWN_SERVER_ERROR;
            default -> error;
        };
    }
}
