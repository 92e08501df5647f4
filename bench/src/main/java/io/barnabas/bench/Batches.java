// SPDX-License-Identifier: Apache-2.0
package io.barnabas.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/** Record batches as an idempotent producer sends them. */
public final class Batches {
    /** Where a batch has its base offset. */
    static final int BASE_OFFSET = 0;
    /** Where a batch of format 2 has its base sequence. */
    static final int BASE_SEQUENCE = 53;

    private static final long NOW_MS = 1_700_000_000_000L;
    private static final long SEED = 42;

    private Batches() {}

    /** One batch of records of 1 KB, not compressed. */
    public static MemoryRecords of(int records, long producerId) {
        return of(records, producerId, CompressionType.NONE);
    }

    /** The same, compressed or not; what is to be compressed consists of digits and words. */
    public static MemoryRecords of(int records, long producerId, CompressionType codec) {
        Random random = new Random(SEED);
        SimpleRecord[] each = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[1024];
            random.nextBytes(value);
            if (codec != CompressionType.NONE) {
                for (int k = 0; k < value.length; k++) {
                    value[k] = (byte) ('a' + (value[k] & 3));
                }
            }
            each[i] = new SimpleRecord(NOW_MS + i, null, value);
        }
        MemoryRecords batch =
                MemoryRecords.withIdempotentRecords(Compression.of(codec).build(), producerId, (short) 0, 0, each);
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.sizeInBytes());
        direct.put(batch.buffer()).flip();
        return MemoryRecords.readableRecords(direct);
    }
}
