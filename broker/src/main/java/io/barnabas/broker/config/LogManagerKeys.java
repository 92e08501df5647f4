// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * Where logs live and how often they are looked after.
 *
 * @param directories {@code log.dirs}, or {@code log.dir}; never empty
 * @param recoveryThreadsPerDirectory {@code num.recovery.threads.per.data.dir}, may change at run time
 * @param moveThreads {@code num.replica.alter.log.dirs.threads}; as many as directories unless set
 * @param backgroundThreads {@code background.threads}, may change at run time
 * @param flushSchedulerIntervalMs {@code log.flush.scheduler.interval.ms}
 * @param recoveryPointCheckpointIntervalMs {@code log.flush.offset.checkpoint.interval.ms}
 * @param startOffsetCheckpointIntervalMs {@code log.flush.start.offset.checkpoint.interval.ms}
 * @param retentionCheckIntervalMs {@code log.retention.check.interval.ms}
 * @param initialTaskDelayMs {@code log.initial.task.delay.ms}
 */
public record LogManagerKeys(
        List<Path> directories,
        int recoveryThreadsPerDirectory,
        int moveThreads,
        int backgroundThreads,
        long flushSchedulerIntervalMs,
        int recoveryPointCheckpointIntervalMs,
        int startOffsetCheckpointIntervalMs,
        long retentionCheckIntervalMs,
        long initialTaskDelayMs) {
    static LogManagerKeys from(AbstractConfig values) {
        return new LogManagerKeys(
                directories(values),
                values.getInt("num.recovery.threads.per.data.dir"),
                moveThreads(values),
                values.getInt("background.threads"),
                values.getLong("log.flush.scheduler.interval.ms"),
                values.getInt("log.flush.offset.checkpoint.interval.ms"),
                values.getInt("log.flush.start.offset.checkpoint.interval.ms"),
                values.getLong("log.retention.check.interval.ms"),
                values.getLong("log.initial.task.delay.ms"));
    }

    public LogManagerKeys {
        directories = List.copyOf(directories);
    }

    private static List<Path> directories(AbstractConfig values) {
        String several = values.getString("log.dirs");
        String written = several != null ? several : values.getString("log.dir");
        return Arrays.stream(written.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
    }

    private static int moveThreads(AbstractConfig values) {
        Integer threads = values.getInt("num.replica.alter.log.dirs.threads");
        return threads != null ? threads : directories(values).size();
    }
}
