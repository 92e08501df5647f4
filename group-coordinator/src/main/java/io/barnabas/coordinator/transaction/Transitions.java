// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;

/**
 * The records that lead a transactional id from one state to the next. Changes nothing; throws if the protocol has no
 * such transition.
 */
final class Transitions {
    private Transitions() {}

    /**
     * A producer comes (KIP-98), or comes back and tells the epoch it had (KIP-360).
     *
     * @param expectedEpoch the epoch the producer had, if it tells
     * @return empty if the producer is not the last one that had the id: it is fenced
     */
    static Optional<TransactionRecord> nextEpoch(
            TransactionMetadata id, int timeoutMs, Optional<Short> expectedEpoch, long wallMs) {
        short epoch = id.producerEpoch();
        if (expectedEpoch.isEmpty()) {
            return Optional.of(init(id, id.producerId(), raised(id), RecordBatch.NO_PRODUCER_EPOCH, timeoutMs, wallMs));
        }
        short expected = expectedEpoch.get();
        if (epoch == RecordBatch.NO_PRODUCER_EPOCH || expected == epoch) {
            return Optional.of(init(id, id.producerId(), raised(id), epoch, timeoutMs, wallMs));
        }
        if (expected == id.lastProducerEpoch()) {
            // It asks again, as the answer to a successful request was lost.
            return Optional.of(init(id, id.producerId(), epoch, id.lastProducerEpoch(), timeoutMs, wallMs));
        }
        return Optional.empty();
    }

    private static short raised(TransactionMetadata id) {
        if (id.isEpochExhausted()) {
            throw new IllegalStateException("No epoch is left for " + id);
        }
        return (short) (id.producerEpoch() + 1);
    }

    /** No epoch is left: go on under another producer id. */
    static TransactionRecord nextProducerId(
            TransactionMetadata id, long newProducerId, int timeoutMs, boolean rememberEpoch, long wallMs) {
        short last = rememberEpoch ? id.producerEpoch() : RecordBatch.NO_PRODUCER_EPOCH;
        return init(id, newProducerId, (short) 0, last, timeoutMs, wallMs);
    }

    private static TransactionRecord init(
            TransactionMetadata id, long newProducerId, short epoch, short lastEpoch, int timeoutMs, long wallMs) {
        return checked(
                id,
                new StoredTransaction(
                        newProducerId,
                        id.producerId(),
                        epoch,
                        lastEpoch,
                        timeoutMs,
                        TransactionState.EMPTY,
                        Set.of(),
                        id.startMs(),
                        wallMs));
    }

    /** Partitions are to take part; the first begins the transaction. */
    static TransactionRecord add(TransactionMetadata id, Collection<TopicPartition> added, long wallMs) {
        Set<TopicPartition> all = new HashSet<>(id.partitions());
        all.addAll(added);
        long startMs = id.state() == TransactionState.ONGOING ? id.startMs() : wallMs;
        return to(id, TransactionState.ONGOING, id.producerEpoch(), all, startMs, wallMs);
    }

    /** The producer ends the transaction. */
    static TransactionRecord end(TransactionMetadata id, boolean commit, long wallMs) {
        TransactionState target = commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        return to(id, target, id.producerEpoch(), id.partitions(), id.startMs(), wallMs);
    }

    /** The coordinator aborts the transaction and shuts its producer out by raising the epoch. */
    static TransactionRecord fence(TransactionMetadata id, long wallMs) {
        short epoch = id.producerEpoch();
        if (!id.isRaised()) {
            if (epoch == Short.MAX_VALUE) {
                throw new IllegalStateException("No epoch is left to fence with: " + id);
            }
            epoch++;
        }
        return to(id, TransactionState.PREPARE_ABORT, epoch, id.partitions(), id.startMs(), wallMs);
    }

    /** Every partition has its marker. */
    static TransactionRecord complete(TransactionMetadata id, long wallMs) {
        TransactionState target = id.state() == TransactionState.PREPARE_COMMIT
                ? TransactionState.COMPLETE_COMMIT
                : TransactionState.COMPLETE_ABORT;
        return to(id, target, id.producerEpoch(), Set.of(), id.startMs(), wallMs);
    }

    private static TransactionRecord to(
            TransactionMetadata id,
            TransactionState target,
            short epoch,
            Set<TopicPartition> partitions,
            long startMs,
            long wallMs) {
        boolean fences = epoch != id.producerEpoch();
        return checked(
                id,
                new StoredTransaction(
                        id.producerId(),
                        id.lastProducerId(),
                        epoch,
                        fences ? RecordBatch.NO_PRODUCER_EPOCH : id.lastProducerEpoch(),
                        id.timeoutMs(),
                        target,
                        partitions,
                        startMs,
                        wallMs));
    }

    private static TransactionRecord checked(TransactionMetadata id, StoredTransaction next) {
        if (!next.state().previous().contains(id.state())) {
            throw new IllegalStateException("No way leads to " + next.state() + " from " + id);
        }
        if (next.producerId() < 0 || next.producerEpoch() < 0) {
            throw new IllegalArgumentException("Illegal producer id or epoch: " + next);
        }
        return new TransactionRecord(id.transactionalId(), next);
    }
}
