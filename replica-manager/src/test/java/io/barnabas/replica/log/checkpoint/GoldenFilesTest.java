// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.EpochEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small files as Kafka 3.9.2 in ZooKeeper mode wrote them: read, and written again to the same bytes. */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/kafka-3.9.2-golden");

    @TempDir
    Path dir;

    @Test
    void recoveryPoints() throws IOException {
        Map<TopicPartition, Long> offsets =
                new OffsetCheckpointFile(GOLDEN.resolve(OffsetCheckpointFile.RECOVERY_POINT)).read();
        assertThat(offsets).hasSize(7).containsEntry(new TopicPartition("plain", 1), 2500L);
        Path file = dir.resolve(OffsetCheckpointFile.RECOVERY_POINT);
        new OffsetCheckpointFile(file).write(offsets);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines)
                .startsWith("0", "7")
                .containsExactlyInAnyOrderElementsOf(
                        Files.readAllLines(GOLDEN.resolve(OffsetCheckpointFile.RECOVERY_POINT)));
        assertThat(Files.size(file)).isEqualTo(Files.size(GOLDEN.resolve(OffsetCheckpointFile.RECOVERY_POINT)));
    }

    @Test
    void noOffsets() throws IOException {
        Path file = dir.resolve(OffsetCheckpointFile.LOG_START_OFFSET);
        new OffsetCheckpointFile(file).write(Map.of());
        assertThat(file).hasSameBinaryContentAs(GOLDEN.resolve(OffsetCheckpointFile.LOG_START_OFFSET));
        assertThat(new OffsetCheckpointFile(dir.resolve("missing")).read()).isEmpty();
    }

    @Test
    void leaderEpochs() throws IOException {
        List<EpochEntry> epochs = LeaderEpochCheckpointFile.read(GOLDEN.resolve("txn-0"));
        assertThat(epochs).containsExactly(new EpochEntry(0, 0L));
        LeaderEpochCheckpointFile.write(dir, epochs, true);
        assertThat(dir.resolve(LeaderEpochCheckpointFile.NAME))
                .hasSameBinaryContentAs(GOLDEN.resolve("txn-0").resolve(LeaderEpochCheckpointFile.NAME));
    }

    @Test
    void partitionMetadata() throws IOException {
        Uuid id = PartitionMetadataFile.read(GOLDEN.resolve("txn-0"));
        PartitionMetadataFile.write(dir, id, true);
        assertThat(dir.resolve(PartitionMetadataFile.NAME))
                .hasSameBinaryContentAs(GOLDEN.resolve("txn-0").resolve(PartitionMetadataFile.NAME));
    }

    @Test
    void cleanShutdownMarker() throws IOException {
        new CleanShutdownFile(dir).write(-1L);
        assertThat(dir.resolve(CleanShutdownFile.NAME)).hasSameBinaryContentAs(GOLDEN.resolve("kafka_cleanshutdown"));
        assertThat(new CleanShutdownFile(dir).readBrokerEpoch()).hasValue(-1L);
    }

    @Test
    void metaProperties() throws IOException {
        MetaProperties properties = MetaProperties.read(GOLDEN).orElseThrow();
        assertThat(properties.brokerId()).hasValue(0);
        assertThat(properties.clusterId())
                .hasValueSatisfying(id -> assertThat(id).hasSize(22));
        properties.write(dir);
        List<String> written = Files.readAllLines(dir.resolve(MetaProperties.NAME));
        List<String> golden = Files.readAllLines(GOLDEN.resolve(MetaProperties.NAME));
        assertThat(written.get(0)).isEqualTo(golden.get(0));
        assertThat(written.subList(2, 5)).containsExactlyInAnyOrderElementsOf(golden.subList(2, 5));
    }

    @Test
    void claimsNewDirectoriesAndRefusesForeignOnes() throws IOException {
        Path mine = dir.resolve("mine");
        LogDirIdentity.read(List.of(mine)).claim("cluster", 3);
        LogDirIdentity again = LogDirIdentity.read(List.of(mine, dir.resolve("new")));
        assertThat(again.brokerId()).hasValue(3);
        again.verify("cluster", OptionalInt.of(3));
        again.verify("cluster", OptionalInt.empty());
        assertThatThrownBy(() -> again.verify("other", OptionalInt.of(3)))
                .isInstanceOf(ForeignLogDirException.class)
                .hasMessageContaining("Invalid cluster.id");
        assertThatThrownBy(() -> again.verify("cluster", OptionalInt.of(4)))
                .isInstanceOf(ForeignLogDirException.class)
                .hasMessageContaining("broker.id 3");
        assertThat(again.clusterId()).isEqualTo(Optional.of("cluster"));
    }

    @Test
    void refusesMalformedCheckpoints() throws IOException {
        Path file = dir.resolve("checkpoint");
        for (String content : List.of("x\n0\n", "1\n0\n", "0\n2\na 0 1\n", "0\n1\na 0\n", "0\n1\na 0 b\n")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> new OffsetCheckpointFile(file).read()).isInstanceOf(IOException.class);
        }
    }
}
