// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordinator.record.RecordCodec;
import io.barnabas.coordinator.runtime.CoordinatorLog.LogRead;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one partition from its beginning to its end into a fresh shard. Used by one thread, once. */
final class ShardLoader<R> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoader.class);

    private final CoordinatorLog log;
    private final TopicPartition partition;
    private final int leaderEpoch;
    private final int bufferSize;
    private final CoordinatorShard<R> shard;
    private final RecordCodec<R> codec;
    private final BufferSupplier buffers = BufferSupplier.create();

    private long nextOffset;
    private long recordCount;

    ShardLoader(
            CoordinatorLog log,
            TopicPartition partition,
            int leaderEpoch,
            ShardSetup<R, ?> setup,
            CoordinatorShard<R> shard) {
        this.log = log;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
        this.bufferSize = setup.config().loadBufferSize();
        this.codec = setup.codec();
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
        long producerId = batch.isTransactional() ? batch.producerId() : RecordAppend.NO_PRODUCER_ID;
        try (CloseableIterator<Record> records = batch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() < nextOffset || !record.hasKey()) {
                    continue;
                }
                replay(record, producerId);
                recordCount++;
            }
        }
    }

    private void replay(Record record, long producerId) {
        Optional<R> read = codec.decode(record.key(), record.value());
        if (read.isPresent()) {
            shard.replay(read.get(), record.offset(), producerId);
        } else {
            LOG.warn(
                    "Skipping the record at offset {} of {}: its key is of an unknown kind",
                    record.offset(),
                    partition);
        }
    }
}
