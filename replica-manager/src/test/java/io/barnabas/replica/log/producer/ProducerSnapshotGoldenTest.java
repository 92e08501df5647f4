// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots as Kafka 3.9.2 wrote them. */
class ProducerSnapshotGoldenTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/kafka-3.9.2-golden/txn-0/00000000000000000055.snapshot");

    @Test
    void readsAndWritesKafkasBytes() throws IOException {
        List<ProducerEntry> entries = ProducerSnapshot.read(GOLDEN);
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.producerId()).isEqualTo(1L);
            assertThat(entry.lastSequence()).isEqualTo(49);
            assertThat(entry.lastDataOffset()).isEqualTo(53L);
            assertThat(entry.coordinatorEpoch()).isZero();
            assertThat(entry.hasOpenTransaction()).isFalse();
        });
        assertThat(ProducerSnapshot.encode(entries)).isEqualTo(Files.readAllBytes(GOLDEN));
    }

    @Test
    void refusesEveryCorruptedByteAndEveryTruncation(@TempDir Path dir) throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN);
        Path file = dir.resolve("0.snapshot");
        for (int i = 0; i < bytes.length; i++) {
            byte[] broken = bytes.clone();
            broken[i] ^= 1;
            Files.write(file, broken);
            assertThatThrownBy(() -> ProducerSnapshot.read(file))
                    .isInstanceOf(ProducerSnapshot.CorruptSnapshotException.class);
            Files.write(file, java.util.Arrays.copyOf(bytes, i));
            assertThatThrownBy(() -> ProducerSnapshot.read(file))
                    .isInstanceOf(ProducerSnapshot.CorruptSnapshotException.class);
        }
    }
}
