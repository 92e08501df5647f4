// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/**
 * One transactional id. What is in the log changes by {@link #replay} only. Soft state, known to this coordinator
 * alone, is the record under way, which blocks all others, an epoch raised to fence a producer, and which markers are
 * still missing. Owned by its shard's loop.
 */
final class TransactionMetadata {
    private static final short NOT_RAISED = -1;

    private final String transactionalId;
    private StoredTransaction stored;

    private StoredTransaction underWay;
    private short raisedEpoch = NOT_RAISED;
    private Set<TopicPartition> missingMarkers = Set.of();

    /** @param stored as its record has it */
    TransactionMetadata(String transactionalId, StoredTransaction stored) {
        this.transactionalId = transactionalId;
        replay(stored);
    }

    /** An id nobody used yet: it has no record, and no epoch before the first one. */
    static TransactionMetadata unused(String transactionalId, long producerId, int timeoutMs, long wallMs) {
        return new TransactionMetadata(
                transactionalId,
                new StoredTransaction(
                        producerId,
                        RecordBatch.NO_PRODUCER_ID,
                        RecordBatch.NO_PRODUCER_EPOCH,
                        RecordBatch.NO_PRODUCER_EPOCH,
                        timeoutMs,
                        TransactionState.EMPTY,
                        Set.of(),
                        StoredTransaction.NOT_STARTED,
                        wallMs));
    }

    String transactionalId() {
        return transactionalId;
    }

    long producerId() {
        return stored.producerId();
    }

    long lastProducerId() {
        return stored.lastProducerId();
    }

    /** -1 before the first InitProducerId is written; one raised to fence counts at once. */
    short producerEpoch() {
        return isRaised() ? raisedEpoch : stored.producerEpoch();
    }

    short lastProducerEpoch() {
        return isRaised() ? RecordBatch.NO_PRODUCER_EPOCH : stored.lastProducerEpoch();
    }

    int timeoutMs() {
        return stored.timeoutMs();
    }

    TransactionState state() {
        return stored.state();
    }

    /** Whether a record is under way, or markers are. */
    boolean isChanging() {
        return underWay != null || isEnding();
    }

    /** Whether the end is decided and committed, and markers are being written. */
    boolean isEnding() {
        return state().isPrepared();
    }

    /** The partitions that take part; while markers are written, those that still lack theirs. */
    Set<TopicPartition> partitions() {
        return isEnding() ? Collections.unmodifiableSet(missingMarkers) : stored.partitions();
    }

    /** When the last transaction began, in wall time; -1 if none did. */
    long startMs() {
        return stored.startMs();
    }

    long lastUpdateMs() {
        return stored.lastUpdateMs();
    }

    /** Whether the epoch was raised by a fencing that is not in the log (yet). */
    boolean isRaised() {
        return raisedEpoch != NOT_RAISED;
    }

    /** The last epoch is kept back, so that a producer can always be fenced. */
    boolean isEpochExhausted() {
        return isEpochExhausted(producerEpoch());
    }

    static boolean isEpochExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    /** Whether the producer is the one that has the id now. */
    Errors checkProducer(long id, short epoch) {
        if (id != producerId()) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return epoch == producerEpoch() ? Errors.NONE : Errors.PRODUCER_FENCED;
    }

    /**
     * A record is under way. An epoch it raises to fence a producer counts at once, and is given to nobody; should the
     * record not be written, the next attempt uses it again.
     */
    void prepare(StoredTransaction next) {
        if (underWay != null) {
            throw new IllegalStateException("Preparing " + next + " while another record is under way: " + this);
        }
        underWay = next;
        if (next.state() == TransactionState.PREPARE_ABORT && next.producerEpoch() > stored.producerEpoch()) {
            raisedEpoch = next.producerEpoch();
        }
    }

    /** The record under way was not written: nothing changed. */
    void drop() {
        underWay = null;
    }

    /** The record is committed, or in the log that is loaded: the id is what it says. */
    void replay(StoredTransaction next) {
        stored = next;
        underWay = null;
        raisedEpoch = NOT_RAISED;
        missingMarkers = next.state().isPrepared() ? new LinkedHashSet<>(next.partitions()) : Set.of();
    }

    /** The partition has its marker, or needs none. Its successor writes it again, which does no harm. */
    void markerWritten(TopicPartition partition) {
        if (!isEnding()) {
            throw new IllegalStateException("A marker was written for " + this);
        }
        missingMarkers.remove(partition);
    }

    @Override
    public String toString() {
        return "transactional id " + transactionalId + " (producer " + producerId() + ", epoch " + producerEpoch()
                + ", " + state() + (underWay == null ? "" : " to " + underWay.state()) + ", partitions " + partitions()
                + ")";
    }
}
