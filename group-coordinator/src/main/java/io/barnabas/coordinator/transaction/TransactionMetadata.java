// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/**
 * One transactional id. A change is prepared, which blocks all others, written, and then completed or cancelled. Owned
 * by its shard's loop.
 */
final class TransactionMetadata {
    static final long NOT_STARTED = -1L;

    private final String transactionalId;
    private final Set<TopicPartition> partitions = new LinkedHashSet<>();
    private long producerId;
    private long lastProducerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private short lastProducerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int timeoutMs;
    private TransactionState state = TransactionState.EMPTY;
    private TransactionState pending;
    private long startMs = NOT_STARTED;
    private long lastUpdateMs;
    private boolean fenceFailed;

    /** An id nobody used yet. */
    TransactionMetadata(String transactionalId, long producerId, int timeoutMs, long nowMs) {
        this.transactionalId = transactionalId;
        this.producerId = producerId;
        this.timeoutMs = timeoutMs;
        this.lastUpdateMs = nowMs;
    }

    /** An id as a record has it. */
    static TransactionMetadata restored(String transactionalId, Transition stored) {
        TransactionMetadata metadata = new TransactionMetadata(
                transactionalId, stored.producerId(), stored.timeoutMs(), stored.lastUpdateMs());
        metadata.producerEpoch = stored.producerEpoch();
        metadata.state = stored.state();
        metadata.partitions.addAll(stored.partitions());
        metadata.startMs = stored.startMs();
        return metadata;
    }

    String transactionalId() {
        return transactionalId;
    }

    long producerId() {
        return producerId;
    }

    long lastProducerId() {
        return lastProducerId;
    }

    /** -1 before the first InitProducerId is written. */
    short producerEpoch() {
        return producerEpoch;
    }

