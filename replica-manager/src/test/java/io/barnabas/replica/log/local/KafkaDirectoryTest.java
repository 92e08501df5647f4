// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.AbortedTransaction;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of five transactions, three committed and two aborted, as Kafka 3.9.2 left it. */
class KafkaDirectoryTest {
    private static final Path GOLDEN = Path.of("src/test/resources/kafka-3.9.2-golden");
    private static final String SEGMENT = "00000000000000000000";

    private static void copy(String log, Path target) throws IOException {
        Files.createDirectories(target);
        for (Path file : DirectoryListing.files(GOLDEN.resolve(log))) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
    }

    @Test
    void opensWhatKafkaClosed(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            copy("txn-0", logs.directory);
            LocalPartitionLog log = logs.open(LogConfig.DEFAULT, true, 0L);
            assertThat(log.logEndOffset()).isEqualTo(55L);
            assertThat(log.activeProducer(1L).orElseThrow().lastSequence()).isEqualTo(49);
            log.updateHighWatermark(55L);
            assertThat(log.lastStableOffset()).isEqualTo(55L);
            assertThat(log.read(0L, 100_000, FetchIsolation.TXN_COMMITTED, true)
                            .abortedTransactions()
                            .orElseThrow())
                    .containsExactly(new AbortedTransaction(1L, 11L), new AbortedTransaction(1L, 33L));
        }
    }

    @Test
    void recoversFromTheBatchesAloneToKafkasBytes(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            Files.createDirectories(logs.directory);
            Path batches = GOLDEN.resolve("txn-0").resolve(SEGMENT + ".log");
            Files.copy(batches, logs.directory.resolve(SEGMENT + ".log"));
            LocalPartitionLog log = logs.open(LogConfig.DEFAULT, false, 0L);
            log.close();
            for (String name : new String[] {
                SEGMENT + ".log",
                SEGMENT + ".index",
                SEGMENT + ".timeindex",
                SEGMENT + ".txnindex",
                "00000000000000000055.snapshot",
                "leader-epoch-checkpoint"
            }) {
                assertThat(logs.directory.resolve(name))
                        .hasSameBinaryContentAs(GOLDEN.resolve("txn-0").resolve(name));
            }
        }
    }

    @Test
    void readsCompressedBatches(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            copy("zstd-0", logs.directory);
            LocalPartitionLog log = logs.open(LogConfig.DEFAULT, true, 0L);
            assertThat(TestLogs.values(log, 0L))
                    .hasSize(500)
                    .startsWith("0:value-0")
                    .endsWith("499:value-499");
        }
    }
}
