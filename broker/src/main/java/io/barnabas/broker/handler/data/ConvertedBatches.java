// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.utils.Time;

/**
 * Batches in an older format, up to the first that cannot be converted (zstd, or a damaged one): the reader gets what
 * stands before it, asks for more from there, and only then gets the error (KIP-283).
 */
final class ConvertedBatches {
    private ConvertedBatches() {}

    /**
     * Converts batch by batch.
     *
     * @param stored as they are on disk; a batch cut short at the end is left out
     * @param magic the format to convert to
     * @param firstOffset the offset asked for; records before it are left out where the old format allows
     * @return the converted batches; where nothing is left of them (transaction markers), a batch cut short, which tells
     *     the reader that the next one does not fit its fetch size
     * @throws KafkaException the first batch with records cannot be converted; an
     *     {@link org.apache.kafka.common.errors.UnsupportedCompressionTypeException} for zstd
     */
    static MemoryRecords of(MemoryRecords stored, byte magic, long firstOffset) {
        List<MemoryRecords> converted = new ArrayList<>();
        int bytes = 0;
        int position = 0;
        for (RecordBatch batch : stored.batches()) {
            MemoryRecords one = MemoryRecords.readableRecords(stored.buffer().slice(position, batch.sizeInBytes()));
            position += batch.sizeInBytes();
            try {
                MemoryRecords old =
                        one.downConvert(magic, firstOffset, Time.SYSTEM).records();
                converted.add(old);
                bytes += old.sizeInBytes();
            } catch (KafkaException e) {
                if (bytes == 0) {
                    throw e;
                }
                break;
            }
        }
        return bytes == 0 ? overflow() : joined(converted, bytes);
    }

    private static MemoryRecords joined(List<MemoryRecords> parts, int bytes) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        parts.forEach(part -> all.put(part.buffer()));
        return MemoryRecords.readableRecords(all.flip());
    }

    /** A batch cut short, which tells an old client that the next one does not fit its fetch size. */
    private static MemoryRecords overflow() {
        ByteBuffer partial = ByteBuffer.allocate(Records.LOG_OVERHEAD);
        partial.putLong(-1L);
        partial.putInt(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        return MemoryRecords.readableRecords(partial.flip());
    }
}
