// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.BackgroundThreads;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.local.LocalLogManager;
import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.local.StorageFailures;
import io.barnabas.replica.testing.TestThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/** A log manager over directories, with a cleaner that works only when told, and a clock set by hand. */
final class CleanerLab implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("compacted", 0);
    static final LogConfig COMPACT = LogConfig.builder()
            .compact(true)
            .delete(false)
            .segmentBytes(500)
            .minCleanableDirtyRatio(0.0)
            .fileDeleteDelayMs(0)
            .build();

    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor();
    /** Time flies for the throttle: each look is one at which it may wait. */
    private final AtomicLong nanos = new AtomicLong();

    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final LogPorts ports;
    final LocalLogManager manager;
    final LogCleaner cleaner;
    final CleanerContext context;
    final CleanerWorker worker;
    volatile LogConfig config;
    volatile long nowMs;

    CleanerLab(LogConfig config, Path... logDirs) {
        this(config, CleanerConfig.DEFAULT, 1_000_000L, logDirs);
    }

    CleanerLab(LogConfig config, CleanerConfig cleanerConfig, long nowMs, Path... logDirs) {
        this.config = config;
        this.nowMs = nowMs;
        InstantSource clock = () -> Instant.ofEpochMilli(this.nowMs);
        this.ports = new LogPorts(
                topic -> this.config,
                clock,
                background,
                TestThreads::daemon,
                new Random(1),
                EventSink.NONE,
                (dir, lost, lostFuture, anyLeft) -> {});
        this.manager = LocalLogManager.open(LogManagerConfig.of(List.of(logDirs)), ports);
        Supplier<Collection<LocalPartitionLog>> logs = manager::localLogs;
        StorageFailures note = (dir, what, cause) -> failures.add(cause);
        this.context = new CleanerContext(
                logs,
                note,
                clock,
                () -> nanos.addAndGet(400_000_000L),
                cleanerConfig.maxIoBytesPerSecond(),
                EventSink.NONE);
        this.cleaner = new LogCleaner(cleanerConfig, context, new Random(2), TestThreads::daemon);
        manager.compactWith(cleaner);
        this.worker = new CleanerWorker(context, cleanerConfig, KeyHash.random(new Random(3)));
    }

    void advance(long ms) {
        long now = nowMs;
        nowMs = now + ms;
    }

    LocalPartitionLog log() {
        return log(PARTITION);
    }

    LocalPartitionLog log(TopicPartition partition) {
        return (LocalPartitionLog) manager.getOrCreate(partition, true, Uuid.ZERO_UUID);
    }

    /** Cleans until nothing is due any more. */
    void clean() {
        for (int passes = 0; worker.cleanFilthiest(); passes++) {
            if (passes > 10_000) {
                throw new AssertionError("cleaning does not come to an end");
            }
        }
    }

    void append(MemoryRecords records) {
        log().appendAsLeader(records, 0, AppendOrigin.CLIENT);
        replicate();
    }

    void appendMarker(MemoryRecords records) {
        log().appendAsLeader(records, 0, AppendOrigin.COORDINATOR);
        replicate();
    }

    void append(String key, String value) {
        append(MemoryRecords.withRecords(Compression.NONE, record(nowMs, key, value)));
    }

    void replicate() {
        log().updateHighWatermark(log().logEndOffset());
    }

    /** Everything written so far may be cleaned. */
    void roll() {
        log().roll();
        replicate();
    }

    /** Removed files are gone. */
    void settle() {
        try {
            background.submit(() -> {}).get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    static SimpleRecord record(long timestamp, String key, String value) {
        return new SimpleRecord(timestamp, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** All batches of a log, read through it. */
    static List<RecordBatch> batches(PartitionLog log) {
        List<RecordBatch> batches = new ArrayList<>();
        long offset = log.logStartOffset();
        while (offset < log.logEndOffset()) {
            LogReadInfo read = log.read(offset, 300, FetchIsolation.LOG_END, true);
            long before = offset;
            try {
                for (RecordBatch batch : read.records().toMemoryRecords().batches()) {
                    if (batch.lastOffset() >= offset) {
                        batches.add(batch);
                        offset = batch.lastOffset() + 1;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (offset == before) {
                return batches;
            }
        }
        return batches;
    }

    /** All data records of a log as offset to {@code key=value}; a tombstone has the value null. */
    static TreeMap<Long, String> records(PartitionLog log) {
        TreeMap<Long, String> records = new TreeMap<>();
        for (RecordBatch batch : batches(log)) {
            if (!batch.isControlBatch()) {
                for (Record record : batch) {
                    records.put(record.offset(), text(record.key()) + "=" + text(record.value()));
                }
            }
        }
        return records;
    }

    private static String text(java.nio.ByteBuffer bytes) {
        return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** The process is gone; the files stay as they are, the directory may be opened again. */
    @Override
    public void close() {
        manager.close();
        BackgroundThreads.end(background);
    }
}
