// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How logs are loaded and looked after.
 *
 * @param logDirs {@code log.dirs}, in the configured order
 * @param recoveryThreadsPerDir {@code num.recovery.threads.per.data.dir}
 * @param initialTaskDelayMs {@code log.initial.task.delay.ms}
 * @param retentionCheckMs {@code log.retention.check.interval.ms}
 * @param flushCheckMs {@code log.flush.scheduler.interval.ms}
 * @param recoveryPointCheckpointMs {@code log.flush.offset.checkpoint.interval.ms}
 * @param startOffsetCheckpointMs {@code log.flush.start.offset.checkpoint.interval.ms}
 * @param producerIdExpirationMs {@code producer.id.expiration.ms}; may change at run time
 * @param producerIdExpirationCheckMs {@code producer.id.expiration.check.interval.ms}
 * @param maxTransactionTimeoutMs {@code transaction.max.timeout.ms}
 * @param reserveBytes what records must leave free on each volume; 0 for all of it
 * @param blocksAheadBytes disk blocks reserved ahead of a log's end, at most; 0 for none
 * @param durableStartOffsets whether a log's start is on disk before it is acknowledged; false for the checkpoint only
 * @param retentionFutureMaxMs how far after its file's last modification a segment's largest timestamp counts for
 *     retention; -1 for no bound
 */
public record LogManagerConfig(
        List<Path> logDirs,
        int recoveryThreadsPerDir,
        long initialTaskDelayMs,
        long retentionCheckMs,
        long flushCheckMs,
        long recoveryPointCheckpointMs,
        long startOffsetCheckpointMs,
        LongSupplier producerIdExpirationMs,
        long producerIdExpirationCheckMs,
        long maxTransactionTimeoutMs,
        long reserveBytes,
        int blocksAheadBytes,
        boolean durableStartOffsets,
        long retentionFutureMaxMs) {
    public LogManagerConfig {
        logDirs = logDirs.stream().map(dir -> dir.toAbsolutePath().normalize()).toList();
        if (logDirs.isEmpty()) {
            throw new IllegalArgumentException("log.dirs must name at least one directory");
        }
    }

    /** Kafka's defaults over the given directories. */
    public static LogManagerConfig of(List<Path> logDirs) {
        return new LogManagerConfig(
                logDirs,
                1,
                30_000L,
                300_000L,
                Long.MAX_VALUE,
                60_000L,
                60_000L,
                () -> 86_400_000L,
                600_000L,
                900_000L,
                0L,
                0,
                true,
                -1L);
    }
}
