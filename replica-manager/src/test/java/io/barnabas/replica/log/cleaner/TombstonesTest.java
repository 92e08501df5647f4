// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tombstones, transactions and what stays for producers. */
class TombstonesTest {
    private static final LogConfig CONFIG =
            CleanerLab.COMPACT.toBuilder().deleteRetentionMs(1_000).build();

    @TempDir
    Path dir;

    private CleanerLab lab;

    @BeforeEach
    void open() {
        lab = new CleanerLab(CONFIG, dir);
    }

    @AfterEach
    void close() {
        lab.close();
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void aTombstoneGetsItsHorizonWhenFirstCleanedAndGoesAfterIt() {
        lab.append("a", "1");
        lab.append("a", null);
        lab.append("b", "1");
        cleanNext();

        RecordBatch stamped = batchAt(1);
        assertThat(stamped.deleteHorizonMs()).hasValue(lab.nowMs + 1_000);
        assertThat(timestampOf(stamped)).isEqualTo(1_000_000L);
        assertThat(CleanerLab.records(lab.log())).doesNotContainKey(0L).containsEntry(1L, "a=null");

        lab.advance(999);
        cleanNext();
        assertThat(CleanerLab.records(lab.log())).containsEntry(1L, "a=null");

        lab.advance(1);
        cleanNext();
        assertThat(CleanerLab.records(lab.log())).doesNotContainKey(1L).containsEntry(2L, "b=1");
    }

    @Test
    void recordsWithoutKeysAreDropped() {
        lab.config = CONFIG.toBuilder().compact(false).delete(true).build();
        lab.manager.reloadConfigs();
        lab.append(null, "no key");
        lab.append("a", "1");
        lab.config = CONFIG;
        lab.manager.reloadConfigs();
        cleanNext();

        assertThat(CleanerLab.records(lab.log()).values()).contains("a=1").doesNotContain("null=no key");
    }

    @Test
    void theLastBatchOfARoundStaysIfOnlyItsHeader() {
        lab.append("a", "1");
        lab.config = CONFIG.toBuilder().compact(false).delete(true).build();
        lab.manager.reloadConfigs();
        lab.append(null, "no key");
        lab.config = CONFIG;
        lab.manager.reloadConfigs();
        lab.roll();
        lab.append("active", "1");
        lab.clean();

        assertThat(batchAt(1).countOrNull()).isZero();
    }

    /** Kafka's log dump remarks on an index entry that no record's timestamp bears out. */
    @Test
    void aBatchKeptForItsHeaderGivesTheTimeIndexNoTime() throws IOException {
        theLastBatchOfARoundStaysIfOnlyItsHeader();
        lab.close();
        for (Path index : indexes()) {
            Files.delete(index);
        }
        lab = new CleanerLab(CONFIG, dir);
        lab.log();
        lab.close();

        assertThat(indexes()).hasSize(2);
        for (Path index : indexes()) {
            ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(index));
            while (entries.remaining() >= 12) {
                assertThat(entries.getLong()).as(index.toString()).isLessThanOrEqualTo(lab.nowMs);
                entries.getInt();
            }
        }
    }

