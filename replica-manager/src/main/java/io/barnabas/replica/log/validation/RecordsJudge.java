// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.record.LegacyRecords;
import io.barnabas.replica.log.record.RecordsWalk;
import io.barnabas.replica.log.record.TooManyBytesException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.AbstractLegacyRecordBatch;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Looks into a client's batch: whether it holds as many records as its header counts, with the offsets that go with
 * that, what their largest timestamp is, and whether each fulfils the topic's rules. Needs no lock and changes nothing.
 */
public final class RecordsJudge {
    /** The most that may be held in memory to compress it anew, twice over. */
    private static final long MOST_HELD_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private RecordsJudge() {}

    /**
     * Judges the one batch a client may send for a partition.
     *
     * @param records as they came; whether their CRC is right is not known
     * @param nowMs the broker's time
     * @param look how far to look
     * @return the verdict; refusals are part of it
     */
    public static RecordsVerdict judge(
            TopicPartition partition, MemoryRecords records, LogConfig config, long nowMs, RecordsLook look) {
        RecordBatch batch = first(records);
        if (batch == null) {
            return RecordsVerdict.OPEN;
        }
        boolean oldTopic = config.recordVersion().value != RecordBatch.MAGIC_VALUE_V2;
        try {
            if (oldTopic || batch.magic() < RecordBatch.MAGIC_VALUE_V2) {
                checkRewritten(records.sizeInBytes(), look);
            }
            if (batch instanceof AbstractLegacyRecordBatch old) {
                return judgeOld(partition, old, config, nowMs, look);
            }
            if (batch.magic() != RecordBatch.MAGIC_VALUE_V2
                    || batch.sizeInBytes() < DefaultRecordBatch.RECORD_BATCH_OVERHEAD) {
                return RecordsVerdict.OPEN;
            }
            return oldTopic
                    ? judgeForOldTopic(partition, bytes(records, batch), batch, look)
                    : judge(partition, bytes(records, batch), batch, config, nowMs, look);
        } catch (TooManyBytesException e) {
            return RecordsVerdict.TOO_MUCH;
        } catch (RuntimeException e) {
            return RecordsVerdict.refused(e);
        }
    }

    private static RecordsVerdict judge(
            TopicPartition partition,
            ByteBuffer bytes,
            RecordBatch batch,
            LogConfig config,
            long nowMs,
            RecordsLook look) {
        if (look.believeCompressed() && isBelieved(batch, config, nowMs)) {
            return RecordsVerdict.good(batch.maxTimestamp());
        }
        if (batch.sizeInBytes() > look.maxBytes() && batch.isCompressed()) {
            return RecordsVerdict.TOO_MUCH;
        }
        Walked walked = walk(partition, bytes, batch, config, nowMs, look.maxBytes());
        CompressionType codec = batch.compressionType();
        if (codec == config.compression().typeFor(codec) || batch.isControlBatch()) {
            return RecordsVerdict.good(walked.maxTimestamp);
        }
        return rebuilt(partition, batch, walked.bytes, config, nowMs, look);
    }

    /**
     * A topic in format 0 or 1 has its records written anew by the append itself, as inner offsets depend on where that
     * is. Only how much that would be is found out here.
     */
    private static RecordsVerdict judgeForOldTopic(
            TopicPartition partition, ByteBuffer bytes, RecordBatch batch, RecordsLook look) {
        if (batch.isCompressed()) {
            try (RecordsWalk walk = RecordsWalk.over(bytes, look.maxBytes())) {
                boolean more = walk.next();
                while (more) {
                    more = walk.next();
                }
                checkHeld(partition, walk.bytes(), look);
            }
        }
        return RecordsVerdict.OPEN;
    }

    /** Old formats are always written anew. What is not compressed is no larger than the request. */
    private static RecordsVerdict judgeOld(
            TopicPartition partition, AbstractLegacyRecordBatch batch, LogConfig config, long nowMs, RecordsLook look) {
        if (!batch.isCompressed()) {
            return RecordsVerdict.OPEN;
        }
        long bytes = LegacyRecords.decompressedBytes(batch, look.maxBytes());
        if (config.recordVersion().value != RecordBatch.MAGIC_VALUE_V2) {
            checkHeld(partition, bytes, look);
            return RecordsVerdict.OPEN;
        }
        return rebuilt(partition, batch, bytes, config, nowMs, look);
    }

    private static RecordsVerdict rebuilt(
            TopicPartition partition, RecordBatch batch, long bytes, LogConfig config, long nowMs, RecordsLook look) {
        checkHeld(partition, bytes, look);
        return RecordsVerdict.rebuilt(Rebuild.one(partition, batch, config, nowMs));
    }

    /** Whether these bytes may be written anew now, and held in memory meanwhile. */
    private static void checkHeld(TopicPartition partition, long bytes, RecordsLook look) {
        checkRewritten(bytes, look);
        if (bytes > MOST_HELD_BYTES) {
            throw new InvalidRecordsException(
                    new RecordTooLargeException("The record batch in the append to " + partition + " has " + bytes
                            + " bytes when decompressed, more than there is memory to compress anew."),
                    List.of());
        }
    }

    private static void checkRewritten(long bytes, RecordsLook look) {
        if (bytes > look.maxRewrittenBytes()) {
            throw new TooManyBytesException(look.maxRewrittenBytes());
        }
    }

    /**
     * Whether a compressed batch's header would do: it contradicts neither itself nor the topic, which asks for no
     * more.
     */
    private static boolean isBelieved(RecordBatch batch, LogConfig config, long nowMs) {
        CompressionType codec = batch.compressionType();
        return batch.isCompressed()
                && codec == config.compression().typeFor(codec)
                && !config.compact()
                && batch.timestampType() == TimestampType.CREATE_TIME
                && config.messageTimestampBeforeMaxMs() == Long.MAX_VALUE
                && batch.maxTimestamp() != RecordBatch.NO_TIMESTAMP
                && batch.maxTimestamp() - nowMs <= config.messageTimestampAfterMaxMs();
    }

    private static RecordBatch first(MemoryRecords records) {
        try {
            return records.firstBatch();
        } catch (CorruptRecordException e) {
            return null;
        }
    }

    private static ByteBuffer bytes(MemoryRecords records, RecordBatch batch) {
        ByteBuffer all = records.buffer();
        return all.limit(all.position() + batch.sizeInBytes());
    }

    private record Walked(long maxTimestamp, long bytes) {}

    private static Walked walk(
            TopicPartition partition,
            ByteBuffer bytes,
            RecordBatch batch,
            LogConfig config,
            long nowMs,
            long maxBytes) {
        RecordRules rules = new RecordRules(partition, config, batch.compressionType(), nowMs);
        long max = RecordBatch.NO_TIMESTAMP;
        long size;
        try (RecordsWalk walk = RecordsWalk.over(bytes, maxBytes)) {
            while (walk.next()) {
                if (walk.offsetDelta() != walk.index()) {
                    throw new InvalidRecordException("Record " + walk + " is number " + walk.index()
                            + " of its batch in topic partition " + partition);
                }
                rules.check(batch.timestampType(), walk);
                max = Math.max(max, walk.timestamp());
            }
            size = walk.bytes();
        }
        rules.refuseIfAnyFailed();
        return new Walked(max, size);
    }
}
