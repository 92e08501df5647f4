// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;

class ConvertibleRecordsTest {
    private static final int MOST_BYTES = 10_000;

    private static MemoryRecords batch(long offset, Compression compression, int bytes) {
        return MemoryRecords.withRecords(offset, compression, new SimpleRecord(5L, null, new byte[bytes]));
    }

    private static MemoryRecords both(MemoryRecords first, MemoryRecords second) {
        ByteBuffer bytes = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes());
        bytes.put(first.buffer()).put(second.buffer());
        return MemoryRecords.readableRecords(bytes.flip());
    }

    @Test
    void whatIsTooLargeDecompressedWaitsForTheNextRequest() {
        MemoryRecords small = batch(0, Compression.gzip().build(), 100);
        MemoryRecords large = batch(1, Compression.gzip().build(), 2 * MOST_BYTES);
        assertThat(ConvertibleRecords.of(both(small, large), MOST_BYTES).sizeInBytes())
                .isEqualTo(small.sizeInBytes());
        assertThat(ConvertibleRecords.of(large, MOST_BYTES).sizeInBytes()).isZero();
    }

    @Test
    void zstdIsNotDecompressedOnlyToBeRefused() {
        MemoryRecords large = batch(0, Compression.zstd().build(), 2 * MOST_BYTES);
        assertThat(ConvertibleRecords.of(large, MOST_BYTES).sizeInBytes()).isEqualTo(large.sizeInBytes());
    }
}
