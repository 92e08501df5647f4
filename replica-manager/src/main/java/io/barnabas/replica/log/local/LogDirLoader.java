// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.LogConfigSource;
import io.barnabas.replica.log.local.LogDirectoryName.Kind;
import io.barnabas.replica.log.local.LogLoader.LoadRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads all logs of all directories at a start, with a pool of recovery threads per directory. */
final class LogDirLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LogDirLoader.class);
    private static final int PROGRESS_STEPS = 10;

    private final LogMap logs;
    private final LogEnvironment environment;
    private final LogConfigSource configs;
    private final DirectoryThreads threads;
    private final Collection<LocalPartitionLog> toDelete = new ConcurrentLinkedQueue<>();

    LogDirLoader(LogMap logs, LogEnvironment environment, LogConfigSource configs, DirectoryThreads threads) {
        this.logs = logs;
        this.environment = environment;
        this.configs = configs;
        this.threads = threads;
    }

    /** The logs found that wait to be deleted. */
    Collection<LocalPartitionLog> toDelete() {
        return toDelete;
    }

    /** Loads everything; a directory that fails goes offline, a bug or a wrong layout stops the start. */
    void load(List<LogDirectory> directories) {
        List<ExecutorService> pools = new ArrayList<>();
        List<Future<?>> jobs = new ArrayList<>();
        try {
            for (LogDirectory directory : directories) {
                ExecutorService pool = threads.pool("log-recovery", directory.path());
                pools.add(pool);
                jobs.addAll(submit(directory, pool));
            }
            for (Future<?> job : jobs) {
                await(job);
            }
        } finally {
            pools.forEach(ExecutorService::shutdownNow);
        }
    }

    private List<Future<?>> submit(LogDirectory directory, ExecutorService pool) {
        List<Future<?>> jobs = new ArrayList<>();
        List<Path> candidates;
        try {
            candidates = logDirectories(directory.path());
        } catch (IOException e) {
            environment.failures().failed(directory.path(), "Error while listing logs", e);
            return jobs;
        }
        LogDirectory.Checkpoints checkpoints = directory.readCheckpoints();
        AtomicInteger done = new AtomicInteger();
        long started = environment.clock().millis();
        for (Path candidate : candidates) {
            jobs.add(pool.submit(() -> {
                load(directory, candidate, checkpoints);
                reportProgress(directory, done.incrementAndGet(), candidates.size(), started);
            }));
        }
        return jobs;
    }

    private void reportProgress(LogDirectory directory, int done, int total, long startedMs) {
        if (done == total) {
            environment
                    .events()
                    .record(new LogEvents.LogsLoaded(
                            directory.path(),
                            total,
                            environment.clock().millis() - startedMs,
                            directory.cleanShutdown() ? "start after a clean shutdown" : "start after a crash"));
        } else if (done % Math.max(1, total / PROGRESS_STEPS) == 0) {
            LOG.info("Loaded {} of {} logs in {}", done, total, directory.path());
        }
    }

    private static List<Path> logDirectories(Path logDir) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(logDir)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        }
        found.sort(null);
        return found;
    }

    private void load(LogDirectory directory, Path path, LogDirectory.Checkpoints checkpoints) {
        if (!directory.online()) {
            return;
        }
        LogDirectoryName name = LogDirectoryName.parse(path)
                .orElseThrow(() -> new KafkaException("Found directory " + path + ", '" + path.getFileName()
                        + "' is not in the form of topic-partition or topic-partition.uniqueId-delete (if marked for"
                        + " deletion). Kafka's log directories (and children) should only contain Kafka topic data."));
        try {
            register(load(directory, name, path, checkpoints), name.kind());
        } catch (IOException e) {
            environment.failures().failed(directory.path(), "Error while loading log " + path, e);
        }
    }

    private LocalPartitionLog load(
            LogDirectory directory, LogDirectoryName name, Path path, LogDirectory.Checkpoints checkpoints)
            throws IOException {
        LoadRequest request = new LoadRequest(
                directory.cleanShutdown(),
                checkpoints.startOffsets().getOrDefault(name.partition(), 0L),
                checkpoints.recoveryPoints().getOrDefault(name.partition(), 0L),
                checkpoints.highWatermarks().getOrDefault(name.partition(), 0L),
                name.kind() == Kind.DELETED || name.kind() == Kind.STRAY);
        return LocalPartitionLog.load(
                name, path, configs.configOf(name.partition().topic()), environment, request);
    }

    private void register(LocalPartitionLog log, Kind kind) {
        if (kind == Kind.DELETED) {
            toDelete.add(log);
            return;
        }
        if (kind == Kind.STRAY) {
            LOG.warn("Found stray log {}; it is kept but not used", log.directory());
            log.closeHandles();
            return;
        }
        LocalPartitionLog other = logs.add(log);
        if (other != null) {
            throw new KafkaException("Duplicate log directories for " + log.topicPartition() + " are found in both "
                    + other.directory() + " and " + log.directory() + ". It is likely because log directory failure"
                    + " happened while broker was replacing current replica with future replica. Recover broker from"
                    + " this failure by manually deleting one of the two directories for this partition. It is"
                    + " recommended to delete the partition in the log directory that is known to have failed"
                    + " recently.");
        }
    }

    private static void await(Future<?> job) {
        try {
            job.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new KafkaException("There was an error in one of the threads during logs loading", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while loading logs", e);
        }
    }
}
