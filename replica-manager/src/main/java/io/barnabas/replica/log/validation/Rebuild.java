// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.LogConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Writes records again, one by one, in the format and compression a topic wants. Holds all of them in memory. */
final class Rebuild {
    private static final int NO_EPOCH = RecordBatch.NO_PARTITION_LEADER_EPOCH;

    private Rebuild() {}

    /** One batch, from offset 0 on; offsets and leader epoch are for later. */
    static MemoryRecords one(TopicPartition partition, RecordBatch batch, LogConfig config, long nowMs) {
        return all(partition, List.of(batch), batch.compressionType(), config, 0L, NO_EPOCH, nowMs);
    }

    /** All batches as one. */
    static MemoryRecords all(
            TopicPartition partition,
            List<? extends RecordBatch> batches,
            CompressionType source,
            LogConfig config,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        List<Record> valid = validRecords(partition, batches, source, config, nowMs);
        byte toMagic = config.recordVersion().value;
        Compression target = config.compression().compressionFor(source);
        int size = AbstractRecords.estimateSizeInBytes(toMagic, firstOffset, target.type(), valid);
        RecordBatch first = batches.get(0);
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(size),
                toMagic,
                target,
                config.messageTimestampType(),
                firstOffset,
                nowMs,
                first.producerId(),
                first.producerEpoch(),
                first.baseSequence(),
                first.isTransactional(),
                leaderEpoch)) {
            long offset = firstOffset;
            for (Record record : valid) {
                builder.appendWithOffset(offset++, record);
            }
            return builder.build();
        }
    }

    private static List<Record> validRecords(
            TopicPartition partition,
            List<? extends RecordBatch> batches,
            CompressionType source,
            LogConfig config,
            long nowMs) {
        List<Record> valid = new ArrayList<>();
        for (RecordBatch batch : batches) {
            RecordRules rules = new RecordRules(partition, config, source, nowMs);
            int index = 0;
            try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    rules.check(batch, record, index++);
                    if (rules.passed()) {
                        valid.add(record);
                    }
                }
            }
            rules.refuseIfAnyFailed();
        }
        return valid;
    }
}
