// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordinator.runtime.PartitionLog.LogRead;
import java.util.Iterator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Reads one partition from its beginning to its end into a fresh shard. Used by one thread, once. */
final class ShardLoader {
    private final PartitionLog log;
    private final TopicPartition partition;
    private final int leaderEpoch;
    private final int bufferSize;
    private final CoordinatorShard shard;
    private final BufferSupplier buffers = BufferSupplier.create();

    private long nextOffset;
    private long recordCount;

    ShardLoader(PartitionLog log, TopicPartition partition, int leaderEpoch, int bufferSize, CoordinatorShard shard) {
        this.log = log;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.bufferSize = bufferSize;
        this.shard = shard;
    }

    /**
     * Reads up to the log's end, also what is appended (transaction markers) while it reads.
     *
     * @return how many records were taken in
     */
    long load() {
        try (buffers) {
            boolean more = true;
            while (more) {
                LogRead read = log.read(partition, leaderEpoch, nextOffset, bufferSize);
                long before = nextOffset;
                read.records().batches().forEach(this::replay);
                more = nextOffset > before && nextOffset < read.logEndOffset();
            }
        }
        return recordCount;
    }

    private void replay(RecordBatch batch) {
        if (batch.nextOffset() <= nextOffset) {
            return;
        }
        batch.ensureValid();
        if (batch.isControlBatch()) {
            replayMarker(batch);
        } else {
            replayRecords(batch);
        }
        nextOffset = batch.nextOffset();
    }

    private void replayMarker(RecordBatch batch) {
        Iterator<Record> records = batch.iterator();
        if (!records.hasNext()) {
            return;
        }
        ControlRecordType type = ControlRecordType.parse(records.next().key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            shard.replayEndTransaction(batch.producerId(), type == ControlRecordType.COMMIT);
        }
    }

    private void replayRecords(RecordBatch batch) {
        boolean transactional = batch.isTransactional();
        long producerId = transactional ? batch.producerId() : RecordAppend.NO_PRODUCER_ID;
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() < nextOffset || !record.hasKey()) {
                    continue;
                }
                shard.replay(new LoadedRecord(
                        record.offset(), record.timestamp(), producerId, transactional, record.key(), record.value()));
                recordCount++;
            }
        }
    }
}
