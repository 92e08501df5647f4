// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Makes batches of what a shard wants appended, and appends them. Neighbours outside of transactions share a batch, so
 * that many commits at once cost one.
 */
final class BatchAppender {
    /** Beyond this a batch takes in no more neighbours. */
    static final int SHARED_BATCH_BYTES = 64 * 1024;

    private static final int RECORD_OVERHEAD_BYTES = 24;
    private static final int BATCH_HEADER_BYTES = 61;

    private final PartitionLog log;
    private final TopicPartition partition;
    private final Compression compression;
    private final InstantSource clock;

    BatchAppender(PartitionLog log, TopicPartition partition, RuntimeConfig config, InstantSource clock) {
        this.log = log;
        this.partition = partition;
        this.compression = Compression.of(config.compressionType()).build();
        this.clock = clock;
    }

    /** Appends that go into one batch. */
    record Batch(List<RecordAppend> appends, int estimatedBytes) {
        List<AppendCallback> callbacks() {
            return appends.stream().map(RecordAppend::callback).toList();
        }
    }

    /** Parts what is to be appended into batches, keeping the order. */
    List<Batch> batches(List<RecordAppend> appends) {
        int limit = Math.min(SHARED_BATCH_BYTES, log.maxBatchSize(partition));
        List<Batch> batches = new ArrayList<>();
        List<RecordAppend> current = new ArrayList<>();
        int bytes = 0;
        for (RecordAppend append : appends) {
            int size = estimatedBytes(append);
            boolean alone = append.isTransactional()
                    || (!current.isEmpty() && current.get(0).isTransactional());
            if (!current.isEmpty() && (alone || bytes + size > limit)) {
                batches.add(new Batch(current, bytes));
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(append);
            bytes += size;
        }
        if (!current.isEmpty()) {
            batches.add(new Batch(current, bytes));
        }
        return batches;
    }

    /** @throws org.apache.kafka.common.errors.ApiException if the log refuses the batch */
    CompletionStage<Long> append(Batch batch, int leaderEpoch) {
        return log.append(
                partition, leaderEpoch, records(batch), batch.appends().get(0).guard());
    }

    private MemoryRecords records(Batch batch) {
        RecordAppend first = batch.appends().get(0);
        long timestamp = clock.millis();
        int sizeHint = batch.estimatedBytes() + BATCH_HEADER_BYTES;
        try (MemoryRecordsBuilder builder = builder(ByteBuffer.allocate(sizeHint), first, timestamp)) {
            for (RecordAppend append : batch.appends()) {
                for (CoordinatorRecord record : append.records()) {
                    ByteBuffer value = record.value();
                    builder.append(timestamp, record.key().duplicate(), value == null ? null : value.duplicate());
                }
            }
            return builder.build();
        }
    }

    private MemoryRecordsBuilder builder(ByteBuffer buffer, RecordAppend append, long timestamp) {
        return new MemoryRecordsBuilder(
                new ByteBufferOutputStream(buffer),
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression,
                TimestampType.CREATE_TIME,
                0L,
                timestamp,
                append.producerId(),
                append.producerEpoch(),
                append.isTransactional() ? 0 : RecordBatch.NO_SEQUENCE,
                append.isTransactional(),
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                buffer.capacity());
    }

    private static int estimatedBytes(RecordAppend append) {
        int bytes = 0;
        for (CoordinatorRecord record : append.records()) {
            bytes += record.sizeInBytes() + RECORD_OVERHEAD_BYTES;
        }
        return bytes;
    }
}
