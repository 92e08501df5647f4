// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import io.barnabas.replica.log.AppendOrigin;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches of one producer about to be appended: checks each against what is known and what came before it, and
 * collects the changes, which {@link ProducerStates#apply} takes over once the records are in the log.
 */
public final class ProducerAppend {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerAppend.class);

    private final TopicPartition partition;
    private final long producerId;
    private final ProducerEntry known;
    private final AppendOrigin origin;
    private final int lowestWaitingSequence;
    private final List<Change> changes = new ArrayList<>(1);

    private boolean anyTransactional;
    private short epoch;
    private int lastSequence;
    private boolean anyBatch;
    private int coordinatorEpoch;
    private long transactionFirstOffset;

    /** One change of the producer's state, in order. */
    private interface Change {
        void applyTo(ProducerEntry entry, ProducerStates states);
    }

    /** @param lowestWaitingSequence the lowest sequence that is being verified, -1 if none is */
    ProducerAppend(
            TopicPartition partition,
            long producerId,
            ProducerEntry known,
            AppendOrigin origin,
            int lowestWaitingSequence) {
        this.partition = partition;
        this.producerId = producerId;
        this.known = known;
        this.origin = origin;
        this.lowestWaitingSequence = lowestWaitingSequence;
        this.epoch = known == null ? RecordBatch.NO_PRODUCER_EPOCH : known.producerEpoch();
        this.coordinatorEpoch = known == null ? ProducerEntry.NO_COORDINATOR_EPOCH : known.coordinatorEpoch();
        this.transactionFirstOffset = known == null ? ProducerEntry.NO_TRANSACTION : known.transactionFirstOffset();
    }

    long producerId() {
        return producerId;
    }

    /** Whether it writes in a transaction, or ends one. */
    boolean isTransactional() {
        return anyTransactional;
    }

    /**
     * Checks the next batch.
     *
     * @param batch with its final offsets
     * @param segmentBaseOffset the segment it will lie in, -1 if not known
     * @param position its position there
     * @return the transaction it ends, null if none
     */
    public CompletedTransaction add(RecordBatch batch, long segmentBaseOffset, int position) {
        anyTransactional |= batch.isTransactional();
        if (batch.isControlBatch()) {
            Iterator<Record> records = batch.iterator();
            if (!records.hasNext()) {
                // compaction emptied it: the whole transaction is gone from the log
                return null;
            }
            Record marker = records.next();
            return addEndMarker(
                    EndTransactionMarker.deserialize(marker),
                    batch.producerEpoch(),
                    batch.baseOffset(),
                    marker.timestamp());
        }
        addData(batch, segmentBaseOffset, position);
        return null;
    }

    private void addData(RecordBatch batch, long segmentBaseOffset, int position) {
        long firstOffset = batch.baseOffset();
        short batchEpoch = batch.producerEpoch();
        checkEpoch(batchEpoch, firstOffset);
        if (origin == AppendOrigin.CLIENT) {
            checkSequence(batchEpoch, batch.baseSequence(), firstOffset);
        }
        boolean transactional = batch.isTransactional();
        if (transactionFirstOffset != ProducerEntry.NO_TRANSACTION && !transactional) {
            throw new InvalidTxnStateException("Expected transactional write from producer " + producerId
                    + " at offset " + firstOffset + " in partition " + partition);
        }
        BatchMetadata metadata = new BatchMetadata(
                batch.lastSequence(),
                batch.lastOffset(),
                (int) (batch.lastOffset() - firstOffset),
                batch.maxTimestamp());
        changes.add((entry, states) -> entry.addBatch(batchEpoch, metadata));
        if (transactional && transactionFirstOffset == ProducerEntry.NO_TRANSACTION) {
            transactionFirstOffset = firstOffset;
            changes.add((entry, states) -> {
                entry.beginTransaction(firstOffset);
                states.transactionBegan(producerId, firstOffset, segmentBaseOffset, position);
            });
        }
        epoch = batchEpoch;
        lastSequence = batch.lastSequence();
        anyBatch = true;
    }

    private CompletedTransaction addEndMarker(
            EndTransactionMarker marker, short markerEpoch, long offset, long timestamp) {
        checkEpoch(markerEpoch, offset);
        checkCoordinatorEpoch(marker, offset);
        CompletedTransaction completed = transactionFirstOffset == ProducerEntry.NO_TRANSACTION
                ? null
                : new CompletedTransaction(
                        producerId, transactionFirstOffset, offset, marker.controlType() == ControlRecordType.ABORT);
        int newCoordinatorEpoch = marker.coordinatorEpoch();
        changes.add((entry, states) -> entry.endTransaction(markerEpoch, newCoordinatorEpoch, timestamp));
        if (markerEpoch != epoch) {
            anyBatch = false;
        }
        epoch = markerEpoch;
        coordinatorEpoch = newCoordinatorEpoch;
        transactionFirstOffset = ProducerEntry.NO_TRANSACTION;
        return completed;
    }

    private void checkEpoch(short batchEpoch, long offset) {
        if (batchEpoch >= epoch) {
            return;
        }
        String message = "Epoch of producer " + producerId + " at offset " + offset + " in " + partition + " is "
                + batchEpoch + ", which is smaller than the last seen epoch " + epoch;
        if (origin != AppendOrigin.REPLICATION) {
            throw new InvalidProducerEpochException(message);
        }
        LOG.warn(message);
    }

    private void checkSequence(short batchEpoch, int firstSequence, long offset) {
        if (lowestWaitingSequence != RecordBatch.NO_SEQUENCE && firstSequence > lowestWaitingSequence) {
            throw new OutOfOrderSequenceException("Out of order sequence number for producer " + producerId
                    + " at offset " + offset + " in partition " + partition + ": " + firstSequence
                    + " (incoming seq. number), " + lowestWaitingSequence + " (earliest seen sequence)");
        }
        if (batchEpoch != epoch) {
            if (firstSequence != 0 && epoch != RecordBatch.NO_PRODUCER_EPOCH) {
                throw new OutOfOrderSequenceException("Invalid sequence number for new epoch of producer " + producerId
                        + " at offset " + offset + " in partition " + partition + ": " + batchEpoch
                        + " (request epoch), " + firstSequence + " (seq. number), " + epoch
                        + " (current producer epoch)");
            }
            return;
        }
        if (known == null || known.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH) {
            // nothing known of it, perhaps because its records were deleted: any sequence will do
            return;
        }
        int last = currentLastSequence(batchEpoch);
        if (!inSequence(last, firstSequence)) {
            throw new OutOfOrderSequenceException("Out of order sequence number for producer " + producerId
                    + " at offset " + offset + " in partition " + partition + ": " + firstSequence
                    + " (incoming seq. number), " + last + " (current end sequence number)");
        }
    }

    private int currentLastSequence(short batchEpoch) {
        if (anyBatch) {
            return lastSequence;
        }
        return batchEpoch == known.producerEpoch() ? known.lastSequence() : RecordBatch.NO_SEQUENCE;
    }

    private static boolean inSequence(int last, int next) {
        return next == last + 1L || (next == 0 && last == Integer.MAX_VALUE);
    }

    private void checkCoordinatorEpoch(EndTransactionMarker marker, long offset) {
        if (coordinatorEpoch <= marker.coordinatorEpoch()) {
            return;
        }
        String message = "Invalid coordinator epoch for producerId " + producerId + " at offset " + offset
                + " in partition " + partition + ": " + marker.coordinatorEpoch() + " (zombie), " + coordinatorEpoch
                + " (current)";
        if (origin != AppendOrigin.REPLICATION) {
            throw new TransactionCoordinatorFencedException(message);
        }
        LOG.info(message);
    }

    void applyTo(ProducerEntry entry, ProducerStates states) {
        for (Change change : changes) {
            change.applyTo(entry, states);
        }
    }
}
