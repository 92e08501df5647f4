// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig.RecordVersions;
import io.barnabas.coordinator.group.record.GroupSnapshot.MemberSnapshot;
import io.barnabas.coordinator.group.record.RecordKey.GroupKey;
import io.barnabas.coordinator.group.record.RecordKey.OffsetKey;
import io.barnabas.coordinator.group.record.RecordKey.UnknownKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the codec to bytes that Kafka 3.9.2's own generated classes wrote. */
class GroupRecordCodecTest {
    private static final Map<String, String> GOLDEN = golden();
    private static final TopicPartition ORDERS_7 = new TopicPartition("orders", 7);
    private static final String GROUP = "grüppe";

    private static Map<String, String> golden() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                GroupRecordCodecTest.class.getResourceAsStream(
                        "/io/barnabas/coordinator/group/records-of-kafka-3.9.2.txt"),
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

    private static GroupRecordCodec codec(int group, int offset) {
        return new GroupRecordCodec(new RecordVersions((short) group, (short) offset));
    }

    private static CommittedOffset offset(int leaderEpoch, long expireTimestampMs) {
        return new CommittedOffset(1234567890123L, leaderEpoch, "métadata", 1700000000123L, expireTimestampMs);
    }

    private static GroupSnapshot group(long stateTimestampMs, boolean rebalanceTimeouts, String instanceId) {
        return new GroupSnapshot(
                "consumer",
                5,
                "range",
                "c1-id",
                stateTimestampMs,
                List.of(
                        new MemberSnapshot(
                                "c1-id",
                                null,
                                "c1",
                                "/127.0.0.1",
                                rebalanceTimeouts ? 300_000 : 45_000,
                                45_000,
                                Bytes.wrap(new byte[] {1, 2, 3}),
                                Bytes.wrap(new byte[] {4, 5})),
                        new MemberSnapshot(
                                "c2-id",
                                instanceId,
                                "c2",
                                "/127.0.0.2",
                                rebalanceTimeouts ? 60_000 : 10_000,
                                10_000,
                                Bytes.wrap(new byte[] {9}),
                                Bytes.wrap(new byte[0]))));
    }

    @Test
    void writesKeysAsKafkaDoes() {
        assertThat(hex(codec(3, 3).offsetTombstone(GROUP, ORDERS_7).key())).isEqualTo(GOLDEN.get("offset-key-1"));
        assertThat(hex(codec(3, 3).groupTombstone(GROUP).key())).isEqualTo(GOLDEN.get("group-key-2"));
    }

    @Test
    void readsKeysOfAllVersionsAndToleratesUnknownOnes() {
        GroupRecordCodec codec = codec(3, 3);

        assertThat(codec.readKey(bytes("offset-key-0"))).isEqualTo(new OffsetKey(GROUP, ORDERS_7));
        assertThat(codec.readKey(bytes("offset-key-1"))).isEqualTo(new OffsetKey(GROUP, ORDERS_7));
        assertThat(codec.readKey(bytes("group-key-2"))).isEqualTo(new GroupKey(GROUP));
        assertThat(codec.readKey(ByteBuffer.wrap(new byte[] {0, 3, 1}))).isEqualTo(new UnknownKey((short) 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void writesOffsetsAsKafkaDoes(int version) {
        ByteBuffer value = codec(3, version)
                .offset(GROUP, ORDERS_7, offset(42, CommittedOffset.NO_EXPIRY))
                .value();

        assertThat(hex(value)).isEqualTo(GOLDEN.get("offset-value-" + version));
    }

    @Test
    void writesAnOffsetWithItsOwnExpiryInTheVersionThatKeepsIt() {
        ByteBuffer value =
                codec(3, 3).offset(GROUP, ORDERS_7, offset(42, 1700000009999L)).value();

        assertThat(hex(value)).isEqualTo(GOLDEN.get("offset-value-1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void readsOffsetsOfAllVersions(int version) {
        CommittedOffset read = codec(3, 3).readOffset(bytes("offset-value-" + version));

        int leaderEpoch = version >= 3 ? 42 : CommittedOffset.NO_LEADER_EPOCH;
        long expiry = version == 1 ? 1700000009999L : CommittedOffset.NO_EXPIRY;
        assertThat(read).isEqualTo(offset(leaderEpoch, expiry));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void writesGroupsAsKafkaDoes(int version) {
        ByteBuffer value = codec(version, 3)
                .group(GROUP, group(1700000000456L, true, "static-2"))
                .value();

        assertThat(hex(value)).isEqualTo(GOLDEN.get("group-value-" + version));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void readsGroupsOfAllVersions(int version) {
        GroupSnapshot read = codec(3, 3).readGroup(bytes("group-value-" + version));

        long timestamp = version >= 2 ? 1700000000456L : GroupSnapshot.NO_TIMESTAMP;
        assertThat(read).isEqualTo(group(timestamp, version >= 1, version >= 3 ? "static-2" : null));
    }

    @Test
    void writesAnEmptyGroupAsKafkaDoes() {
        GroupSnapshot empty = new GroupSnapshot("consumer", 6, null, null, 1700000000456L, List.of());

        assertThat(hex(codec(3, 3).group(GROUP, empty).value())).isEqualTo(GOLDEN.get("empty-group-value-3"));
        assertThat(codec(3, 3).readGroup(bytes("empty-group-value-3"))).isEqualTo(empty);
    }

    @Test
    void refusesValuesOfUnknownVersions() {
        ByteBuffer fromTheFuture = ByteBuffer.wrap(new byte[] {0, 5, 0, 0});

        assertThatThrownBy(() -> codec(3, 3).readOffset(fromTheFuture)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> codec(3, 3).readGroup(fromTheFuture)).isInstanceOf(IllegalStateException.class);
    }
}
