// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.record.RecordCodec;
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
final class BatchAppender<R> {
    /** Beyond this a batch takes in no more neighbours. */
    static final int SHARED_BATCH_BYTES = 64 * 1024;

    private static final int RECORD_OVERHEAD_BYTES = 24;
    private static final int BATCH_HEADER_BYTES = 61;

    private final CoordinatorLog log;
    private final TopicPartition partition;
    private final Compression compression;
    private final InstantSource clock;
    private final RecordCodec<R> codec;

    BatchAppender(TopicPartition partition, ShardSetup<R, ?> setup, CoordinatorEnvironment environment) {
        this.log = environment.log();
        this.partition = partition;
        this.compression = Compression.of(setup.config().compressionType()).build();
        this.clock = environment.wallClock();
        this.codec = setup.codec();
    }

    /** Records to append, encoded. */
    record Encoded<R>(RecordAppend<R> append, List<CoordinatorRecord> records, int estimatedBytes) {}

    /** Appends that go into one batch. */
    record Batch<R>(List<Encoded<R>> members, int estimatedBytes) {
        List<RecordAppend<R>> appends() {
            List<RecordAppend<R>> appends = new ArrayList<>(members.size());
            for (Encoded<R> encoded : members) {
                appends.add(encoded.append());
            }
            return appends;
        }

        private RecordAppend<R> first() {
            return members.get(0).append();
        }
    }

    /** @throws RuntimeException if a record cannot be written down, such as one with a name that is too long */
    Encoded<R> encode(RecordAppend<R> append) {
        List<CoordinatorRecord> records = new ArrayList<>(append.records().size());
        int bytes = 0;
        for (R record : append.records()) {
            CoordinatorRecord encoded = codec.encode(record);
            records.add(encoded);
            bytes += encoded.sizeInBytes() + RECORD_OVERHEAD_BYTES;
        }
        return new Encoded<>(append, records, bytes);
    }

    /** Parts what is to be appended into batches, keeping the order. */
    List<Batch<R>> batches(List<Encoded<R>> appends) {
        int limit = Math.min(SHARED_BATCH_BYTES, log.maxBatchSize(partition));
        List<Batch<R>> batches = new ArrayList<>();
        List<Encoded<R>> current = new ArrayList<>();
        int bytes = 0;
        for (Encoded<R> encoded : appends) {
            boolean alone = encoded.append().isTransactional()
                    || (!current.isEmpty() && current.get(0).append().isTransactional());
            if (!current.isEmpty() && (alone || bytes + encoded.estimatedBytes() > limit)) {
                batches.add(new Batch<>(current, bytes));
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(encoded);
            bytes += encoded.estimatedBytes();
        }
        if (!current.isEmpty()) {
            batches.add(new Batch<>(current, bytes));
        }
        return batches;
    }

    /** @throws org.apache.kafka.common.errors.ApiException if the log refuses the batch */
    CompletionStage<Long> append(Batch<R> batch, int leaderEpoch) {
        return log.append(partition, leaderEpoch, records(batch), batch.first().guard());
    }

    private MemoryRecords records(Batch<R> batch) {
        long timestamp = clock.millis();
        int sizeHint = batch.estimatedBytes() + BATCH_HEADER_BYTES;
        try (MemoryRecordsBuilder builder = builder(ByteBuffer.allocate(sizeHint), batch.first(), timestamp)) {
            for (Encoded<R> encoded : batch.members()) {
                for (CoordinatorRecord record : encoded.records()) {
                    ByteBuffer value = record.value();
                    builder.append(timestamp, record.key().duplicate(), value == null ? null : value.duplicate());
                }
            }
            return builder.build();
        }
    }

    private MemoryRecordsBuilder builder(ByteBuffer buffer, RecordAppend<R> append, long timestamp) {
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
}
