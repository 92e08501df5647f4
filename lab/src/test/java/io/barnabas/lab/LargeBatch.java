// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;

/** Batches that are small on the wire and huge when decompressed: records of zeros. None is held in memory whole. */
final class LargeBatch {
    private static final int PIECE = 64 * 1024;

    private LargeBatch() {}

    /**
     * A batch.
     *
     * @param baseMs the time of the first record; each is a millisecond after the one before
     * @param valueBytes of each record
     */
    static MemoryRecords of(CompressionType codec, Compression compression, int records, int valueBytes, long baseMs)
            throws IOException {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(1 << 20);
        bytes.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        try (DataOutputStream out =
                new DataOutputStream(compression.wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2))) {
            byte[] zeros = new byte[PIECE];
            for (int i = 0; i < records; i++) {
                write(out, i, valueBytes, zeros);
            }
        }
        ByteBuffer buffer = bytes.buffer();
        int size = buffer.position();
        buffer.position(0);
        DefaultRecordBatch.writeHeader(
                buffer,
                0L,
                records - 1,
                size,
                RecordBatch.MAGIC_VALUE_V2,
                codec,
                TimestampType.CREATE_TIME,
                baseMs,
                baseMs + records - 1,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                records);
        return MemoryRecords.readableRecords(buffer.position(0).limit(size));
    }

    private static void write(DataOutputStream out, int index, int valueBytes, byte[] zeros) throws IOException {
        int size = 1
                + ByteUtils.sizeOfVarlong(index)
                + ByteUtils.sizeOfVarint(index)
                + ByteUtils.sizeOfVarint(1)
                + 1
                + ByteUtils.sizeOfVarint(valueBytes)
                + valueBytes
                + ByteUtils.sizeOfVarint(0);
        ByteUtils.writeVarint(size, out);
        out.write(0);
        ByteUtils.writeVarlong(index, out);
        ByteUtils.writeVarint(index, out);
        ByteUtils.writeVarint(1, out);
        out.write('k');
        ByteUtils.writeVarint(valueBytes, out);
        for (int left = valueBytes; left > 0; left -= zeros.length) {
            out.write(zeros, 0, Math.min(left, zeros.length));
        }
        ByteUtils.writeVarint(0, out);
    }
}
