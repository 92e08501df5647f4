// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How the cleaner does, under the names of Kafka's metrics.
 *
 * @param maxDirtyPercent {@code max-dirty-percent}: of the dirtiest log at the last look
 * @param timeSinceLastRunMs {@code time-since-last-run-ms}: since the last look
 * @param maxBufferUtilizationPercent {@code max-buffer-utilization-percent}: in any thread's last cleaning
 * @param cleanerRecopyPercent {@code cleaner-recopy-percent}: bytes kept in the threads' last cleanings
 * @param maxCleanTimeSecs {@code max-clean-time-secs}: longest of the threads' last cleanings
 * @param maxCompactionDelaySecs {@code max-compaction-delay-secs}: how overdue the most overdue log was at the last look
 * @param deadThreadCount {@code DeadThreadCount}
 * @param uncleanable partitions given up after an unexpected error, by directory
 */
public record CleanerFigures(
        int maxDirtyPercent,
        long timeSinceLastRunMs,
        int maxBufferUtilizationPercent,
        int cleanerRecopyPercent,
        int maxCleanTimeSecs,
        int maxCompactionDelaySecs,
        int deadThreadCount,
        Map<Path, Set<TopicPartition>> uncleanable) {}
