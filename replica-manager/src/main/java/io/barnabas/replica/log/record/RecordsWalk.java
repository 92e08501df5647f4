// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Walks over the records of one batch of format 2 and tells of each what its own fields say: offset, time, sizes. Keys,
 * values and headers are skipped, so that memory does not grow with them, however large a record is. A batch that is
 * not compressed is read where it lies; a compressed one is decompressed piece by piece, and no further than allowed.
 *
 * <p>Every length is checked on the way: a batch that was walked to its end holds exactly the records its header
 * counts. One thread, for one walk.
 */
public final class RecordsWalk implements AutoCloseable {
    private static final int RECORDS = 61;
    private static final int ATTRIBUTES = 21;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int COUNT = 57;
    private static final int CODEC_MASK = 0x07;
    private static final int LOG_APPEND_TIME_MASK = 0x08;

    private final RecordBytes bytes;
    private final int count;
    private final long baseOffset;
    private final long baseTimestamp;
    private final long logAppendTime;
    private final boolean compressed;
    private int index = -1;
    private long timestampDelta;
    private int offsetDelta;
    private int keySize;
    private int valueSize;

    private RecordsWalk(ByteBuffer batch, CompressionType codec, long maxBytes) {
        int at = batch.position();
        short attributes = batch.getShort(at + ATTRIBUTES);
        this.count = batch.getInt(at + COUNT);
        this.baseOffset = batch.getLong(at);
        this.baseTimestamp = batch.getLong(at + BASE_TIMESTAMP);
        this.logAppendTime =
                (attributes & LOG_APPEND_TIME_MASK) == 0 ? RecordBatch.NO_TIMESTAMP : batch.getLong(at + MAX_TIMESTAMP);
        this.compressed = codec != CompressionType.NONE;
        ByteBuffer records = batch.position(at + RECORDS);
        this.bytes = compressed
                ? RecordBytes.decompressing(records, codec, RecordBatch.MAGIC_VALUE_V2, maxBytes)
                : RecordBytes.of(records);
    }

    /**
     * Begins before the first record.
     *
     * @param batch the bytes of one batch of format 2, header included; its position is moved
     * @param maxBytes the most bytes to decompress; has no meaning for a batch that is not compressed
     * @throws UndecompressibleException if the bytes are not what they are said to be compressed with
     * @throws IllegalArgumentException if there is no such compression
     */
    public static RecordsWalk over(ByteBuffer batch, long maxBytes) {
        int codec = batch.getShort(batch.position() + ATTRIBUTES) & CODEC_MASK;
        return new RecordsWalk(batch, CompressionType.forId(codec), maxBytes);
    }

    /**
     * Goes to the next record.
     *
     * @return false after the last one
     * @throws InvalidRecordException if this is no record, or the header counts more or fewer than there are
     * @throws UndecompressibleException if it cannot be decompressed
     * @throws TooManyBytesException if more would have to be decompressed than allowed
     */
    public boolean next() {
        if (index + 1 >= count) {
            if (!bytes.atEnd()) {
                throw new InvalidRecordException("Incorrect declared batch size, records still remaining in file");
            }
            return false;
        }
        index++;
        read();
        return true;
    }

    private void read() {
        int size = bytes.varint();
        long end = bytes.consumed() + size;
        if (size < 0) {
            throw new InvalidRecordException("Invalid record size: " + size);
        }
        bytes.skip(1, end);
        timestampDelta = bytes.varlong();
        offsetDelta = bytes.varint();
        keySize = bytes.skipSized(end);
        valueSize = bytes.skipSized(end);
        int headers = bytes.varint();
        if (headers < 0 || headers > size) {
            throw new InvalidRecordException("Found invalid number of record headers " + headers);
        }
        for (int i = 0; i < headers; i++) {
            if (bytes.skipSized(end) < 0) {
                throw new InvalidRecordException("Invalid negative header key size");
            }
            bytes.skipSized(end);
        }
        if (bytes.consumed() != end) {
            throw new InvalidRecordException("Invalid record size: expected to read " + size
                    + " bytes in record payload, but instead read " + (bytes.consumed() - end + size));
        }
    }

    /** The record's place in the batch, from 0. */
    public int index() {
        return index;
    }

    /** By how much its offset is above the batch's first. */
    public int offsetDelta() {
        return offsetDelta;
    }

    /** The record's offset. */
    public long offset() {
        return baseOffset + offsetDelta;
    }

    /**
     * Its time in milliseconds: the broker's, where the batch's header says that it was stamped by one; -1 for none.
     */
    public long timestamp() {
        if (logAppendTime != RecordBatch.NO_TIMESTAMP) {
            return logAppendTime;
        }
        return baseTimestamp == RecordBatch.NO_TIMESTAMP ? RecordBatch.NO_TIMESTAMP : baseTimestamp + timestampDelta;
    }

    /** Whether the record has a key. */
    public boolean hasKey() {
        return keySize >= 0;
    }

    /** Bytes of records so far, decompressed. */
    public long bytes() {
        return bytes.consumed();
    }

    @Override
    public void close() {
        bytes.close();
    }

    /** The record in the words of Kafka's messages. */
    @Override
    public String toString() {
        return (compressed ? "PartialDefaultRecord" : "DefaultRecord") + "(offset=" + offset() + ", timestamp="
                + timestamp() + ", key=" + Math.max(0, keySize) + " bytes, value=" + Math.max(0, valueSize)
                + " bytes)";
    }
}
