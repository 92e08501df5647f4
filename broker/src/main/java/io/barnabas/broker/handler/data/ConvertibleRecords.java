// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.replica.log.record.RecordsWalk;
import io.barnabas.replica.log.record.TooManyBytesException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.RecordBatch;

/**
 * How much of what was read can be converted: all of it is held in memory, decompressed, while that lasts. An old
 * client asks again for the rest.
 */
final class ConvertibleRecords {
    /** For the records themselves; their conversion takes about as much again. */
    private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private ConvertibleRecords() {}

    /** The batches at the beginning that fit in together; none if the first alone is too large. */
    static MemoryRecords of(MemoryRecords records) {
        return of(records, MOST_BYTES);
    }

    static MemoryRecords of(MemoryRecords records, long mostBytes) {
        ByteBuffer bytes = records.buffer();
        long left = mostBytes;
        int end = bytes.position();
        for (MutableRecordBatch batch : records.batches()) {
            left -= decompressed(bytes, end, batch, left);
            if (left < 0) {
                return MemoryRecords.readableRecords(bytes.limit(end));
            }
            end += batch.sizeInBytes();
        }
        return records;
    }

    private static long decompressed(ByteBuffer bytes, int start, RecordBatch batch, long left) {
        if (batch.magic() != RecordBatch.MAGIC_VALUE_V2 || !batch.isCompressed()) {
            return batch.sizeInBytes();
        }
        if (batch.compressionType() == CompressionType.ZSTD) {
            return batch.sizeInBytes(); // is refused as it is, not converted
        }
        ByteBuffer one = bytes.duplicate().position(start).limit(start + batch.sizeInBytes());
        try (RecordsWalk walk = RecordsWalk.over(one, left)) {
            boolean more = walk.next();
            while (more) {
                more = walk.next();
            }
            return walk.bytes();
        } catch (TooManyBytesException e) {
            return left + 1;
        } catch (KafkaException e) {
            return batch.sizeInBytes(); // converting it will tell
        }
    }
}
