// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.key.ProtocolVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version against a table written by Kafka 3.9.2's own MetadataVersion. */
class InterBrokerVersionsTest {
    static Stream<List<String>> rowsOfKafka() throws IOException {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                InterBrokerVersionsTest.class.getResourceAsStream("inter-broker-versions-kafka-3.9.2.csv"),
                StandardCharsets.UTF_8))) {
            return table.lines().skip(1).map(line -> List.of(line.split(",", -1))).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rowsOfKafka")
    void meansWhatItMeansToKafka(List<String> row) {
        ProtocolVersion version = ProtocolVersion.parse(row.get(0));

        assertThat(List.of(
                        row.get(0),
                        version.version(),
                        "" + version.fetchVersion(),
                        "" + version.listOffsetsVersion(),
                        "" + version.offsetForLeaderEpochVersion(),
                        "" + version.writeTxnMarkersVersion(),
                        "" + version.isOffsetForLeaderEpochSupported(),
                        "" + version.isTruncationOnFetchSupported(),
                        "" + version.isAlterPartitionSupported(),
                        "" + version.isTopicIdsSupported(),
                        "" + version.isAllocateProducerIdsSupported(),
                        "" + version.isLeaderRecoverySupported(),
                        "" + version.isSaslInterBrokerHandshakeRequestEnabled(),
                        "" + version.highestRecordFormat(),
                        "" + version.groupMetadataValueVersion()))
                .hasToString(List.of(
                                row.get(0),
                                row.get(1),
                                row.get(2),
                                row.get(3),
                                row.get(4),
                                row.get(5),
                                row.get(6),
                                row.get(7),
                                row.get(8),
                                row.get(9),
                                row.get(10),
                                row.get(11),
                                row.get(12),
                                row.get(13),
                                row.get(14))
                        .toString());
    }

    /** As read in AbstractControllerBrokerRequestBatch and KafkaServer of Kafka 3.9.2. */
    @ParameterizedTest
    @CsvSource({
        "0.8.2, 0, 0, 0, 0",
        "0.9.0, 0, 1, 0, 1",
        "0.10.0, 0, 2, 0, 1",
        "0.10.2, 0, 3, 0, 1",
        "1.0, 1, 4, 0, 1",
        "2.1, 1, 4, 0, 1",
        "2.2-IV0, 2, 5, 1, 2",
        "2.4-IV0, 3, 5, 1, 2",
        "2.4, 4, 6, 2, 3",
        "2.6, 4, 6, 3, 3",
        "2.8-IV0, 4, 6, 3, 3",
        "2.8, 5, 7, 3, 3",
        "3.1, 5, 7, 3, 3",
        "3.2, 6, 7, 3, 3",
        "3.3, 6, 7, 3, 3",
        "3.4, 7, 8, 4, 3",
        "3.9, 7, 8, 4, 3"
    })
    void decidesTheControllersRequestVersions(
            String ibp, int leaderAndIsr, int updateMetadata, int stopReplica, int controlledShutdown) {
        ProtocolVersion version = ProtocolVersion.parse(ibp);

        assertThat(version.leaderAndIsrVersion()).isEqualTo((short) leaderAndIsr);
        assertThat(version.updateMetadataVersion()).isEqualTo((short) updateMetadata);
        assertThat(version.stopReplicaVersion()).isEqualTo((short) stopReplica);
        assertThat(version.controlledShutdownVersion()).isEqualTo((short) controlledShutdown);
    }

    @ParameterizedTest
    @CsvSource({
        "2.7, true, 0",
        "3.1, true, 0",
        "3.2, true, 1",
        "3.3, true, 2",
        "3.4, true, 2",
        "3.5, true, 3",
        "3.9, true, 3",
        "3.9, false, 1",
        "2.8, false, 0"
    })
    void proposesInSyncSetsAtAVersionTheOldestReleaseKnows(String ibp, boolean topicIds, int version) {
        assertThat(AlterPartitionCodec.version(ProtocolVersion.parse(ibp), topicIds))
                .isEqualTo((short) version);
    }

    @Test
    void refusesWhatIsNoVersion() {
        assertThatThrownBy(() -> ProtocolVersion.parse("3.99")).isInstanceOf(IllegalArgumentException.class);
    }
}
