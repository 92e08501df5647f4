// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.checkpoint.OffsetCheckpointFile;
import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.testing.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/** Random histories of appends, rolls, cleanings and restarts, against a map. */
class CompactionPropertyTest {
    private static final List<Compression> COMPRESSIONS = List.of(
            Compression.NONE,
            Compression.gzip().build(),
            Compression.snappy().build(),
            Compression.lz4().build(),
            Compression.zstd().build());

    @Property(tries = 12)
    void theLatestValueOfEachKeyStaysUnderItsOffset(@ForAll long seed) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            History history = new History(scratch.path(), new Random(seed));
            try {
                history.run();
            } finally {
                history.lab.close();
            }
        }
    }

    private static final class History {
        private final Path dir;
        private final Random random;
        private final LogConfig config;
        private final CleanerConfig cleaner;
        private final TreeMap<Long, String> all = new TreeMap<>();
        private final Map<String, Long> latest = new TreeMap<>();
        private final int[] sequences = new int[3];
        private CleanerLab lab;

        private History(Path dir, Random random) {
            this.dir = dir;
            this.random = random;
            this.config = CleanerLab.COMPACT.toBuilder()
                    .segmentBytes(1_000 + random.nextInt(3_000))
                    .indexIntervalBytes(random.nextInt(200))
                    .deleteRetentionMs(random.nextInt(500))
                    .build();
            int keysInMemory = random.nextInt(3) == 0 ? 4 + random.nextInt(6) : 40;
            this.cleaner = new CleanerConfig(
                    1, (long) OffsetMap.BYTES_PER_SLOT * (keysInMemory + 1), 0.9, 2_048, Double.MAX_VALUE, 1_000);
            this.lab = new CleanerLab(config, cleaner, 1_000_000L, dir);
        }

        private void run() {
            int steps = 10 + random.nextInt(50);
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> lab.roll();
                    case 1, 2 -> cleanAndCheck();
                    case 3 -> restart();
                    case 4 -> lab.advance(random.nextInt(1_000));
                    default -> append();
                }
            }
            lab.roll();
            cleanAndCheck();
            restart();
            check();
            lab.close();
            assertThat(lab.failures).isEmpty();
        }

        private void append() {
            SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(10)];
            long offset = lab.log().logEndOffset();
            for (int i = 0; i < records.length; i++) {
                String key = "key" + random.nextInt(12);
                String value = random.nextInt(4) == 0 ? null : "v".repeat(random.nextInt(60)) + offset;
                records[i] = CleanerLab.record(lab.nowMs + i, key, value);
                all.put(offset + i, key + "=" + value);
                latest.put(key, offset + i);
            }
            Compression compression = COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size()));
            int producer = random.nextInt(sequences.length + 1);
            if (producer == sequences.length) {
                lab.append(MemoryRecords.withRecords(compression, records));
            } else {
                lab.append(MemoryRecords.withIdempotentRecords(
                        compression, 100 + producer, (short) 0, sequences[producer], records));
                sequences[producer] += records.length;
            }
        }

        private void cleanAndCheck() {
            lab.clean();
            check();
        }

        private void restart() {
            lab.close();
            if (random.nextBoolean()) {
                // as after a crash: everything is scanned, and the producers come back from the log alone
                deleteAll(".snapshot");
                deleteAll(".kafka_cleanshutdown");
                deleteAll(OffsetCheckpointFile.RECOVERY_POINT);
            }
            lab = new CleanerLab(config, cleaner, lab.nowMs, dir);
            lab.replicate();
        }

        private void deleteAll(String ending) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file :
                        files.filter(it -> it.toString().endsWith(ending)).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void check() {
            LocalPartitionLog log = lab.log();
            TreeMap<Long, String> kept = CleanerLab.records(log);
            assertThat(all).containsAllEntriesOf(kept);
            latest.forEach((key, offset) -> {
                String record = all.get(offset);
                if (!record.endsWith("=null")) {
                    assertThat(kept).as("latest value of " + key).containsEntry(offset, record);
                } else if (!kept.containsKey(offset)) {
                    assertThat(kept.values()).as("deleted " + key).noneMatch(it -> it.startsWith(key + "="));
                }
            });
            assertProducers(log);
            assertOrdered(log);
        }

        private void assertProducers(LocalPartitionLog log) {
            for (int i = 0; i < sequences.length; i++) {
                if (sequences[i] > 0) {
                    assertThat(log.activeProducer(100 + i).orElseThrow().lastSequence())
                            .isEqualTo(sequences[i] - 1);
                }
            }
        }

        private static void assertOrdered(LocalPartitionLog log) {
            long next = 0;
            for (RecordBatch batch : new ArrayList<>(CleanerLab.batches(log))) {
                batch.ensureValid();
                assertThat(batch.baseOffset()).isGreaterThanOrEqualTo(next);
                next = batch.nextOffset();
            }
        }
    }
}
