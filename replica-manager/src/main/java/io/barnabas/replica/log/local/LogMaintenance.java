// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.LogManagerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log manager's periodic work: retention, flushes, checkpoints, expiry of producers. */
final class LogMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(LogMaintenance.class);

    private final LogMap logs;
    private final List<LogDirectory> directories;
    private final LogEnvironment environment;
    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();

    LogMaintenance(LogMap logs, List<LogDirectory> directories, LogEnvironment environment) {
        this.logs = logs;
        this.directories = directories;
        this.environment = environment;
    }

    /** Writes one checkpoint of a directory. */
    interface CheckpointWriter {
        void write(LogDirectory directory, Collection<LocalPartitionLog> logs) throws IOException;
    }

    private static final long LOOK_AT_VOLUMES_MS = 1_000L;

    void start(LogManagerConfig config) {
        if (config.reserveBytes() > 0) {
            every(0L, LOOK_AT_VOLUMES_MS, "disk-room", this::lookAtVolumes);
        }
        long first = config.initialTaskDelayMs();
        every(first, config.retentionCheckMs(), "log-retention", this::enforceRetention);
        every(first, config.flushCheckMs(), "log-flusher", this::flushDue);
        every(first, config.recoveryPointCheckpointMs(), "recovery-point-checkpoint", this::checkpointRecoveryPoints);
        every(first, config.startOffsetCheckpointMs(), "log-start-offset-checkpoint", this::checkpointStartOffsets);
        every(first, config.producerIdExpirationCheckMs(), "producer-expiry", this::expireProducers);
    }

    void stop() {
        tasks.forEach(task -> task.cancel(false));
    }

    private void every(long firstMs, long periodMs, String name, Runnable task) {
        if (periodMs == Long.MAX_VALUE) {
            return;
        }
        ScheduledExecutorService background = environment.background();
        tasks.add(background.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("Task {} failed; it is tried again in {} ms", name, periodMs, e);
                    }
                },
                firstMs,
                periodMs,
                TimeUnit.MILLISECONDS));
    }

    private void lookAtVolumes() {
        directories.stream()
                .filter(LogDirectory::online)
                .map(LogDirectory::room)
                .forEach(DiskSpace::look);
    }

    private void forEach(Collection<LocalPartitionLog> affected, Consumer<LocalPartitionLog> step) {
        for (LocalPartitionLog log : affected) {
            try {
                step.accept(log);
            } catch (KafkaStorageException e) {
                LOG.debug("{} is left out: its directory is offline", log, e);
            }
        }
    }

    /**
     * Removes what retention allows; of future logs nothing, the mover does as the current log says. Compacted logs are
     * left to the cleaner, which does both.
     */
    void enforceRetention() {
        forEach(logs.current(), log -> {
            if (!log.config().compact()) {
                log.deleteOldSegments();
            }
        });
    }

    private void flushDue() {
        long now = environment.clock().millis();
        forEach(logs.all(), log -> log.flushIfDue(now));
    }

    private void expireProducers() {
        long now = environment.clock().millis();
        forEach(logs.all(), log -> log.removeExpiredProducers(now));
    }

    void checkpointRecoveryPoints() {
        checkpoint("recovery points", LogDirectory::writeRecoveryPoints);
    }

    void checkpointStartOffsets() {
        checkpoint("log start offsets", LogDirectory::writeStartOffsets);
    }

    void checkpointHighWatermarks() {
        checkpoint("high watermarks", LogDirectory::writeHighWatermarks);
    }

    private void checkpoint(String what, CheckpointWriter writer) {
        for (LogDirectory directory : directories) {
            checkpoint(directory, what, writer);
        }
    }

    /** Whether it is on disk now. */
    @CanIgnoreReturnValue
    boolean checkpoint(LogDirectory directory, String what, CheckpointWriter writer) {
        if (!directory.online()) {
            return false;
        }
        Path path = directory.path();
        try {
            writer.write(directory, logs.in(path));
            return true;
        } catch (IOException e) {
            if (directory.room().isExhausted(e)) {
                LOG.warn("No room to write {} of {}; it is tried again: {}", what, path, e.getMessage());
                return false;
            }
            environment.failures().failed(path, "Disk error while writing " + what, e);
            return false;
        }
    }
}