    short lastProducerEpoch() {
        return lastProducerEpoch;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    TransactionState state() {
        return state;
    }

    /** The state a prepared change leads to. */
    Optional<TransactionState> pending() {
        return Optional.ofNullable(pending);
    }

    boolean isChanging() {
        return pending != null;
    }

    /** Whether the end is decided and committed, and markers are being written. */
    boolean isEnding() {
        return state.isPrepared() && pending != null;
    }

    /** The partitions that take part; while markers are written, those that still lack theirs. */
    Set<TopicPartition> partitions() {
        return Collections.unmodifiableSet(partitions);
    }

    /** When the last transaction began, in wall time; -1 if none did. */
    long startMs() {
        return startMs;
    }

    long lastUpdateMs() {
        return lastUpdateMs;
    }

    /** The last epoch is kept back, so that a producer can always be fenced. */
    boolean isEpochExhausted() {
        return isEpochExhausted(producerEpoch);
    }

    static boolean isEpochExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    // --- changes, each blocking all others until completed or cancelled

    /**
     * A producer comes (KIP-98), or comes back and tells the epoch it had (KIP-360).
     *
     * @param expectedEpoch the epoch the producer had, if it tells
     * @return empty if the producer is not the last one that had the id: it is fenced
     */
    Optional<Transition> prepareNextEpoch(int newTimeoutMs, Optional<Short> expectedEpoch, long nowMs) {
        if (expectedEpoch.isEmpty()) {
            return Optional.of(
                    prepareInit(producerId, nextEpoch(), RecordBatch.NO_PRODUCER_EPOCH, newTimeoutMs, nowMs));
        }
        short expected = expectedEpoch.get();
        if (producerEpoch == RecordBatch.NO_PRODUCER_EPOCH || expected == producerEpoch) {
            return Optional.of(prepareInit(producerId, nextEpoch(), producerEpoch, newTimeoutMs, nowMs));
        }
        if (expected == lastProducerEpoch) {
            // It asks again, as the answer to a successful request was lost.
            return Optional.of(prepareInit(producerId, producerEpoch, lastProducerEpoch, newTimeoutMs, nowMs));
        }
        return Optional.empty();
    }

    private short nextEpoch() {
        if (isEpochExhausted()) {
            throw new IllegalStateException("No epoch is left for producer id " + producerId);
        }
        return (short) (producerEpoch + 1);
    }

    /** No epoch is left: go on under another producer id. */
    Transition prepareNextProducerId(long newProducerId, int newTimeoutMs, boolean rememberEpoch, long nowMs) {
        short last = rememberEpoch ? producerEpoch : RecordBatch.NO_PRODUCER_EPOCH;
        return prepareInit(newProducerId, (short) 0, last, newTimeoutMs, nowMs);
    }

    private Transition prepareInit(long newProducerId, short epoch, short lastEpoch, int newTimeoutMs, long nowMs) {
        return prepare(new Transition(
                newProducerId,
                producerId,
                epoch,
                lastEpoch,
                newTimeoutMs,
                TransactionState.EMPTY,
                Set.of(),
                NOT_STARTED,
                nowMs));
    }

    /** Partitions are to take part; the first begins the transaction. */
    Transition prepareAdd(Collection<TopicPartition> added, long nowMs) {
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.addAll(added);
        long start = state == TransactionState.ONGOING ? startMs : nowMs;
        return prepare(transition(TransactionState.ONGOING, all, start, nowMs));
    }

    /** The producer ends the transaction. */
    Transition prepareEnd(boolean commit, long nowMs) {
        TransactionState target = commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        return prepare(transition(target, partitions, startMs, nowMs));
    }

    /**
     * The coordinator aborts the transaction and shuts its producer out by raising the epoch. The raised epoch counts at
     * once, and is given to nobody; should the record not be written, the next attempt uses it again.
     */
    Transition prepareFence(long nowMs) {
        if (isChanging() || state != TransactionState.ONGOING) {
            throw new IllegalStateException("Cannot fence " + this);
        }
        if (!fenceFailed) {
            if (producerEpoch == Short.MAX_VALUE) {
                throw new IllegalStateException("No epoch is left to fence with: " + this);
            }
            producerEpoch++;
        }
        lastProducerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
        return prepareEnd(false, nowMs);
    }

    /** Every partition has its marker. */
    Transition prepareComplete(long nowMs) {
        TransactionState target = state == TransactionState.PREPARE_COMMIT
                ? TransactionState.COMPLETE_COMMIT
                : TransactionState.COMPLETE_ABORT;
        fenceFailed = false;
        return prepare(transition(target, Set.of(), startMs, nowMs));
    }

    /** The id expired. */
    void prepareDead() {
        prepare(transition(TransactionState.DEAD, Set.of(), startMs, lastUpdateMs));
    }

    private Transition transition(TransactionState target, Set<TopicPartition> with, long start, long nowMs) {
        return new Transition(
                producerId, producerId, producerEpoch, lastProducerEpoch, timeoutMs, target, with, start, nowMs);
    }

    private Transition prepare(Transition transition) {
        TransactionState target = transition.state();
        if (isChanging()) {
            throw new IllegalStateException("Preparing " + target + " while another change is pending: " + this);
        }
        if (!target.previous().contains(state)) {
            throw new IllegalStateException("No way leads to " + target + " from " + this);
        }
        if (transition.producerId() < 0 || (transition.producerEpoch() < 0 && target != TransactionState.DEAD)) {
            throw new IllegalArgumentException("Illegal producer id or epoch: " + transition);
        }
        pending = target;
        return transition;
    }

    /** The record is committed: the change counts. */
    void complete(Transition transition) {
        if (pending != transition.state() || !transition.state().previous().contains(state)) {
            throw new IllegalStateException("Unexpected " + transition + " for " + this);
        }
        if (transition.state() == TransactionState.EMPTY) {
            timeoutMs = transition.timeoutMs();
            producerId = transition.producerId();
            lastProducerId = transition.lastProducerId();
            producerEpoch = transition.producerEpoch();
            lastProducerEpoch = transition.lastProducerEpoch();
        } else {
            if (transition.producerId() != producerId || transition.producerEpoch() != producerEpoch) {
                throw new IllegalStateException("Another producer in " + transition + " for " + this);
            }
            startMs = transition.startMs();
            partitions.addAll(transition.partitions());
        }
        if (transition.partitions().isEmpty()) {
            partitions.clear();
        }
        lastUpdateMs = transition.lastUpdateMs();
        state = transition.state();
        pending = null;
    }

    /** The record was not written: nothing changed. */
    void cancel() {
        pending = null;
    }

    /** The record of {@link #prepareFence} was not written. */
    void cancelFence() {
        pending = null;
        fenceFailed = true;
    }

    /** The partition has its marker, or needs none. */
    void removePartition(TopicPartition partition) {
        if (!state.isPrepared()) {
            throw new IllegalStateException("A marker was written for " + this);
        }
        partitions.remove(partition);
    }

    /** Whether the producer is the one that has the id now. */
    Errors checkProducer(long id, short epoch) {
        if (id != producerId) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return epoch == producerEpoch ? Errors.NONE : Errors.PRODUCER_FENCED;
    }

    @Override
    public String toString() {
        return "transactional id " + transactionalId + " (producer " + producerId + ", epoch " + producerEpoch + ", "
                + state + (pending == null ? "" : " to " + pending) + ", partitions " + partitions + ")";
    }
}
