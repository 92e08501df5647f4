// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;

/** Batches as tests need them. */
public final class Batches {
    private Batches() {}

    /** Some records at a time, each with key and value. */
    public static SimpleRecord[] records(int count, long timestamp) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(timestamp + i, bytes("key" + i), bytes("value" + timestamp + "-" + i));
        }
        return records;
    }

    /** A batch as a producer without idempotence sends it. */
    public static MemoryRecords plain(int count, long timestamp) {
        return MemoryRecords.withRecords(Compression.NONE, records(count, timestamp));
    }

    /** A batch as an idempotent producer sends it. */
    public static MemoryRecords idempotent(long producerId, int epoch, int sequence, int count, long timestamp) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) epoch, sequence, records(count, timestamp));
    }

    /** A batch of a transaction. */
    public static MemoryRecords transactional(long producerId, int epoch, int sequence, int count, long timestamp) {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, producerId, (short) epoch, sequence, records(count, timestamp));
    }

    /** The marker a transaction coordinator writes. */
    public static MemoryRecords marker(long producerId, int epoch, ControlRecordType type, int coordinatorEpoch) {
        return MemoryRecords.withEndTransactionMarker(
                0L, 1_000L, 0, producerId, (short) epoch, new EndTransactionMarker(type, coordinatorEpoch));
    }

    /** A batch as a leader sends it to a follower. */
    public static MemoryRecords replicated(long baseOffset, int leaderEpoch, int count, long timestamp) {
        return MemoryRecords.withRecords(
                (byte) 2,
                baseOffset,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                -1L,
                (short) -1,
                -1,
                leaderEpoch,
                false,
                records(count, timestamp));
    }

    /** Several sets of batches in one buffer. */
    public static MemoryRecords joined(MemoryRecords... parts) {
        int size = 0;
        for (MemoryRecords part : parts) {
            size += part.sizeInBytes();
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (MemoryRecords part : parts) {
            buffer.put(part.buffer());
        }
        return MemoryRecords.readableRecords(buffer.flip());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
