// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.AnswerOnce;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Tells whoever asked what became of the record, with errors a producer understands. */
final class TransactionAnswer {
    private TransactionAnswer() {}

    /** The decision to append a record, and to answer once it is committed. */
    static Decision<TransactionRecord> after(TransactionRecord record, Consumer<? super Errors> answer) {
        Decision<TransactionRecord> decision = new Decision<>();
        decision.append(new RecordAppend<>(List.of(record), new AnswerOnce<>(error -> answer.accept(shown(error)))));
        return decision;
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
