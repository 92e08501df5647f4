// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.transaction.InitProducerId.Producer;
import io.barnabas.coordinator.transaction.InitProducerId.Result;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/** Decides which producer id and epoch a producer gets (KIP-98, KIP-360). */
final class ProducerDecider {
    private final EndDecider ends;

    ProducerDecider(EndDecider ends) {
        this.ends = ends;
    }

    /** @param producerIds asked only if the id's epochs are used up; empty if there is none for the moment */
    Decision<TransactionRecord> init(
            TransactionMetadata id,
            InitProducerId.Request request,
            Supplier<OptionalLong> producerIds,
            Consumer<? super Result> answer,
            long wallMs) {
        Errors error = check(id, request.expected());
        if (error != Errors.NONE) {
            return Decision.answering(answer, Result.failed(error));
        }
        if (id.state() == TransactionState.ONGOING) {
            return ends.fence(
                    id,
                    "another producer came with the transactional id",
                    fenced -> answer.accept(
                            Result.failed(fenced == Errors.NONE ? Errors.CONCURRENT_TRANSACTIONS : fenced)),
                    wallMs);
        }
        return assign(id, request, producerIds, answer, wallMs);
    }

    private static Errors check(TransactionMetadata id, Optional<Producer> expected) {
        if (id.isChanging()) {
            return Errors.CONCURRENT_TRANSACTIONS;
        }
        return expected.isPresent() && !mayGoOn(id, expected.get()) ? Errors.PRODUCER_FENCED : Errors.NONE;
    }

    /**
     * A producer that tells what it had goes on if the id was forgotten meanwhile, if it still has the producer id (its
     * epoch is looked at later), or if it had the former one and used up its epochs: then it asks again.
     */
    private static boolean mayGoOn(TransactionMetadata id, Producer expected) {
        return id.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH
                || expected.id() == id.producerId()
                || (expected.id() == id.lastProducerId() && TransactionMetadata.isEpochExhausted(expected.epoch()));
    }

    private static Decision<TransactionRecord> assign(
            TransactionMetadata id,
            InitProducerId.Request request,
            Supplier<OptionalLong> producerIds,
            Consumer<? super Result> answer,
            long wallMs) {
        Optional<Short> expected = request.expected().map(Producer::epoch);
        Optional<TransactionRecord> next;
        if (id.isEpochExhausted() && (expected.isEmpty() || expected.get() == id.producerEpoch())) {
            OptionalLong newId = producerIds.get();
            if (newId.isEmpty()) {
                return Decision.answering(answer, Result.failed(Errors.COORDINATOR_LOAD_IN_PROGRESS));
            }
            next = Optional.of(Transitions.nextProducerId(
                    id, newId.getAsLong(), request.timeoutMs(), expected.isPresent(), wallMs));
        } else {
            next = Transitions.nextEpoch(id, request.timeoutMs(), expected, wallMs);
        }
        if (next.isEmpty()) {
            return Decision.answering(answer, Result.failed(Errors.PRODUCER_FENCED));
        }
        StoredTransaction assigned = next.get().stored();
        Result granted = new Result(Errors.NONE, assigned.producerId(), assigned.producerEpoch());
        return TransactionAnswer.after(
                next.get(), error -> answer.accept(error == Errors.NONE ? granted : Result.failed(error)));
    }
}
