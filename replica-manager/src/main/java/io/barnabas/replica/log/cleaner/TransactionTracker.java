// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.index.AbortedTxn;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * The transactions a pass over a log meets, batch by batch: whose data was aborted, and which markers nobody needs any
 * more because no data of their transaction is left. Owned by one pass.
 */
final class TransactionTracker {
    private final PriorityQueue<AbortedTxn> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTxn::firstOffset));
    private final Map<Long, OpenAborted> aborted = new HashMap<>();
    private final Set<Long> committed = new HashSet<>();
    private Index index = transaction -> {};

    /** Where aborted transactions go whose data was met: the transaction index of the segment being written. */
    interface Index {
        void append(AbortedTxn transaction) throws IOException;
    }

    /** An aborted transaction between its first batch and its marker. */
    private static final class OpenAborted {
        private final AbortedTxn transaction;
        private boolean dataMet;

        private OpenAborted(AbortedTxn transaction) {
            this.transaction = transaction;
        }
    }

    void writeTo(Index newIndex) {
        this.index = newIndex;
    }

    /** Adds what the log's transaction indexes say about the batches to come. */
    void expect(Collection<AbortedTxn> transactions) {
        ahead.addAll(transactions);
    }

    /** Notes a batch of data; returns whether it was aborted. */
    boolean onData(RecordBatch batch) {
        openUpTo(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        OpenAborted open = aborted.get(batch.producerId());
        if (open == null) {
            committed.add(batch.producerId());
            return false;
        }
        open.dataMet = true;
        return true;
    }

    /** Notes a control batch; returns whether it ends nothing that is left. */
    boolean onControl(RecordBatch batch) throws IOException {
        openUpTo(batch.lastOffset());
        Iterator<Record> records = batch.iterator();
        if (!records.hasNext()) {
            return true;
        }
        return switch (ControlRecordType.parse(records.next().key())) {
            case ABORT -> endAborted(batch.producerId());
            case COMMIT -> !committed.remove(batch.producerId());
            default -> false;
        };
    }

    private boolean endAborted(long producerId) throws IOException {
        OpenAborted open = aborted.remove(producerId);
        if (open == null || !open.dataMet) {
            return true;
        }
        index.append(open.transaction);
        return false;
    }

    private void openUpTo(long offset) {
        while (!ahead.isEmpty() && ahead.peek().firstOffset() <= offset) {
            AbortedTxn transaction = ahead.remove();
            aborted.computeIfAbsent(transaction.producerId(), ignored -> new OpenAborted(transaction));
        }
    }
}
