// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordinator.record.CoordinatorRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the codec to bytes that Kafka 3.9.2's own generated classes wrote. */
class TransactionRecordCodecTest {
    private static final String ID = "zahlüng-1";
    private static final Set<TopicPartition> PARTITIONS = Set.of(
            new TopicPartition("örders", 0),
            new TopicPartition("örders", 3),
            new TopicPartition("__consumer_offsets", 17));
    private static final Map<String, String> GOLDEN = golden();

    private static Map<String, String> golden() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                TransactionRecordCodecTest.class.getResourceAsStream("records-of-kafka-3.9.2.txt"),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer bytes(String name) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(GOLDEN.get(name)));
    }

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(Utils.toArray(buffer));
    }

    private static StoredTransaction transition(TransactionState state, boolean partitions) {
        long startMs = state == TransactionState.EMPTY ? -1L : 1_700_000_000_000L;
        return new StoredTransaction(
                1_234_567_890_123L,
                -1L,
                (short) 7,
                (short) -1,
                60_000,
                state,
                partitions ? PARTITIONS : Set.of(),
                startMs,
                1_700_000_000_123L);
    }

    @ParameterizedTest
    @CsvSource({
        "empty, EMPTY, false",
        "ongoing, ONGOING, true",
        "prepare-commit, PREPARE_COMMIT, true",
        "prepare-abort, PREPARE_ABORT, true",
        "complete-commit, COMPLETE_COMMIT, false",
        "complete-abort, COMPLETE_ABORT, false"
    })
    void writesAndReadsWhatKafkaDoes(String name, TransactionState state, boolean partitions) {
        StoredTransaction transition = transition(state, partitions);

        CoordinatorRecord record = TransactionRecordCodec.record(ID, transition);

        assertThat(hex(record.key())).isEqualTo(GOLDEN.get("key"));
        assertThat(hex(record.value())).isEqualTo(GOLDEN.get(name + "-0"));
        assertThat(TransactionRecordCodec.readValue(bytes(name + "-0"))).isEqualTo(transition);
        assertThat(TransactionRecordCodec.readValue(bytes(name + "-1"))).isEqualTo(transition);
    }

    @Test
    void readsTheKey() {
        assertThat(TransactionRecordCodec.readKey(bytes("key"))).contains(ID);
    }

    @Test
    void skipsWhatKafka4TagsOn() {
        assertThat(TransactionRecordCodec.readValue(bytes("tagged-1")))
                .isEqualTo(transition(TransactionState.ONGOING, true));
    }

    @Test
    void refusesAValueOfAnUnknownVersionAndSkipsAnUnknownKey() {
        ByteBuffer newer = bytes("empty-1");
        newer.putShort(0, (short) 2);
        assertThatThrownBy(() -> TransactionRecordCodec.readValue(newer)).isInstanceOf(IllegalStateException.class);
        ByteBuffer otherKey = bytes("key");
        otherKey.putShort(0, (short) 1);
        assertThat(TransactionRecordCodec.readKey(otherKey)).isEmpty();
    }

    @Test
    void aTombstoneHasTheKeyOnly() {
        CoordinatorRecord tombstone = TransactionRecordCodec.tombstone(ID);
        assertThat(hex(tombstone.key())).isEqualTo(GOLDEN.get("key"));
        assertThat(tombstone.value()).isNull();
    }
}
