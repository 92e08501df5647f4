// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Decision;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Decides how transactions end: as their producer says, or aborted by the coordinator. */
final class EndDecider {
    /**
     * A producer ends its transaction.
     *
     * @param id null if the transactional id is not known
     * @param answer told NONE once the decision is committed, or why not
     */
    Decision<TransactionRecord> end(
            TransactionMetadata id,
            long producerId,
            short producerEpoch,
            boolean commit,
            Consumer<? super Errors> answer,
            long wallMs) {
        Errors error = id == null ? Errors.INVALID_PRODUCER_ID_MAPPING : id.checkProducer(producerId, producerEpoch);
        if (error == Errors.NONE && id.isChanging()) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        if (error != Errors.NONE || id.state() != TransactionState.ONGOING) {
            return Decision.answering(answer, error != Errors.NONE ? error : notOngoing(id.state(), commit));
        }
        return TransactionAnswer.after(Transitions.end(id, commit, wallMs), answer);
    }

    /** A repeated request is told how the first went; a contradicting one, or one without a transaction, is refused. */
    private static Errors notOngoing(TransactionState state, boolean commit) {
        return switch (state) {
            case COMPLETE_COMMIT -> commit ? Errors.NONE : Errors.INVALID_TXN_STATE;
            case COMPLETE_ABORT -> commit ? Errors.INVALID_TXN_STATE : Errors.NONE;
            case PREPARE_COMMIT -> commit ? Errors.CONCURRENT_TRANSACTIONS : Errors.INVALID_TXN_STATE;
            case PREPARE_ABORT -> commit ? Errors.INVALID_TXN_STATE : Errors.CONCURRENT_TRANSACTIONS;
            case EMPTY -> Errors.INVALID_TXN_STATE;
            case ONGOING, DEAD, PREPARE_EPOCH_FENCE -> throw new IllegalStateException("Never in state " + state);
        };
    }

    /**
     * Aborts an ongoing transaction that no other record is under way for, and fences its producer.
     *
     * @param why for the log of events, a short sentence
     * @param answer told NONE once the decision is committed, or why not
     */
    Decision<TransactionRecord> fence(
            TransactionMetadata id, String why, Consumer<? super Errors> answer, long wallMs) {
        if (id.isChanging() || id.state() != TransactionState.ONGOING) {
            throw new IllegalStateException("Cannot fence " + id);
        }
        TransactionRecord record = Transitions.fence(id, wallMs);
        Decision<TransactionRecord> decision = TransactionAnswer.after(record, answer);
        decision.event(new TransactionEvents.TransactionAborted(
                id.transactionalId(),
                id.producerId(),
                id.producerEpoch(),
                record.stored().producerEpoch(),
                record.stored().partitions().size(),
                wallMs - id.startMs(),
                why));
        return decision;
    }
}
