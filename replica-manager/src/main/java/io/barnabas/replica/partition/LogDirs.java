// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.LogDirResult;
import io.barnabas.replica.log.LogDirDescription;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.PartitionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Log directories as administrators see them, and what happens to partitions when one fails. */
final class LogDirs {
    private final ReplicaPorts ports;
    private final Partitions partitions;
    private final LogManager logs;
    private final LeadershipNews news;
    private final FutureReplicas futures;

    LogDirs(ReplicaPorts ports, Partitions partitions, LogManager logs, LeadershipNews news, FutureReplicas futures) {
        this.ports = ports;
        this.partitions = partitions;
        this.logs = logs;
        this.news = news;
        this.futures = futures;
    }

    List<LogDirResult> describe(Optional<Set<TopicPartition>> wanted) {
        List<LogDirResult> results = new ArrayList<>();
        for (LogDirDescription dir : logs.describeLogDirs()) {
            String path = dir.logDir().toString();
            if (!dir.online()) {
                results.add(new LogDirResult(Errors.KAFKA_STORAGE_ERROR, path, -1L, -1L, List.of()));
                continue;
            }
            List<LogDirResult.Replica> replicas = new ArrayList<>();
            for (PartitionLog log : dir.logs()) {
                if (wanted.isEmpty() || wanted.get().contains(log.topicPartition())) {
                    replicas.add(
                            new LogDirResult.Replica(log.topicPartition(), log.size(), offsetLag(log), log.isFuture()));
                }
            }
            results.add(new LogDirResult(Errors.NONE, path, dir.totalBytes(), dir.usableBytes(), replicas));
        }
        return results;
    }

    /** How far a log is behind: what a future one lacks of the current, and a current one of the high watermark. */
    private long offsetLag(PartitionLog log) {
        if (!log.isFuture()) {
            return Math.max(log.highWatermark() - log.logEndOffset(), 0);
        }
        return logs.log(log.topicPartition())
                .map(current -> current.logEndOffset() - log.logEndOffset())
                .orElse(-1L);
    }

    Map<TopicPartition, Errors> alter(Map<TopicPartition, String> directories) {
        Map<TopicPartition, Errors> outcome = new HashMap<>();
        directories.forEach((name, directory) -> outcome.put(name, futures.move(name, Path.of(directory))));
        return outcome;
    }

    void failed(Path logDir, Set<TopicPartition> lost, Set<TopicPartition> lostFuture, boolean anyLeft) {
        ports.fetchers().remove(lost);
        for (TopicPartition name : lost) {
            Partition partition = partitions.get(name);
            partitions.markOffline(name);
            if (partition != null) {
                partition.stop(Errors.KAFKA_STORAGE_ERROR);
            }
            news.stopped(name, OptionalInt.empty());
        }
        lostFuture.forEach(futures::abandon);
        ports.logDirFailures().accept(logDir);
    }
}
