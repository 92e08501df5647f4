// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertedBatchesTest {
    private static final Compression GZIP = Compression.gzip().build();
    private static final Compression ZSTD = Compression.zstd().build();

    private static MemoryRecords batch(long offset, Compression compression, String... values) {
        SimpleRecord[] records = Arrays.stream(values)
                .map(value -> new SimpleRecord(5L, null, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(offset, compression, 0, records);
    }

    private static MemoryRecords marker(long offset) {
        return MemoryRecords.withEndTransactionMarker(
                offset, 5L, 0, 9L, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0));
    }

    private static MemoryRecords all(MemoryRecords... batches) {
        ByteBuffer bytes = ByteBuffer.allocate(
                Arrays.stream(batches).mapToInt(MemoryRecords::sizeInBytes).sum());
        Arrays.stream(batches).forEach(batch -> bytes.put(batch.buffer()));
        return MemoryRecords.readableRecords(bytes.flip());
    }

    private static List<String> values(MemoryRecords records) {
        List<String> values = new ArrayList<>();
        for (Record record : records.records()) {
            values.add(record.offset() + ":"
                    + StandardCharsets.UTF_8.decode(record.value()).toString());
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(bytes = {RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1})
    void whatStandsBeforeABatchThatCannotBeConvertedIsGiven(byte magic) {
        MemoryRecords converted = ConvertedBatches.of(
                all(
                        batch(0, GZIP, "a", "b"),
                        batch(2, Compression.NONE, "c"),
                        batch(3, ZSTD, "d"),
                        batch(4, GZIP, "e"),
                        batch(5, ZSTD, "f")),
                magic,
                0L);
        assertThat(values(converted)).containsExactly("0:a", "1:b", "2:c");
        assertThat(converted.batches()).allMatch(batch -> batch.magic() == magic);
    }

    @ParameterizedTest
    @ValueSource(bytes = {RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1})
    void fromThatBatchOnTheAnswerIsTheError(byte magic) {
        assertThatThrownBy(() -> ConvertedBatches.of(all(batch(3, ZSTD, "d"), batch(4, GZIP, "e")), magic, 3L))
                .isInstanceOf(UnsupportedCompressionTypeException.class);
    }

    @ParameterizedTest
    @ValueSource(bytes = {RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1})
    void markersAndRecordsBeforeTheOffsetAreNothingToGive(byte magic) {
        assertThatThrownBy(() -> ConvertedBatches.of(
                        all(batch(0, Compression.NONE, "a"), marker(1), batch(2, ZSTD, "b")), magic, 1L))
                .isInstanceOf(UnsupportedCompressionTypeException.class);
        assertThat(values(ConvertedBatches.of(all(marker(1), batch(2, GZIP, "b"), batch(3, ZSTD, "c")), magic, 1L)))
                .containsExactly("2:b");
    }

    @ParameterizedTest
    @ValueSource(bytes = {RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1})
    void aDamagedBatchTakesNothingBeforeItAway(byte magic) {
        MemoryRecords stored = all(batch(0, Compression.NONE, "a"), batch(1, GZIP, "bbbbbbbbbb"));
        ByteBuffer bytes = stored.buffer();
        // the gzip header right after the batch's own
        int first = batch(0, Compression.NONE, "a").sizeInBytes();
        bytes.put(first + 61, (byte) 0);
        assertThat(values(ConvertedBatches.of(stored, magic, 0L))).containsExactly("0:a");
        MemoryRecords damaged = MemoryRecords.readableRecords(bytes.slice(first, bytes.limit() - first));
        assertThatThrownBy(() -> ConvertedBatches.of(damaged, magic, 1L)).isInstanceOf(KafkaException.class);
    }
}
