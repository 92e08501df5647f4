// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.LegacyRecord;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;

/**
 * Walks over the batch headers of a segment's file without reading the records. One thread, for one walk; two walks of
 * one thread must not be mixed.
 */
public final class BatchHeaders {
    private static final int WINDOW_BYTES = 4096;
    private static final int V2_HEADER = 61;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int V2_MAX_TIMESTAMP = 35;
    private static final int V2_COUNT = 57;
    private static final int V1_TIMESTAMP = 18;
    private static final int V1_HEADER = 26;
    private static final ThreadLocal<ByteBuffer> WINDOW =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(WINDOW_BYTES));

    private final LogFile file;
    private final int end;
    private final ByteBuffer window = WINDOW.get();
    private int windowStart;
    private int windowEnd;
    private int next;
    private int position;
    private int size;
    private int at;

    BatchHeaders(LogFile file, int from, int end) {
        this.file = file;
        this.end = end;
        this.next = from;
    }

    /**
     * Goes to the next batch.
     *
     * @return false at the end, or where a batch is cut short
     * @throws CorruptRecordException if this cannot be a batch
     */
    public boolean next() throws IOException {
        position = next;
        if (end - position < Records.HEADER_SIZE_UP_TO_MAGIC || !load(Records.HEADER_SIZE_UP_TO_MAGIC)) {
            return false;
        }
        int body = window.getInt(at + Records.SIZE_OFFSET);
        if (body < LegacyRecord.RECORD_OVERHEAD_V0) {
            throw new CorruptRecordException("Found record size " + body + " smaller than minimum record overhead ("
                    + LegacyRecord.RECORD_OVERHEAD_V0 + ") in file " + file.path() + " at " + position);
        }
        size = body + Records.LOG_OVERHEAD;
        if (size < 0 || size > end - position) {
            return false;
        }
        int needed = magic() >= RecordBatch.MAGIC_VALUE_V2 ? V2_HEADER : V1_HEADER;
        if (!load(Math.min(needed, size))) {
            return false;
        }
        next = position + size;
        return true;
    }

    /** The batch's position in the file, in bytes. */
    public int position() {
        return position;
    }

    /** The batch's size with its header. */
    public int sizeInBytes() {
        return size;
    }

    /** The first offset; in formats 0 and 1 the last, which is all the header has. */
    public long baseOffset() {
        return window.getLong(at);
    }

    /** The offset of the batch's last record. */
    public long lastOffset() {
        long base = baseOffset();
        return magic() >= RecordBatch.MAGIC_VALUE_V2 ? base + window.getInt(at + LAST_OFFSET_DELTA) : base;
    }

    /**
     * The largest timestamp of its records. A batch that cleaning kept for its header alone has none: what its header says
     * is the time of the cleaning.
     */
    public long maxTimestamp() {
        return switch (magic()) {
            case RecordBatch.MAGIC_VALUE_V0 -> RecordBatch.NO_TIMESTAMP;
            case RecordBatch.MAGIC_VALUE_V1 -> window.getLong(at + V1_TIMESTAMP);
            default ->
                window.getInt(at + V2_COUNT) == 0 ? RecordBatch.NO_TIMESTAMP : window.getLong(at + V2_MAX_TIMESTAMP);
        };
    }

    /** The same for a batch in memory. */
    public static long maxTimestamp(RecordBatch batch) {
        Integer count = batch.countOrNull();
        return count != null && count == 0 ? RecordBatch.NO_TIMESTAMP : batch.maxTimestamp();
    }

    /** The batch's format, 0 to 2. */
    public byte magic() {
        return window.get(at + Records.MAGIC_OFFSET);
    }

    /** The batch the reading stands at. */
    public BatchPosition current() {
        return new BatchPosition(baseOffset(), lastOffset(), position, size);
    }

    private boolean load(int bytes) throws IOException {
        if (position >= windowStart && position + bytes <= windowEnd) {
            at = position - windowStart;
            return true;
        }
        window.clear().limit(Math.min(WINDOW_BYTES, end - position));
        int read = 0;
        while (read < bytes) {
            int more = file.channel().read(window, (long) position + read);
            if (more < 0) {
                return false;
            }
            read += more;
        }
        windowStart = position;
        windowEnd = position + read;
        at = 0;
        return true;
    }
}
