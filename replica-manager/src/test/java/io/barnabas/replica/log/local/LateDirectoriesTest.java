// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.BackgroundThreads;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.checkpoint.PartitionMetadataFile;
import io.barnabas.replica.testing.TestThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a single log directory, a log is created in memory and comes to the disk later. */
class LateDirectoriesTest {
    private static final TopicPartition ZERO = new TopicPartition("some-topic", 0);
    private static final TopicPartition ONE = new TopicPartition("some-topic", 1);
    private static final Uuid ID = Uuid.randomUuid();

    @TempDir
    Path dir;

    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(1);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private LocalLogManager manager;

    @BeforeEach
    void open() {
        manager = LocalLogManager.open(
                LogManagerConfig.of(List.of(dir)),
                new LogPorts(
                        topic -> LogConfig.builder().fileDeleteDelayMs(0L).build(),
                        Clock.systemUTC(),
                        background,
                        TestThreads::daemon,
                        new Random(1),
                        EventSink.NONE,
                        (logDir, lost, lostFuture, anyLeft) -> failures.add(lost.toString())));
    }

    @AfterEach
    void close() {
        released.countDown();
        manager.close();
        BackgroundThreads.end(background);
    }

    /** Nothing happens in the background, however slow the test is, until it lets it. */
    private void holdBackground() {
        background.execute(() -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void makesTheDirectoryWithTheTopicIdSoonAfterTheCreation() throws IOException {
        manager.getOrCreate(ZERO, true, ID);
        awaitDirectory(ZERO);
        assertThat(names(dir.resolve("some-topic-0"))).containsExactly(PartitionMetadataFile.NAME);
    }

    @Test
    void notesTheLeaderEpochThatBeganMeanwhile() throws IOException {
        manager.getOrCreate(ZERO, true, ID).maybeAssignEpochStartOffset(3, 0L);
        Path checkpoint = dir.resolve("some-topic-0/leader-epoch-checkpoint");
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(checkpoint));
        assertThat(checkpoint).hasContent("0\n1\n3 0");
    }

    @Test
    void makesAllThatIsNeededForTheFirstRecord() throws IOException {
        PartitionLog log = manager.getOrCreate(ZERO, true, ID);
        append(log);
        assertThat(names(log.directory())).contains("00000000000000000000.log", PartitionMetadataFile.NAME);
        awaitDirectory(ZERO);
        append(log);
        assertThat(log.logEndOffset()).isEqualTo(2L);
    }

    @Test
    void makesAllThatIsNeededForASegmentThatIsNotTheFirst() throws IOException {
        PartitionLog rolled = manager.getOrCreate(ZERO, true, ID);
        rolled.roll();
        append(rolled);
        PartitionLog moved = manager.getOrCreate(ONE, true, ID);
        moved.truncateFullyAndStartAt(7L, Optional.empty());
        assertThat(names(rolled.directory())).contains("00000000000000000000.log", PartitionMetadataFile.NAME);
        assertThat(names(moved.directory())).contains("00000000000000000007.log", PartitionMetadataFile.NAME);
        manager.close();
        open();
        assertThat(manager.log(ONE).orElseThrow().logStartOffset()).isEqualTo(7L);
    }

    @Test
    void aLogThatIsDeletedBeforeLeavesNoTrace() throws IOException {
        holdBackground();
        manager.getOrCreate(ZERO, true, ID);
        manager.getOrCreate(ONE, true, ID);
        assertThat(manager.deleteLater(ZERO, false)).isPresent();
        released.countDown();
        awaitDirectory(ONE);
        assertThat(logs()).containsExactly("some-topic-1");
        assertThat(failures).isEmpty();
    }

    @Test
    void aLogThatIsSetAsideBeforeLeavesNoTrace() throws IOException {
        holdBackground();
        manager.getOrCreate(ZERO, true, ID);
        manager.getOrCreate(ONE, true, ID);
        manager.setAside(ZERO);
        released.countDown();
        awaitDirectory(ONE);
        assertThat(logs()).containsExactly("some-topic-1");
        assertThat(failures).isEmpty();
    }

    @Test
    void aCleanStopMakesWhatIsMissing() throws IOException {
        manager.getOrCreate(ZERO, true, ID);
        manager.close();
        assertThat(names(dir.resolve("some-topic-0"))).contains(PartitionMetadataFile.NAME);
        open();
        PartitionLog again = manager.log(ZERO).orElseThrow();
        assertThat(again.topicId()).isEqualTo(ID);
        append(again);
        assertThat(again.logEndOffset()).isEqualTo(1L);
    }

    @Test
    void aDirectoryThatCannotBeMadeTakesTheLogDirectoryOffline() throws IOException {
        holdBackground();
        PartitionLog log = manager.getOrCreate(ZERO, true, ID);
        Files.createFile(log.directory());
        released.countDown();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(failures).containsExactly("[some-topic-0]"));
        assertThat(manager.isLogDirOnline(dir)).isFalse();
    }

    private static void append(PartitionLog log) {
        log.appendAsLeader(Batches.plain(1, System.currentTimeMillis()), 0, AppendOrigin.CLIENT);
    }

    private void awaitDirectory(TopicPartition partition) {
        Path file = dir.resolve(partition.toString()).resolve(PartitionMetadataFile.NAME);
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
    }

    private List<String> logs() throws IOException {
        return names(dir).stream().filter(name -> name.startsWith("some-topic")).toList();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
