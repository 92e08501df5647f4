// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.BackgroundThreads;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.blocks.BlockAllocator;
import io.barnabas.replica.log.producer.ProducerExpiry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.Record;

/** Opens logs over a directory, with a clock that is set by hand. */
final class TestLogs implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    final Path logDir;
    final Path directory;
    final List<Throwable> failures = new ArrayList<>();
    final ScheduledExecutorService background = new ScheduledThreadPoolExecutor(1) {
        @Override
        public void execute(Runnable command) {
            if (noMemory) {
                throw new OutOfMemoryError("as the test says");
            }
            super.execute(command);
        }
    };
    volatile boolean noMemory;
    DiskSpace room = DiskSpace.unlimited();
    BlocksAhead.Policy blocks = new BlocksAhead.Policy(BlockAllocator.NONE, 0);
    long futureMaxMs = -1L;
    volatile long nowMs = 1_000_000L;
    volatile long expirationMs = 86_400_000L;

    TestLogs(Path logDir) {
        this.logDir = logDir;
        this.directory = logDir.resolve("topic-0");
    }

    void advance(long ms) {
        long now = nowMs;
        nowMs = now + ms;
    }

    LogEnvironment environment() {
        return new LogEnvironment(
                () -> java.time.Instant.ofEpochMilli(nowMs),
                background,
                new Random(1),
                new ProducerExpiry(() -> expirationMs, 900_000L),
                (dir, what, cause) -> failures.add(cause),
                dir -> room,
                new StartOffsetKeeper(false, background, dir -> true),
                futureMaxMs,
                blocks,
                EventSink.NONE);
    }

    LocalPartitionLog open(LogConfig config, boolean clean, long recoveryPoint) {
        return open(config, new LogLoader.LoadRequest(clean, 0L, recoveryPoint, 0L, false));
    }

    LocalPartitionLog open(LogConfig config, LogLoader.LoadRequest request) {
        try {
            Files.createDirectories(directory);
            return LocalPartitionLog.load(
                    new LogDirectoryName(PARTITION, LogDirectoryName.Kind.CURRENT),
                    directory,
                    config,
                    environment(),
                    request);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The process is gone: nothing is written any more, the files stay as they are. */
    void crash(LocalPartitionLog log) {
        settle();
        log.closeHandles();
    }

    /** What was to be done in the background is done. */
    void settle() {
        try {
            background.submit(() -> {}).get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Every record from an offset on, as {@code offset:value}. */
    static List<String> values(PartitionLog log, long from) {
        List<String> values = new ArrayList<>();
        long offset = from;
        while (offset < log.logEndOffset()) {
            LogReadInfo read = log.read(offset, 500, FetchIsolation.LOG_END, true);
            long before = offset;
            try {
                for (Record record : read.records().toMemoryRecords().records()) {
                    if (record.offset() >= offset) {
                        values.add(record.offset() + ":" + text(record));
                        offset = record.offset() + 1;
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            if (offset == before) {
                return values;
            }
        }
        return values;
    }

    private static String text(Record record) {
        byte[] bytes = new byte[record.valueSize()];
        record.value().get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        BackgroundThreads.end(background);
    }
}
