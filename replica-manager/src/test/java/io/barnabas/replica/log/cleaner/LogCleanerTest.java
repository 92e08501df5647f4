// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.local.LocalPartitionLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cleaner beside what happens to logs: truncation, deletion, moves, changes of configuration, errors. */
class LogCleanerTest {
    private static final CleanerConfig SLOW = new CleanerConfig(1, 1_000_000, 0.9, 2_048, 1.0, 1_000);

    @TempDir
    Path dir;

    @TempDir
    Path otherDir;

    private CleanerLab lab;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void truncationGivesUpTheCleaningAndLowersTheCheckpoint() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        fill(40);
        lab.clean();
        long cleanTo = checkpoint();
        assertThat(cleanTo).isGreaterThan(10);

        lab.log().truncateTo(5);

        assertThat(checkpoint())
                .isEqualTo(lab.log().activeSegment().baseOffset())
                .isLessThanOrEqualTo(5);
    }

    @Test
    void aCleaningUnderWayIsNotPutInPlaceAfterATruncation() {
        lab = new CleanerLab(CleanerLab.COMPACT, SLOW, 1_000_000L, dir);
        fill(40);
        CompletableFuture<Boolean> cleaning = CompletableFuture.supplyAsync(lab.worker::cleanFilthiest);
        awaitCleaning();

        lab.log().truncateTo(5);

        assertThat(cleaning).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(false);
        assertThat(CleanerLab.records(lab.log())).hasSize(5);
        assertThat(lab.context.checkpoints().get(dir, CleanerLab.PARTITION)).isEmpty();
        assertThat(lab.log().logEndOffset()).isEqualTo(5);
        assertThat(files(".cleaned")).isEmpty();
    }

    @Test
    void fullTruncationStartsTheCheckpointAnew() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        fill(40);
        lab.clean();

        lab.log().truncateFullyAndStartAt(3, Optional.empty());

        assertThat(checkpoint()).isEqualTo(3);
    }

    @Test
    void deletionWaitsForTheCleaningToEndAndForgetsTheCheckpoint() {
        lab = new CleanerLab(CleanerLab.COMPACT, SLOW, 1_000_000L, dir);
        fill(40);
        lab.context.checkpoints().update(dir, CleanerLab.PARTITION, 1, lab.context.partitions(), () -> true);
        CompletableFuture<Boolean> cleaning = CompletableFuture.supplyAsync(lab.worker::cleanFilthiest);
        awaitCleaning();

        assertThat(lab.manager.deleteLater(CleanerLab.PARTITION, false)).isPresent();

        assertThat(lab.context.ledger().isAborted(CleanerLab.PARTITION)).isFalse();
        assertThat(cleaning).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(false);
        assertThat(lab.context.checkpoints().get(dir, CleanerLab.PARTITION)).isEmpty();
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void aLogIsNotCleanedWhileItMovesAndItsCheckpointMovesAlong() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir, otherDir);
        Path from = lab.log().logDir();
        Path to = from.equals(dir) ? otherDir : dir;
        fill(20);
        lab.clean();
        long cleanTo = checkpoint();
        fill(20);
        lab.manager.preferLogDir(CleanerLab.PARTITION, to);
        PartitionLog future = lab.manager.getOrCreateFuture(CleanerLab.PARTITION, Uuid.ZERO_UUID);
        assertThat(lab.worker.cleanFilthiest()).isFalse();

        future.truncateFullyAndStartAt(lab.log().logEndOffset(), Optional.of(0L));
        lab.manager.replaceCurrentWithFuture(CleanerLab.PARTITION);

        assertThat(lab.context.checkpoints().get(from, CleanerLab.PARTITION)).isEmpty();
        assertThat(lab.context.checkpoints().get(to, CleanerLab.PARTITION)).hasValue(cleanTo);
        assertThat(lab.context.ledger().begin(CleanerLab.PARTITION)).isTrue();
        lab.context.ledger().end(CleanerLab.PARTITION);
    }

    @Test
    void anAbandonedMoveLetsTheLogBeCleanedAgain() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir, otherDir);
        fill(20);
        Path to = lab.log().logDir().equals(dir) ? otherDir : dir;
        lab.manager.preferLogDir(CleanerLab.PARTITION, to);
        assertThat(lab.manager.getOrCreateFuture(CleanerLab.PARTITION, Uuid.ZERO_UUID))
                .isNotNull();
        assertThat(lab.worker.cleanFilthiest()).isFalse();

        assertThat(lab.manager.deleteLater(CleanerLab.PARTITION, true)).isPresent();

        assertThat(lab.worker.cleanFilthiest()).isTrue();
    }

    @Test
    void aMoveFoundAtAStartStillKeepsTheLogFromBeingCleaned() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir, otherDir);
        fill(20);
        Path to = lab.log().logDir().equals(dir) ? otherDir : dir;
        lab.manager.preferLogDir(CleanerLab.PARTITION, to);
        assertThat(lab.manager.getOrCreateFuture(CleanerLab.PARTITION, Uuid.ZERO_UUID))
                .isNotNull();
        lab.close();
        lab = new CleanerLab(CleanerLab.COMPACT, dir, otherDir);
        lab.replicate();

        assertThat(lab.worker.cleanFilthiest()).isFalse();
    }

    @Test
    void aTopicThatIsNoLongerCompactedIsLeftAtOnce() {
        lab = new CleanerLab(CleanerLab.COMPACT, SLOW, 1_000_000L, dir);
        fill(40);
        CompletableFuture<Boolean> cleaning = CompletableFuture.supplyAsync(lab.worker::cleanFilthiest);
        awaitCleaning();

        lab.manager.updateTopicConfig(
                CleanerLab.PARTITION.topic(), LogConfig.builder().build());

        assertThat(cleaning).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(false);
        assertThat(CleanerLab.records(lab.log())).hasSize(40);
    }

    @Test
    void aLogThatCannotBeCleanedIsGivenUpAndTheOthersGoOn() throws IOException {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        fill(40);
        Path segment = lab.log().segments().get(0).file();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(8);
            file.writeInt(3);
        }

        assertThat(lab.worker.cleanFilthiest()).isFalse();

        assertThat(lab.cleaner.figures().uncleanable()).containsOnlyKeys(dir);
        assertThat(lab.failures).as("the directory is not to blame").isEmpty();
        assertThat(lab.worker.cleanFilthiest()).isFalse();
        assertThat(files(".cleaned")).isEmpty();

        assertThat(lab.manager.deleteLater(CleanerLab.PARTITION, false)).isPresent();
        assertThat(lab.cleaner.figures().uncleanable()).isEmpty();
    }

    @Test
    void compactAndDeleteAlsoRemovesWhatRetentionAllows() {
        lab = new CleanerLab(
                CleanerLab.COMPACT.toBuilder().delete(true).retentionMs(1_000).build(), dir);
        fill(40);
        lab.advance(2_000);
        lab.append("young", "1");
        int before = lab.log().numberOfSegments();

        lab.worker.applyRetention();

        assertThat(lab.log().numberOfSegments()).isLessThan(before);
        assertThat(lab.log().logStartOffset()).isPositive();
        assertThat(CleanerLab.records(lab.log())).containsValue("young=1");
    }

    @Test
    void segmentsBelowTheLogStartGoFromCompactedLogsToo() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        fill(40);
        lab.log()
                .maybeIncrementLogStartOffset(
                        30, io.barnabas.replica.log.LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION);

        lab.worker.applyRetention();

        assertThat(lab.log().segments().get(1).baseOffset()).isGreaterThan(30);
    }

    @Test
    void cleansByItselfAndTakesMoreThreadsAndEndsWithTheManager() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        fill(40);
        lab.cleaner.close();
        CleanerConfig quick = new CleanerConfig(1, 1_000_000, 0.9, 65_536, Double.MAX_VALUE, 10);
        LogCleaner cleaner = LogCleaner.start(quick, lab.manager, lab.ports, System::nanoTime);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> CleanerLab.records(lab.log()).size() < 10);

        cleaner.reconfigure(new CleanerConfig(2, 1_000_000, 0.9, 65_536, Double.MAX_VALUE, 10));
        fill(40);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> CleanerLab.records(lab.log()).size() < 10);
        assertThat(cleaner.figures().deadThreadCount()).isZero();
        assertThat(threads()).hasSize(2);

        lab.close();
        assertThat(threads()).isEmpty();
    }

    @Test
    void refusesToRunWithoutThreads() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
        assertThatThrownBy(() -> new CleanerConfig(0, 1, 0.9, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheTimeOfTheSegmentsAndTheReplacedOnesGo() throws IOException {
        lab = new CleanerLab(CleanerLab.COMPACT.toBuilder().segmentBytes(10_000).build(), dir);
        for (int i = 0; i < 5; i++) {
            lab.append("a", "x");
            lab.roll();
        }
        List<io.barnabas.replica.log.segment.LogSegment> old = lab.log().segments(0, 5);
        old.get(4).lastModifiedMs(123_000L);

        lab.clean();
        lab.settle();

        assertThat(lab.log().segments().get(0).lastModifiedMs()).isEqualTo(123_000L);
        assertThat(lab.log().numberOfSegments()).isEqualTo(2);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(files(".deleted")).isEmpty());
        assertThat(files(".log")).hasSize(2);
        assertThat(files(".snapshot")).allMatch(file -> file.matches("0+5\\.snapshot"));
    }

    private void fill(int records) {
        for (int i = 0; i < records; i++) {
            lab.append("key" + i % 3, "value" + i);
        }
        lab.roll();
    }

    private long checkpoint() {
        return lab.context
                .checkpoints()
                .get(lab.log().logDir(), CleanerLab.PARTITION)
                .orElseThrow();
    }

    private void awaitCleaning() {
        await().atMost(Duration.ofSeconds(60)).until(() -> !lab.context.ledger().isCandidate((LocalPartitionLog)
                lab.manager.log(CleanerLab.PARTITION).orElseThrow()));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-log-cleaner-thread"))
                .toList();
    }

    private List<String> files(String ending) {
        try (Stream<Path> files = Files.list(lab.log().directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
