// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordsWalkTest {
    private static final int COUNT = 57;

    private static MemoryRecords batch(CompressionType codec, SimpleRecord... records) {
        return MemoryRecords.withRecords(Compression.of(codec).build(), records);
    }

    private static SimpleRecord[] some(Random random, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] key = random.nextBoolean() ? new byte[random.nextInt(20)] : null;
            byte[] value = random.nextInt(5) > 0 ? new byte[random.nextInt(30_000)] : null;
            Header[] headers = new Header[random.nextInt(3)];
            for (int h = 0; h < headers.length; h++) {
                headers[h] = new RecordHeader("h" + h, random.nextBoolean() ? new byte[random.nextInt(9)] : null);
            }
            records[i] = new SimpleRecord(1_000_000L + random.nextInt(100_000), key, value, headers);
        }
        return records;
    }

    private static List<String> walked(ByteBuffer bytes, long maxBytes) {
        List<String> seen = new ArrayList<>();
        try (RecordsWalk walk = RecordsWalk.over(bytes, maxBytes)) {
            while (walk.next()) {
                seen.add(walk.offset() + "@" + walk.timestamp() + (walk.hasKey() ? " key" : ""));
            }
        }
        return seen;
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void tellsWhatReadingTheRecordsTells(CompressionType codec) {
        Random random = new Random(codec.id);
        for (int round = 0; round < 30; round++) {
            MemoryRecords batch = batch(codec, some(random, 1 + random.nextInt(20)));
            List<String> read = new ArrayList<>();
            for (Record record : batch.records()) {
                read.add(record.offset() + "@" + record.timestamp() + (record.hasKey() ? " key" : ""));
            }
            assertThat(walked(batch.buffer(), Long.MAX_VALUE)).isEqualTo(read);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void refusesACountThatIsNotTrue(CompressionType codec) {
        for (int wrong : new int[] {2, 4, Integer.MAX_VALUE}) {
            ByteBuffer bytes = batch(codec, some(new Random(1), 3)).buffer();
            bytes.putInt(COUNT, wrong);
            assertThatThrownBy(() -> walked(bytes, Long.MAX_VALUE)).isInstanceOf(InvalidRecordException.class);
        }
    }

    /** A client's bytes may be anything: every outcome but these would be a fault of ours. */
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void meetsRubbishWithTheSameFewErrors(CompressionType codec) {
        Random random = new Random(codec.id);
        ByteBuffer good = batch(codec, some(random, 10)).buffer();
        for (int round = 0; round < 500; round++) {
            ByteBuffer bad = ByteBuffer.allocate(good.remaining()).put(good.duplicate());
            for (int i = 0; i <= round % 5; i++) {
                bad.put(61 + random.nextInt(bad.capacity() - 61), (byte) random.nextInt());
            }
            try {
                walked(bad.flip(), 1 << 20);
            } catch (InvalidRecordException | UndecompressibleException | TooManyBytesException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void decompressesNoMoreThanAllowed(CompressionType codec) {
        MemoryRecords large = batch(codec, new SimpleRecord(1L, null, new byte[10_000_000]));
        assertThatThrownBy(() -> walked(large.buffer(), 1_000_000)).isInstanceOf(TooManyBytesException.class);
        assertThat(walked(large.buffer(), 10_100_000)).containsExactly("0@1");
    }

    @Test
    void takesNoMemoryOnSnappysWord() {
        ByteBuffer bytes = batch(CompressionType.SNAPPY, some(new Random(3), 9)).buffer();
        for (int lie : new int[] {400_000_000, -1, bytes.remaining()}) {
            ByteBuffer longFrame = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate());
            longFrame.flip().putInt(61 + 16, lie);
            assertThatThrownBy(() -> walked(longFrame, Long.MAX_VALUE)).isInstanceOf(UndecompressibleException.class);
        }
        ByteBuffer large = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate());
        large.flip().putInt(61 + 16 + 4, 0xffffff7f);
        assertThatThrownBy(() -> walked(large, Long.MAX_VALUE))
                .isInstanceOf(UndecompressibleException.class)
                .hasMessageContaining("claims");
        ByteBuffer bare = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate());
        bare.flip().putLong(61, 0xffffff7f_00000000L);
        assertThatThrownBy(() -> walked(bare, Long.MAX_VALUE)).isInstanceOf(UndecompressibleException.class);
    }

    @Test
    void twoWalksOfAThreadKeepApart() {
        ByteBuffer first = batch(CompressionType.LZ4, some(new Random(1), 5)).buffer();
        try (RecordsWalk outer = RecordsWalk.over(first, Long.MAX_VALUE)) {
            assertThat(outer.next()).isTrue();
            assertThat(walked(batch(CompressionType.LZ4, some(new Random(2), 7)).buffer(), Long.MAX_VALUE))
                    .hasSize(7);
            for (int i = 1; i < 5; i++) {
                assertThat(outer.next()).isTrue();
            }
            assertThat(outer.next()).isFalse();
        }
    }
}
