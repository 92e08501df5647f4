// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.record.RecordsWalk;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Finds a record by its time inside a batch. Of a compressed one no more is decompressed than it takes, and none of it
 * is kept; it may be long work all the same. Stateless.
 */
final class TimeSearch {
    private TimeSearch() {}

    /**
     * The first record from an offset on whose timestamp is not below the target.
     *
     * @param one a single batch
     */
    static Optional<TimestampAndOffset> first(MemoryRecords one, long timestamp, long startingOffset) {
        RecordBatch batch = one.firstBatch();
        if (batch == null) {
            return Optional.empty();
        }
        return batch.magic() >= RecordBatch.MAGIC_VALUE_V2
                ? inFormat2(one.buffer(), batch, timestamp, startingOffset)
                : inOldFormat(batch, timestamp, startingOffset);
    }

    private static Optional<TimestampAndOffset> inFormat2(
            ByteBuffer bytes, RecordBatch batch, long timestamp, long startingOffset) {
        try (RecordsWalk walk = RecordsWalk.over(bytes, Long.MAX_VALUE)) {
            while (walk.next()) {
                if (walk.timestamp() >= timestamp && walk.offset() >= startingOffset) {
                    return Optional.of(new TimestampAndOffset(walk.timestamp(), walk.offset(), epochOf(batch)));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<TimestampAndOffset> inOldFormat(RecordBatch batch, long timestamp, long startingOffset) {
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.timestamp() >= timestamp && record.offset() >= startingOffset) {
                    return Optional.of(new TimestampAndOffset(record.timestamp(), record.offset(), epochOf(batch)));
                }
            }
        }
        return Optional.empty();
    }

    private static OptionalInt epochOf(RecordBatch batch) {
        int epoch = batch.partitionLeaderEpoch();
        return epoch >= 0 ? OptionalInt.of(epoch) : OptionalInt.empty();
    }
}
