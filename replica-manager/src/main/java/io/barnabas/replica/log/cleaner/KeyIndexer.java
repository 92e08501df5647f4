// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Maps the keys of a log's dirty part to their last offset, as far as the memory goes. One thread. */
final class KeyIndexer {
    private final OffsetMap offsets;
    private final SegmentChunks chunks;
    private final BufferSupplier decompression;
    private final CleaningControl control;

    KeyIndexer(OffsetMap offsets, SegmentChunks chunks, BufferSupplier decompression, CleaningControl control) {
        this.offsets = offsets;
        this.chunks = chunks;
        this.decompression = decompression;
        this.control = control;
    }

    /** Maps what lies in a range; {@link OffsetMap#latestOffset} says up to where it got. */
    void index(LocalPartitionLog log, long from, long to, CleaningStats stats) throws IOException {
        offsets.clear();
        List<LogSegment> dirty = log.segments(from, to);
        TransactionTracker transactions = new TransactionTracker();
        transactions.expect(log.abortedTransactions(from, to));
        for (int i = 0; i < dirty.size(); i++) {
            control.check(log.topicPartition());
            if (!indexSegment(log, dirty.get(i), from, transactions, stats)) {
                return;
            }
            // there may be a gap of offsets at its end
            offsets.updateLatestOffset((i + 1 < dirty.size() ? dirty.get(i + 1).baseOffset() : to) - 1);
        }
    }

    private boolean indexSegment(
            LocalPartitionLog log, LogSegment segment, long from, TransactionTracker transactions, CleaningStats stats)
            throws IOException {
        int position = segment.indexedPosition(from);
        while (position < segment.size()) {
            control.check(log.topicPartition());
            MemoryRecords records = chunks.read(segment, position);
            control.pace(log.topicPartition(), records.sizeInBytes());
            for (MutableRecordBatch batch : records.batches()) {
                if (!indexBatch(batch, from, transactions)) {
                    return false;
                }
            }
            position += records.validBytes();
            stats.countMapped(records.validBytes());
        }
        chunks.restore();
        return true;
    }

    /** Returns whether it fit in; of a batch that did not, the keys that did are mapped. */
    private boolean indexBatch(MutableRecordBatch batch, long from, TransactionTracker transactions)
            throws IOException {
        if (batch.isControlBatch()) {
            transactions.onControl(batch);
        } else if (!transactions.onData(batch) && batch.lastOffset() >= from && !indexRecords(batch, from)) {
            return false;
        }
        if (batch.lastOffset() >= from) {
            offsets.updateLatestOffset(batch.lastOffset());
        }
        return true;
    }

    private boolean indexRecords(MutableRecordBatch batch, long from) {
        try (CloseableIterator<Record> records = batch.streamingIterator(decompression)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.hasKey() && record.offset() >= from && !offsets.put(record.key(), record.offset())) {
                    return false;
                }
            }
        }
        return true;
    }
}
