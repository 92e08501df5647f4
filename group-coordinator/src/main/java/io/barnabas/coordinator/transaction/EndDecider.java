// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.Outbox;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Decides how transactions end: as their producer says, or aborted by the coordinator. Keeps no state of its own. */
final class EndDecider {
    private final TransactionContext context;
    private final CompletionDecider completions;

    EndDecider(TransactionContext context, CompletionDecider completions) {
        this.context = context;
        this.completions = completions;
    }

    /** @param metadata null if the transactional id is not known */
    void end(
            TransactionMetadata metadata,
            long producerId,
            short producerEpoch,
            boolean commit,
            Consumer<? super Errors> answer,
            Outbox outbox) {
        Errors error = metadata == null
                ? Errors.INVALID_PRODUCER_ID_MAPPING
                : metadata.checkProducer(producerId, producerEpoch);
        if (error == Errors.NONE && metadata.isChanging()) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        if (error != Errors.NONE || metadata.state() != TransactionState.ONGOING) {
            outbox.answer(answer, error != Errors.NONE ? error : notOngoing(metadata.state(), commit));
            return;
        }
        write(metadata, metadata.prepareEnd(commit, context.wallMs()), false, answer, outbox);
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
     * Aborts an ongoing transaction that no other change is pending for, and fences its producer.
     *
     * @param why for the log, a short sentence
     * @param answer told NONE once the decision is committed
     */
    void fence(TransactionMetadata metadata, String why, Consumer<? super Errors> answer, Outbox outbox) {
        short fenced = metadata.producerEpoch();
        Transition transition = metadata.prepareFence(context.wallMs());
        DecisionEvent.of("transaction-aborted")
                .with("transactionalId", metadata.transactionalId())
                .with("producerId", metadata.producerId())
                .with("fencedEpoch", fenced)
                .with("epoch", transition.producerEpoch())
                .with("partitions", transition.partitions().size())
                .with("openMs", context.wallMs() - metadata.startMs())
                .because(why);
        write(metadata, transition, true, answer, outbox);
    }

    private void write(
            TransactionMetadata metadata,
            Transition transition,
            boolean fences,
            Consumer<? super Errors> answer,
            Outbox outbox) {
        new TransitionWrite(metadata, transition, answer) {
            @Override
            void held(long nowMs, Outbox then) {
                completions.begin(metadata, nowMs, then);
            }

            @Override
            void lost(Errors error, long nowMs, Outbox then) {
                if (fences) {
                    metadata.cancelFence();
                } else {
                    metadata.cancel();
                }
            }
        }.begin(outbox);
    }
}
