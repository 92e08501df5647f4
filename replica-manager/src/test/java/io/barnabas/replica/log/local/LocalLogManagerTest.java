// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.BackgroundThreads;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.checkpoint.CleanShutdownFile;
import io.barnabas.replica.log.checkpoint.OffsetCheckpointFile;
import io.barnabas.replica.testing.TestThreads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogManagerTest {
    private static final TopicPartition ZERO = new TopicPartition("some-topic", 0);
    private static final TopicPartition ONE = new TopicPartition("some-topic", 1);
    private static final LogConfig CONFIG =
            LogConfig.builder().fileDeleteDelayMs(0L).build();

    @TempDir
    Path dir;

    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(1);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Path first;
    private Path second;
    private LocalLogManager manager;

    @BeforeEach
    void openTwoDirectories() {
        first = dir.resolve("a");
        second = dir.resolve("b");
        manager = open();
    }

    @AfterEach
    void close() {
        manager.close();
        BackgroundThreads.end(background);
    }

    private LocalLogManager open() {
        return open(CONFIG);
    }

    private LocalLogManager open(LogConfig config) {
        return LocalLogManager.open(
                LogManagerConfig.of(List.of(first, second)),
                new LogPorts(
                        topic -> config,
                        Clock.systemUTC(),
                        background,
                        TestThreads::daemon,
                        new Random(1),
                        EventSink.NONE,
                        (logDir, lost, lostFuture, anyLeft) ->
                                failures.add(logDir.getFileName() + " " + lost + " " + anyLeft)));
    }

    private static void append(PartitionLog log, int count) {
        log.appendAsLeader(Batches.plain(count, System.currentTimeMillis()), 0, AppendOrigin.CLIENT);
    }

    private static List<String> names(Path logDir) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(logDir, "some-topic*")) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        return names;
    }

    @Test
    void spreadsNewLogsOverTheDirectories() {
        PartitionLog zero = manager.getOrCreate(ZERO, true, Uuid.randomUuid());
        PartitionLog one = manager.getOrCreate(ONE, true, Uuid.randomUuid());
        assertThat(zero.logDir()).isNotEqualTo(one.logDir());
        assertThat(manager.getOrCreate(ZERO, false, Uuid.ZERO_UUID)).isSameAs(zero);
        assertThat(manager.logsOf("some-topic")).hasSize(2);
    }

    @Test
    void bringsEverythingBackAfterACleanRestart() throws IOException {
        Uuid id = Uuid.randomUuid();
        PartitionLog log = manager.getOrCreate(ZERO, true, id);
        append(log, 5);
        log.updateHighWatermark(4L);
        manager.brokerEpoch(42L);
        manager.close();
        assertThat(new CleanShutdownFile(first).readBrokerEpoch()).hasValue(42L);
        assertThat(new OffsetCheckpointFile(log.logDir().resolve(OffsetCheckpointFile.RECOVERY_POINT)).read())
                .containsEntry(ZERO, 5L);
        manager = open();
        assertThat(manager.lastShutdownWasClean()).isTrue();
        PartitionLog again = manager.log(ZERO).orElseThrow();
        assertThat(again.logEndOffset()).isEqualTo(5L);
        assertThat(again.highWatermark()).isEqualTo(4L);
        assertThat(again.topicId()).isEqualTo(id);
        assertThat(first.resolve(CleanShutdownFile.NAME)).doesNotExist();
    }

    @Test
    void keepsASecondBrokerOut() {
        assertThatThrownBy(this::open)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("Failed to acquire lock");
    }

    @Test
    void deletesALogWithDelay() throws IOException {
        PartitionLog log = manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        append(log, 1);
        assertThat(manager.deleteLater(ZERO, false)).isPresent();
        assertThat(manager.log(ZERO)).isEmpty();
        await().atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(log.directory()));
        assertThat(names(log.logDir())).isEmpty();
    }

    @Test
    void deletesTheLogsOfManyPartitionsTogether() throws IOException {
        append(manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID), 1);
        manager.getOrCreate(ONE, true, Uuid.ZERO_UUID);
        assertThat(manager.deleteAllLater(List.of(ZERO, ONE, new TopicPartition("unknown", 0))))
                .isEmpty();
        assertThat(manager.logs()).isEmpty();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> names(first).isEmpty() && names(second).isEmpty());
    }

    @Test
    void finishesADeletionAfterARestart() throws IOException {
        PartitionLog log = manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        Path logDir = log.logDir();
        manager.close();
        Files.move(
                logDir.resolve("some-topic-0"), logDir.resolve("some-topic-0.0123456789abcdef0123456789abcdef-delete"));
        manager = open();
        assertThat(manager.log(ZERO)).isEmpty();
        await().atMost(Duration.ofSeconds(60)).until(() -> names(logDir).isEmpty());
    }

    @Test
    void leavesALogToBeDeletedWithItsIndexes() throws IOException {
        manager.close();
        manager = open(LogConfig.builder().fileDeleteDelayMs(600_000L).build());
        PartitionLog log = manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        append(log, 1);
        assertThat(manager.deleteLater(ZERO, false)).isPresent();
        manager.close();
        assertThat(log.directory()).isDirectoryContaining("glob:**.index").isDirectoryContaining("glob:**.timeindex");
    }

    @Test
    void movesALogToAnotherDirectory() throws IOException {
        PartitionLog log = manager.getOrCreate(ZERO, true, Uuid.randomUuid());
        append(log, 3);
        Path target = log.logDir().equals(first) ? second : first;
        manager.preferLogDir(ZERO, target);
        PartitionLog future = manager.getOrCreateFuture(ZERO, log.topicId());
        assertThat(future.isFuture()).isTrue();
        assertThat(future.directory().getFileName().toString()).matches("some-topic-0\\.[0-9a-f]{32}-future");
        append(future, 3);
        PartitionLog moved = manager.replaceCurrentWithFuture(ZERO);
        assertThat(moved.directory()).isEqualTo(target.resolve("some-topic-0"));
        assertThat(moved.isFuture()).isFalse();
        assertThat(manager.log(ZERO)).containsSame(moved);
        assertThat(manager.futureLog(ZERO)).isEmpty();
        append(moved, 1);
        assertThat(moved.logEndOffset()).isEqualTo(4L);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> names(target.equals(first) ? second : first).isEmpty());
    }

    @Test
    void takesAFailedDirectoryOfflineAndGoesOnWithTheOther() {
        PartitionLog zero = manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        PartitionLog one = manager.getOrCreate(ONE, true, Uuid.ZERO_UUID);
        manager.logDirFailed(zero.logDir(), "test", new IOException("broken"));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(failures)
                .containsExactly(zero.logDir().getFileName() + " [some-topic-0] true"));
        assertThat(manager.log(ZERO)).isEmpty();
        assertThatThrownBy(() -> append(zero, 1)).isInstanceOf(KafkaStorageException.class);
        append(one, 1);
        assertThat(manager.isLogDirOnline(zero.logDir())).isFalse();
        assertThatThrownBy(() -> manager.getOrCreate(ZERO, false, Uuid.ZERO_UUID))
                .isInstanceOf(KafkaStorageException.class);
        assertThat(manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID).logDir()).isEqualTo(one.logDir());
        assertThat(manager.describeLogDirs()).filteredOn(it -> !it.online()).hasSize(1);
    }

    @Test
    void reportsAnErrorOnDiskWhileAppending() {
        LocalPartitionLog log = (LocalPartitionLog) manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        for (var segment : log.segments()) {
            closeQuietly(segment);
        }
        assertThatThrownBy(() -> append(log, 1)).isInstanceOf(KafkaStorageException.class);
        await().atMost(Duration.ofSeconds(60)).until(() -> !manager.isLogDirOnline(log.logDir()));
    }

    private static void closeQuietly(io.barnabas.replica.log.segment.LogSegment segment) {
        try {
            segment.closeHandles();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void refusesADirectoryThatIsNoLog() throws IOException {
        manager.close();
        Files.createDirectories(first.resolve("nonsense"));
        assertThatThrownBy(this::open)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("is not in the form of topic-partition");
    }

    @Test
    void setsAStrayAside() throws IOException {
        PartitionLog log = manager.getOrCreate(ZERO, true, Uuid.ZERO_UUID);
        manager.setAside(ZERO);
        assertThat(manager.log(ZERO)).isEmpty();
        assertThat(names(log.logDir())).singleElement().asString().endsWith("-stray");
        manager.close();
        manager = open();
        assertThat(manager.logs()).isEmpty();
    }
}
