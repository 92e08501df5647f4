// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Outbox;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Answers AddPartitionsToTxn and AddOffsetsToTxn, and verifications (KIP-890). Keeps no state of its own. */
final class PartitionDecider {
    private final TransactionContext context;
    private final CleanupDecider cleanup;
    private final EndWaiters waiters;

    PartitionDecider(TransactionContext context, CleanupDecider cleanup, EndWaiters waiters) {
        this.context = context;
        this.cleanup = cleanup;
        this.waiters = waiters;
    }

    private static Errors check(TransactionMetadata metadata, long producerId, short producerEpoch) {
        return metadata == null
                ? Errors.INVALID_PRODUCER_ID_MAPPING
                : metadata.checkProducer(producerId, producerEpoch);
    }

    /**
     * Adds partitions, once the last transaction's markers are written.
     *
     * @param metadata null if the transactional id is not known
     */
    void add(
            TransactionMetadata metadata,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            Consumer<? super Errors> answer,
            long nowMs,
            Outbox outbox) {
        boolean waits = check(metadata, producerId, producerEpoch) == Errors.NONE
                && metadata.isEnding()
                && waiters.park(
                        metadata.transactionalId(),
                        nowMs,
                        later -> addAtOnce(metadata, producerId, producerEpoch, partitions, answer, later),
                        answer);
        if (!waits) {
            addAtOnce(metadata, producerId, producerEpoch, partitions, answer, outbox);
        }
    }

    private void addAtOnce(
            TransactionMetadata metadata,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            Consumer<? super Errors> answer,
            Outbox outbox) {
        Errors error = check(metadata, producerId, producerEpoch);
        if (error == Errors.NONE && (metadata.isChanging() || metadata.state().isPrepared())) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        boolean known = error == Errors.NONE
                && metadata.state() == TransactionState.ONGOING
                && metadata.partitions().containsAll(partitions);
        if (error != Errors.NONE || known) {
            outbox.answer(answer, error);
            return;
        }
        Transition transition = metadata.prepareAdd(partitions, context.wallMs());
        new TransitionWrite(metadata, transition, answer) {
            @Override
            void held(long nowMs, Outbox then) {
                cleanup.watchTimeouts(nowMs);
            }
        }.begin(outbox);
    }

    /** @param metadata null if the transactional id is not known */
    Map<TopicPartition, Errors> verify(
            TransactionMetadata metadata, long producerId, short producerEpoch, Set<TopicPartition> partitions) {
        Errors error = check(metadata, producerId, producerEpoch);
        if (error == Errors.NONE && metadata.state().isPrepared()) {
            error = Errors.CONCURRENT_TRANSACTIONS;
        }
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            if (error != Errors.NONE) {
                answers.put(partition, error);
            } else {
                boolean takesPart = metadata.partitions().contains(partition);
                answers.put(partition, takesPart ? Errors.NONE : Errors.TRANSACTION_ABORTABLE);
            }
        }
        return answers;
    }
}
