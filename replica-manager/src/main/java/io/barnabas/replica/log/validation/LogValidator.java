// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Checks what a leader is to append and stamps offsets, leader epoch and largest timestamp on it.
 *
 * <p>A client's batch is as its {@link RecordsVerdict} says: nothing in its header is believed that the records can
 * belie. What this broker or its coordinators wrote is only stamped. Anything in another format is rebuilt record by
 * record. Stateless.
 */
public final class LogValidator {
    private LogValidator() {}

    /** The same, with the verdict still to be found. */
    public static RecordsInspection assignOffsets(
            TopicPartition partition,
            RecordsInspection inspected,
            LogConfig config,
            AppendOrigin origin,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        return assignOffsets(
                partition, inspected, RecordsVerdict.OPEN, config, origin, firstOffset, leaderEpoch, nowMs);
    }

    /**
     * Checks and stamps.
     *
     * @param inspected the records, whose buffer may be written to
     * @param verdict what a look inside came to, if there was one
     * @param firstOffset the offset the first record gets
     * @param leaderEpoch stamped on the batches
     * @param nowMs the broker's time
     * @return the inspected records themselves, stamped, or others that take their place
     */
    public static RecordsInspection assignOffsets(
            TopicPartition partition,
            RecordsInspection inspected,
            RecordsVerdict verdict,
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
        RecordsVerdict known = verdict;
        if (known.kind() == RecordsVerdict.Kind.LEFT_OPEN && origin == AppendOrigin.CLIENT) {
            known = RecordsJudge.judge(partition, inspected.records(), config, nowMs, RecordsLook.WHOLE);
        }
        if (known.kind() == RecordsVerdict.Kind.LOOKED) {
            return asJudged(partition, inspected, known, config, firstOffset, leaderEpoch, nowMs);
        }
        if (inPlace(inspected, config, first, toMagic)) {
            stamp(first, config.messageTimestampType(), first.maxTimestamp(), firstOffset, leaderEpoch, nowMs);
            return inspected;
        }
        MemoryRecords rebuilt = Rebuild.all(
                partition, inspected.batches(), inspected.compression(), config, firstOffset, leaderEpoch, nowMs);
        return inspectRebuilt(partition, rebuilt, config);
    }

    private static RecordsInspection asJudged(
            TopicPartition partition,
            RecordsInspection inspected,
            RecordsVerdict verdict,
            LogConfig config,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        verdict.refusal().ifPresent(refusal -> {
            throw refusal;
        });
        RecordsInspection stored = inspected;
        long maxTimestamp = verdict.maxTimestamp();
        if (verdict.rebuilt().isPresent()) {
            stored = inspectRebuilt(partition, verdict.rebuilt().get(), config);
            maxTimestamp = stored.maxTimestamp();
        }
        stamp(stored.first(), config.messageTimestampType(), maxTimestamp, firstOffset, leaderEpoch, nowMs);
        return stored;
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

    private static void stamp(
            MutableRecordBatch batch,
            TimestampType timestampType,
            long maxTimestamp,
            long firstOffset,
            int leaderEpoch,
            long nowMs) {
        long count = batch.lastOffset() - batch.baseOffset() + 1;
        batch.setLastOffset(firstOffset + count - 1);
        batch.setPartitionLeaderEpoch(leaderEpoch);
        if (timestampType == TimestampType.LOG_APPEND_TIME) {
            batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, nowMs);
        } else {
            batch.setMaxTimestamp(TimestampType.CREATE_TIME, maxTimestamp);
        }
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