    private List<Path> indexes() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(file -> file.toString().endsWith(".timeindex")).toList();
        }
    }

    @Test
    void anAbortedTransactionsDataGoesAtOnceAndItsMarkerAfterTheHorizon() {
        lab.append("key0", "before");
        lab.append(Batches.transactional(7, 0, 0, 2, lab.nowMs));
        lab.appendMarker(Batches.marker(7, 0, ControlRecordType.ABORT, 0));
        lab.append(Batches.idempotent(7, 1, 0, 1, lab.nowMs));
        lab.append("x", "1");
        cleanNext();

        assertThat(CleanerLab.records(lab.log())).doesNotContainKeys(1L, 2L);
        assertThat(controlOffsets()).containsExactly(3L);
        assertThat(batchAt(3).deleteHorizonMs())
                .as("its data was met in this pass")
                .isEmpty();
        assertThat(lab.log().abortedTransactions(0, 100)).hasSize(1);

        cleanNext();
        assertThat(batchAt(3).deleteHorizonMs()).hasValue(lab.nowMs + 1_000);

        lab.advance(1_000);
        cleanNext();
        assertThat(controlOffsets()).isEmpty();
        assertThat(lab.log().abortedTransactions(0, 100)).isEmpty();
    }

    @Test
    void anAbortedKeyDoesNotReplaceTheCommittedOne() {
        lab.append("key0", "committed");
        lab.append(Batches.transactional(7, 0, 0, 1, lab.nowMs));
        lab.appendMarker(Batches.marker(7, 0, ControlRecordType.ABORT, 0));
        lab.append("x", "1");
        cleanNext();

        assertThat(CleanerLab.records(lab.log()))
                .containsEntry(0L, "key0=committed")
                .doesNotContainKey(1L);
    }

    @Test
    void aCommitMarkerStaysWhileDataOfItsTransactionIsThere() {
        lab.append(Batches.transactional(7, 0, 0, 1, lab.nowMs));
        lab.appendMarker(Batches.marker(7, 0, ControlRecordType.COMMIT, 0));
        lab.append(Batches.idempotent(7, 1, 0, 1, lab.nowMs));
        lab.append("x", "1");
        cleanNext();
        cleanNext();
        lab.advance(10_000);
        cleanNext();
        assertThat(CleanerLab.records(lab.log())).doesNotContainKey(0L);
        assertThat(controlOffsets())
                .as("nothing of it is left: the horizon passed")
                .isEmpty();

        lab.append(Batches.transactional(8, 0, 0, 5, lab.nowMs));
        lab.appendMarker(Batches.marker(8, 0, ControlRecordType.COMMIT, 0));
        lab.append(Batches.idempotent(8, 1, 0, 1, lab.nowMs));
        cleanNext();
        lab.advance(10_000);
        cleanNext();
        assertThat(controlOffsets())
                .as("keys 1 to 4 still have their values from it")
                .hasSize(1);
    }

    @Test
    void nothingIsCleanedBeyondAnOpenTransaction() {
        lab.append("a", "1");
        lab.append("a", "2");
        lab.roll();
        lab.append(Batches.transactional(7, 0, 0, 1, lab.nowMs));
        lab.append("a", "3");
        cleanNext();
        cleanNext();

        assertThat(CleanerLab.records(lab.log())).doesNotContainKey(0L).containsKeys(1L, 2L, 3L);
    }

    @Test
    void aProducersLastBatchStaysIfOnlyItsHeader() {
        lab.append(MemoryRecords.withIdempotentRecords(
                Compression.NONE, 9L, (short) 0, 0, CleanerLab.record(lab.nowMs, "a", "1")));
        lab.append("a", "2");
        lab.append("b", "2");
        cleanNext();

        RecordBatch batch = batchAt(0);
        assertThat(batch.countOrNull()).isZero();
        assertThat(batch.producerId()).isEqualTo(9L);
        assertThat(batch.lastSequence()).isZero();
        assertThat(batch.lastOffset()).isZero();

        lab.append(MemoryRecords.withIdempotentRecords(
                Compression.NONE, 9L, (short) 0, 1, CleanerLab.record(lab.nowMs, "c", "1")));
        cleanNext();
        assertThat(CleanerLab.batches(lab.log())).noneMatch(it -> it.baseOffset() == 0);
    }

    @Test
    void aBatchKeepsItsOffsetsEpochAndCompression() {
        lab.log()
                .appendAsLeader(
                        MemoryRecords.withRecords(
                                Compression.zstd().build(),
                                CleanerLab.record(5, "a", "1"),
                                CleanerLab.record(6, "b", "1"),
                                CleanerLab.record(7, "c", "1")),
                        4,
                        io.barnabas.replica.log.AppendOrigin.CLIENT);
        lab.append("c", "2");
        lab.append("a", "2");
        cleanNext();

        RecordBatch batch = batchAt(0);
        assertThat(batch.lastOffset()).isEqualTo(2);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(4);
        assertThat(batch.compressionType().name).isEqualTo("zstd");
        assertThat(offsetsOf(batch)).containsExactly(1L);
    }

    /** Makes what there is cleanable, keeps one record more in the active segment, and cleans. */
    private void cleanNext() {
        lab.append("filler", "x");
        lab.roll();
        lab.append("filler", "y");
        lab.clean();
    }

    private RecordBatch batchAt(long offset) {
        return CleanerLab.batches(lab.log()).stream()
                .filter(batch -> batch.baseOffset() <= offset && offset <= batch.lastOffset())
                .findFirst()
                .orElseThrow();
    }

    private Set<Long> controlOffsets() {
        return CleanerLab.batches(lab.log()).stream()
                .filter(batch -> batch.isControlBatch() && !Integer.valueOf(0).equals(batch.countOrNull()))
                .map(RecordBatch::lastOffset)
                .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new));
    }

    private static long timestampOf(RecordBatch batch) {
        return batch.iterator().next().timestamp();
    }

    private static List<Long> offsetsOf(RecordBatch batch) {
        List<Long> offsets = new java.util.ArrayList<>();
        for (Record record : batch) {
            offsets.add(record.offset());
        }
        return offsets;
    }
}
