// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.checkpoint.CleanShutdownFile;
import io.barnabas.replica.log.checkpoint.LogDirLock;
import io.barnabas.replica.log.checkpoint.OffsetCheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One entry of {@code log.dirs}: its lock, its checkpoints, its clean shutdown marker, and whether it is online. */
final class LogDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);

    private final Path path;
    private final OffsetCheckpointFile recoveryPoints;
    private final OffsetCheckpointFile startOffsets;
    private final OffsetCheckpointFile highWatermarks;
    private final CleanShutdownFile cleanShutdownFile;
    private final DiskSpace room;
    private final AtomicBoolean online = new AtomicBoolean(true);
    /** Set when the directory is acquired, before other threads know it. */
    private boolean cleanShutdown;

    private LogDirLock lock;

    /**
     * @param reserveBytes what records must leave free on its volume
     * @param events where it is told that there is no room
     */
    LogDirectory(Path path, long reserveBytes, EventSink events) {
        this.path = path;
        this.room =
                new DiskSpace(path, reserveBytes, () -> Files.getFileStore(path).getUsableSpace(), events);
        this.recoveryPoints = new OffsetCheckpointFile(path.resolve(OffsetCheckpointFile.RECOVERY_POINT));
        this.startOffsets = new OffsetCheckpointFile(path.resolve(OffsetCheckpointFile.LOG_START_OFFSET));
        this.highWatermarks = new OffsetCheckpointFile(path.resolve(OffsetCheckpointFile.HIGH_WATERMARK));
        this.cleanShutdownFile = new CleanShutdownFile(path);
    }

    /** The offsets noted for the logs in this directory. */
    record Checkpoints(
            Map<TopicPartition, Long> recoveryPoints,
            Map<TopicPartition, Long> startOffsets,
            Map<TopicPartition, Long> highWatermarks) {}

    Path path() {
        return path;
    }

    /** How much may still be appended here. */
    DiskSpace room() {
        return room;
    }

    boolean online() {
        return online.get();
    }

    /** Returns whether it was online until now. */
    boolean takeOffline() {
        return online.getAndSet(false);
    }

    /** Whether the last shutdown left it cleanly. */
    boolean cleanShutdown() {
        return cleanShutdown;
    }

    /**
     * Creates the directory if need be, and locks it.
     *
     * @throws KafkaException if another process uses it
     * @throws IOException if it cannot be used
     */
    void acquire() throws IOException {
        if (!Files.exists(path)) {
            LOG.info("Log directory {} not found, creating it.", path);
            Files.createDirectories(path);
        }
        if (!Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new IOException(path + " is not a readable log directory.");
        }
        lock = LogDirLock.tryLock(path)
                .orElseThrow(() -> new KafkaException("Failed to acquire lock on file .lock in " + path
                        + ". A Kafka instance in another process or thread is using this directory."));
        cleanShutdown = cleanShutdownFile.exists();
        cleanShutdownFile.delete();
        LOG.info(
                cleanShutdown
                        ? "Skipping recovery of logs from {} since a clean shutdown file was found"
                        : "Recovering logs from {} since no clean shutdown file was found",
                path);
    }

    /** Reads the checkpoints; one that cannot be read counts as empty, which costs time and not data. */
    Checkpoints readCheckpoints() {
        return new Checkpoints(
                read(recoveryPoints, "recovery points"),
                read(startOffsets, "log start offsets"),
                read(highWatermarks, "high watermarks"));
    }

    private Map<TopicPartition, Long> read(OffsetCheckpointFile file, String what) {
        try {
            return file.read();
        } catch (IOException e) {
            LOG.warn("Error occurred while reading the {} of directory {}, starting without them", what, path, e);
            return Map.of();
        }
    }

    void writeRecoveryPoints(Collection<LocalPartitionLog> logs) throws IOException {
        write(recoveryPoints, () -> offsets(logs, LocalPartitionLog::recoveryPoint), () -> {});
    }

    /**
     * Only starts that cannot be told from the first segment are noted, as Kafka does.
     */
    void writeStartOffsets(Collection<LocalPartitionLog> logs) throws IOException {
        Map<LocalPartitionLog, Long> kept = new HashMap<>();
        write(
                startOffsets,
                () -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    for (LocalPartitionLog log : logs) {
                        long start = log.logStartOffset();
                        kept.put(log, start);
                        if (start > log.segments().get(0).baseOffset()) {
                            offsets.put(log.topicPartition(), start);
                        }
                    }
                    return offsets;
                },
                () -> kept.forEach(LocalPartitionLog::startKept));
    }

    void writeHighWatermarks(Collection<LocalPartitionLog> logs) throws IOException {
        write(highWatermarks, () -> offsets(logs, LocalPartitionLog::highWatermark), () -> {});
    }

    /**
     * Looks at the logs and writes what was seen. Synchronised, each file by itself, and held over the write: one at a time,
     * so that none brings back what an earlier look at the logs saw. Only locks of logs are taken under it.
     */
    private static void write(OffsetCheckpointFile file, Supplier<Map<TopicPartition, Long>> look, Runnable written)
            throws IOException {
        synchronized (file) {
            file.write(look.get());
            written.run();
        }
    }

    private static Map<TopicPartition, Long> offsets(
            Collection<LocalPartitionLog> logs, ToLongFunction<LocalPartitionLog> offset) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (LocalPartitionLog log : logs) {
            offsets.put(log.topicPartition(), offset.applyAsLong(log));
        }
        return offsets;
    }

    void markClean(long brokerEpoch) throws IOException {
        cleanShutdownFile.write(brokerEpoch);
    }

    void release() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
