// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Decides which partitions take part in a transaction, and whether one does (KIP-890). */
final class ParticipantDecider {
    /** Whether the producer would be let in, were the last transaction's markers written. */
    boolean waitsForEnd(TransactionMetadata id, long producerId, short producerEpoch) {
        return check(id, producerId, producerEpoch) == Errors.NONE && id.isEnding();
    }

    /**
     * Adds partitions.
     *
     * @param id null if the transactional id is not known
     * @param answer told NONE once that is committed, or why not
     */
    Decision<TransactionRecord> add(
            TransactionMetadata id,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            Consumer<? super Errors> answer,
            long wallMs) {
        Errors error = check(id, producerId, producerEpoch);
        if (error == Errors.NONE && id.isChanging()) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        boolean known = error == Errors.NONE
                && id.state() == TransactionState.ONGOING
                && id.partitions().containsAll(partitions);
        if (error != Errors.NONE || known) {
            return Decision.answering(answer, error);
        }
        return TransactionAnswer.after(Transitions.add(id, partitions, wallMs), answer);
    }

    /** @param id null if the transactional id is not known */
    Map<TopicPartition, Errors> verify(
            TransactionMetadata id, long producerId, short producerEpoch, Set<TopicPartition> partitions) {
        Errors error = check(id, producerId, producerEpoch);
        if (error == Errors.NONE && id.isEnding()) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            if (error != Errors.NONE) {
                answers.put(partition, error);
            } else {
                boolean takesPart = id.partitions().contains(partition);
                answers.put(partition, takesPart ? Errors.NONE : Errors.TRANSACTION_ABORTABLE);
            }
        }
        return answers;
    }

    private static Errors check(TransactionMetadata id, long producerId, short producerEpoch) {
        return id == null ? Errors.INVALID_PRODUCER_ID_MAPPING : id.checkProducer(producerId, producerEpoch);
    }
}
