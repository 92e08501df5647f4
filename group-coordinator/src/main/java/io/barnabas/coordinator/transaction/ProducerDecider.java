// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.transaction.InitProducerId.Producer;
import io.barnabas.coordinator.transaction.InitProducerId.Result;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/** Answers InitProducerId (KIP-98, KIP-360). Keeps no state of its own. */
final class ProducerDecider {
    private final TransactionContext context;
    private final EndDecider ends;

    ProducerDecider(TransactionContext context, EndDecider ends) {
        this.context = context;
        this.ends = ends;
    }

    /** @param ids all transactional ids of the shard; a new one is added */
    void init(
            Map<String, TransactionMetadata> ids,
            InitProducerId.Request request,
            Consumer<? super Result> answer,
            Outbox outbox) {
        TransactionMetadata metadata = ids.get(request.transactionalId());
        if (metadata == null) {
            OptionalLong id = context.producerIds().get();
            if (id.isEmpty()) {
                outbox.answer(answer, Result.failed(Errors.COORDINATOR_LOAD_IN_PROGRESS));
                return;
            }
            metadata = new TransactionMetadata(
                    request.transactionalId(), id.getAsLong(), request.timeoutMs(), context.wallMs());
            ids.put(request.transactionalId(), metadata);
        }
        Errors error = check(metadata, request.expected());
        if (error != Errors.NONE) {
            outbox.answer(answer, Result.failed(error));
        } else if (metadata.state() == TransactionState.ONGOING) {
            ends.fence(
                    metadata,
                    "another producer came with the transactional id",
                    fenced -> answer.accept(
                            Result.failed(fenced == Errors.NONE ? Errors.CONCURRENT_TRANSACTIONS : fenced)),
                    outbox);
        } else {
            assign(metadata, request, answer, outbox);
        }
    }

    private static Errors check(TransactionMetadata metadata, Optional<Producer> expected) {
        if (metadata.isChanging()) {
            return Errors.CONCURRENT_TRANSACTIONS;
        }
        if (expected.isPresent() && !mayGoOn(metadata, expected.get())) {
            return Errors.PRODUCER_FENCED;
        }
        return metadata.state().isPrepared() ? Errors.CONCURRENT_TRANSACTIONS : Errors.NONE;
    }

    /**
     * A producer that tells what it had goes on if the id was forgotten meanwhile, if it still has the producer id (its
     * epoch is looked at later), or if it had the former one and used up its epochs: then it asks again.
     */
    private static boolean mayGoOn(TransactionMetadata metadata, Producer expected) {
        return metadata.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH
                || expected.id() == metadata.producerId()
                || (expected.id() == metadata.lastProducerId()
                        && TransactionMetadata.isEpochExhausted(expected.epoch()));
    }

    private void assign(
            TransactionMetadata metadata,
            InitProducerId.Request request,
            Consumer<? super Result> answer,
            Outbox outbox) {
        Optional<Short> expectedEpoch = request.expected().map(Producer::epoch);
        Transition transition;
        if (metadata.isEpochExhausted()
                && (expectedEpoch.isEmpty() || expectedEpoch.get() == metadata.producerEpoch())) {
            OptionalLong id = context.producerIds().get();
            if (id.isEmpty()) {
                outbox.answer(answer, Result.failed(Errors.COORDINATOR_LOAD_IN_PROGRESS));
                return;
            }
            transition = metadata.prepareNextProducerId(
                    id.getAsLong(), request.timeoutMs(), expectedEpoch.isPresent(), context.wallMs());
        } else {
            Optional<Transition> next = metadata.prepareNextEpoch(request.timeoutMs(), expectedEpoch, context.wallMs());
            if (next.isEmpty()) {
                outbox.answer(answer, Result.failed(Errors.PRODUCER_FENCED));
                return;
            }
            transition = next.get();
        }
        Result granted = new Result(Errors.NONE, transition.producerId(), transition.producerEpoch());
        new TransitionWrite(
                        metadata,
                        transition,
                        error -> answer.accept(error == Errors.NONE ? granted : Result.failed(error)))
                .begin(outbox);
    }
}
