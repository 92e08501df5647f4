// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Checks what a leader is to append and stamps offsets and leader epoch on it.
 *
 * <p>A batch in the stored format and compression is stamped in place, and only its header is looked at, unless what
 * is asked for lies in its records: keys on compacted topics, a lower bound of timestamps. Anything else is rebuilt
 * record by record. Stateless.
 */
public final class LogValidator {
    private LogValidator() {}

    /**
     * Checks and stamps.
     *
     * @param inspected the records, whose buffer may be written to
     * @param firstOffset the offset the first record gets
     * @param leaderEpoch stamped on the batches
     * @param nowMs the broker's time
     * @return the inspected records themselves, stamped, or others that take their place
     */
    public static RecordsInspection assignOffsets(
            TopicPartition partition,
            RecordsInspection inspected,
            LogConfig config,
            AppendOrigin origin,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        byte toMagic = config.recordVersion().value;
        MutableRecordBatch first = inspected.first();
        boolean single = first.magic() >= RecordBatch.MAGIC_VALUE_V2 || inspected.compression() != CompressionType.NONE;
        if (single && inspected.batches().size() > 1) {
            throw new InvalidRecordException("Compressed outer record has more than one batch");
        }
        for (MutableRecordBatch batch : inspected.batches()) {
            BatchRules.check(partition, first.magic(), batch, origin, toMagic);
        }
        if (inPlace(inspected, config, first, toMagic)) {
            if (needsRecords(first, config, origin, nowMs)) {
                checkRecords(partition, inspected, config, nowMs);
            }
            stamp(first, config.messageTimestampType(), firstOffset, leaderEpoch, nowMs);
            return inspected;
        }
        MemoryRecords rebuilt = rebuild(partition, inspected, config, firstOffset, leaderEpoch, nowMs);
        return inspectRebuilt(partition, rebuilt, config);
    }

    private static boolean inPlace(
            RecordsInspection inspected, LogConfig config, MutableRecordBatch first, byte toMagic) {
        if (first.magic() != toMagic || toMagic != RecordBatch.MAGIC_VALUE_V2) {
            return false;
        }
        CompressionType source = inspected.compression();
        return source == config.compression().typeFor(source)
                || (source == CompressionType.NONE && first.isControlBatch());
    }

    private static boolean needsRecords(RecordBatch batch, LogConfig config, AppendOrigin origin, long nowMs) {
        if (origin != AppendOrigin.CLIENT) {
            return false;
        }
        if (config.compact() || batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return true;
        }
        if (config.messageTimestampType() != TimestampType.CREATE_TIME) {
            return false;
        }
        return config.messageTimestampBeforeMaxMs() != Long.MAX_VALUE
                || batch.maxTimestamp() - nowMs > config.messageTimestampAfterMaxMs();
    }

    private static void checkRecords(
            TopicPartition partition, RecordsInspection inspected, LogConfig config, long nowMs) {
        RecordRules rules = new RecordRules(partition, config, inspected.compression(), nowMs);
        RecordBatch batch = inspected.first();
        int index = 0;
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                rules.check(batch, records.next(), index++);
            }
        }
        rules.refuseIfAnyFailed();
    }

    private static void stamp(
            MutableRecordBatch batch, TimestampType timestampType, long firstOffset, int leaderEpoch, long nowMs) {
        long count = batch.lastOffset() - batch.baseOffset() + 1;
        batch.setLastOffset(firstOffset + count - 1);
        batch.setPartitionLeaderEpoch(leaderEpoch);
        if (timestampType == TimestampType.LOG_APPEND_TIME) {
            batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, nowMs);
        } else if (batch.timestampType() != TimestampType.CREATE_TIME) {
            batch.setMaxTimestamp(TimestampType.CREATE_TIME, batch.maxTimestamp());
        }
    }

    private static MemoryRecords rebuild(
            TopicPartition partition,
            RecordsInspection inspected,
            LogConfig config,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        List<Record> valid = validRecords(partition, inspected, config, nowMs);
        byte toMagic = config.recordVersion().value;
        Compression target = config.compression().compressionFor(inspected.compression());
        int size = AbstractRecords.estimateSizeInBytes(toMagic, firstOffset, target.type(), valid);
        RecordBatch first = inspected.first();
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
            TopicPartition partition, RecordsInspection inspected, LogConfig config, long nowMs) {
        List<Record> valid = new ArrayList<>();
        for (RecordBatch batch : inspected.batches()) {
            RecordRules rules = new RecordRules(partition, config, inspected.compression(), nowMs);
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

    private static RecordsInspection inspectRebuilt(TopicPartition partition, MemoryRecords rebuilt, LogConfig config) {
        RecordsInspection inspection =
                RecordsInspection.of(partition, rebuilt, AppendOrigin.COORDINATOR, Integer.MAX_VALUE);
        for (MutableRecordBatch batch : inspection.batches()) {
            if (batch.sizeInBytes() > config.maxMessageBytes()) {
                throw new RecordTooLargeException("Message batch size is " + batch.sizeInBytes()
                        + " bytes in append to partition " + partition
                        + " which exceeds the maximum configured size of " + config.maxMessageBytes() + ".");
            }
        }
        return inspection;
    }
}
