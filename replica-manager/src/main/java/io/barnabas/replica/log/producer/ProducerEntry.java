// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.apache.kafka.common.record.RecordBatch;

/** What is known of one producer. Mutable; owned by the {@link ProducerStates} it lies in. */
public final class ProducerEntry {
    /** So many batches a producer may have in flight, and are recognised when they come again. */
    public static final int BATCHES_TO_RETAIN = 5;

    static final long NO_TRANSACTION = -1L;
    static final int NO_COORDINATOR_EPOCH = -1;

    private final long producerId;
    private final ArrayDeque<BatchMetadata> batches;
    private short producerEpoch;
    private int coordinatorEpoch;
    private long lastTimestamp;
    private long transactionFirstOffset;

    ProducerEntry(long producerId) {
        this(producerId, RecordBatch.NO_PRODUCER_EPOCH, NO_COORDINATOR_EPOCH, RecordBatch.NO_TIMESTAMP, NO_TRANSACTION);
    }

    ProducerEntry(
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            long lastTimestamp,
            long transactionFirstOffset) {
        this.producerId = producerId;
        this.batches = new ArrayDeque<>(BATCHES_TO_RETAIN + 1);
        this.producerEpoch = producerEpoch;
        this.coordinatorEpoch = coordinatorEpoch;
        this.lastTimestamp = lastTimestamp;
        this.transactionFirstOffset = transactionFirstOffset;
    }

    /** Whose entry it is. */
    public long producerId() {
        return producerId;
    }

    /** The last epoch seen, -1 if none. */
    public short producerEpoch() {
        return producerEpoch;
    }

    /** Epoch of the coordinator that last ended a transaction, -1 if none. */
    public int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /** Time of the last batch or marker, -1 if none. */
    public long lastTimestamp() {
        return lastTimestamp;
    }

    /** Where the open transaction began, -1 if none is open. */
    public long transactionFirstOffset() {
        return transactionFirstOffset;
    }

    /** Whether a transaction of the producer is open in this log. */
    public boolean hasOpenTransaction() {
        return transactionFirstOffset != NO_TRANSACTION;
    }

    /** Whether no batch of the current epoch is known. */
    public boolean isEmpty() {
        return batches.isEmpty();
    }

    /** Sequence of the last record, -1 if none. */
    public int lastSequence() {
        return isEmpty() ? RecordBatch.NO_SEQUENCE : batches.getLast().lastSequence();
    }

    /** Offset of the last data record, -1 if none. */
    public long lastDataOffset() {
        return isEmpty() ? -1L : batches.getLast().lastOffset();
    }

    int lastOffsetDelta() {
        return isEmpty() ? 0 : batches.getLast().offsetDelta();
    }

    /** The retained batch this one repeats, null if it is none of them. */
    public BatchMetadata findDuplicate(RecordBatch batch) {
        if (batch.producerEpoch() != producerEpoch) {
            return null;
        }
        int first = batch.baseSequence();
        int last = batch.lastSequence();
        for (Iterator<BatchMetadata> it = batches.iterator(); it.hasNext(); ) {
            BatchMetadata known = it.next();
            if (known.firstSequence() == first && known.lastSequence() == last) {
                return known;
            }
        }
        return null;
    }

    /** A new epoch forgets the batches of the former one. */
    boolean updateEpoch(short epoch) {
        if (producerEpoch == epoch) {
            return false;
        }
        batches.clear();
        producerEpoch = epoch;
        return true;
    }

    void addBatch(short epoch, BatchMetadata batch) {
        updateEpoch(epoch);
        if (batches.size() == BATCHES_TO_RETAIN) {
            batches.removeFirst();
        }
        batches.addLast(batch);
        lastTimestamp = batch.timestamp();
    }

    void beginTransaction(long firstOffset) {
        transactionFirstOffset = firstOffset;
    }

    void endTransaction(short epoch, int newCoordinatorEpoch, long timestamp) {
        updateEpoch(epoch);
        transactionFirstOffset = NO_TRANSACTION;
        coordinatorEpoch = newCoordinatorEpoch;
        lastTimestamp = timestamp;
    }
}
