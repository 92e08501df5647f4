// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.AppendOrigin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.RecordBatch;

/**
 * One pass over the headers of what is to be appended: sizes, CRCs, order. Every append begins with it; nothing inside
 * the batches is read but for the CRC.
 */
public final class RecordsInspection {
    private final MemoryRecords records;
    private final List<MutableRecordBatch> batches;
    private final int validBytes;
    private final boolean monotonic;
    private final CompressionType compression;

    private RecordsInspection(
            MemoryRecords records,
            List<MutableRecordBatch> batches,
            int validBytes,
            boolean monotonic,
            CompressionType compression) {
        this.records = records;
        this.batches = batches;
        this.validBytes = validBytes;
        this.monotonic = monotonic;
        this.compression = compression;
    }

    /**
     * Inspects records.
     *
     * @param maxMessageBytes largest batch accepted, {@link Integer#MAX_VALUE} for those fetched from a leader
     * @throws CorruptRecordException a CRC or length is wrong
     * @throws RecordTooLargeException a batch is larger than allowed
     * @throws InvalidRecordException a producer's batch does not begin at offset 0
     */
    public static RecordsInspection of(
            TopicPartition partition, MemoryRecords records, AppendOrigin origin, int maxMessageBytes) {
        List<MutableRecordBatch> batches = new ArrayList<>(1);
        int bytes = 0;
        long lastOffset = -1L;
        boolean monotonic = true;
        CompressionType compression = CompressionType.NONE;
        for (MutableRecordBatch batch : records.batches()) {
            checkBaseOffset(partition, batch, origin);
            checkSize(partition, batch.sizeInBytes(), maxMessageBytes);
            checkCrc(partition, batch);
            monotonic &= lastOffset < batch.lastOffset();
            lastOffset = batch.lastOffset();
            bytes += batch.sizeInBytes();
            if (batch.compressionType() != CompressionType.NONE) {
                compression = batch.compressionType();
            }
            batches.add(batch);
        }
        return new RecordsInspection(whole(records, bytes), batches, bytes, monotonic, compression);
    }

    private static void checkBaseOffset(TopicPartition partition, RecordBatch batch, AppendOrigin origin) {
        if (origin == AppendOrigin.CLIENT && batch.magic() >= RecordBatch.MAGIC_VALUE_V2 && batch.baseOffset() != 0) {
            throw new InvalidRecordException("The baseOffset of the record batch in the append to " + partition
                    + " should be 0, but it is " + batch.baseOffset());
        }
    }

    private static void checkSize(TopicPartition partition, int bytes, int maxMessageBytes) {
        if (bytes > maxMessageBytes) {
            throw new RecordTooLargeException("The record batch size in the append to " + partition + " is " + bytes
                    + " bytes which exceeds the maximum configured value of " + maxMessageBytes + ".");
        }
    }

    private static void checkCrc(TopicPartition partition, RecordBatch batch) {
        if (!batch.isValid()) {
            throw new CorruptRecordException(
                    "Record is corrupt (stored crc = " + batch.checksum() + ") in topic partition " + partition + ".");
        }
    }

    private static MemoryRecords whole(MemoryRecords records, int bytes) {
        if (bytes == records.sizeInBytes()) {
            return records;
        }
        ByteBuffer cut = records.buffer();
        cut.limit(cut.position() + bytes);
        return MemoryRecords.readableRecords(cut);
    }

    /** What was inspected, without a batch cut short at the end. */
    public MemoryRecords records() {
        return records;
    }

    /** The batches; their headers are those of the buffer, also after it was stamped. */
    public List<MutableRecordBatch> batches() {
        return batches;
    }

    /** Whether there is no batch. */
    public boolean isEmpty() {
        return batches.isEmpty();
    }

    /** The bytes of the whole batches. */
    public int validBytes() {
        return validBytes;
    }

    /** Whether the offsets rise from batch to batch. */
    public boolean monotonic() {
        return monotonic;
    }

    /** How the (last compressed) batch is compressed. */
    public CompressionType compression() {
        return compression;
    }

    /** The first batch; there must be one. */
    public MutableRecordBatch first() {
        return batches.get(0);
    }

    /** The last batch; there must be one. */
    public MutableRecordBatch last() {
        return batches.get(batches.size() - 1);
    }

    /** The largest timestamp of all batches, -1 if none has one. */
    public long maxTimestamp() {
        long max = RecordBatch.NO_TIMESTAMP;
        for (MutableRecordBatch batch : batches) {
            max = Math.max(max, batch.maxTimestamp());
        }
        return max;
    }
}
