// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogConfigSource;
import io.barnabas.replica.log.LogDirDescription;
import io.barnabas.replica.log.LogDirFailureListener;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.blocks.BlockAllocator;
import io.barnabas.replica.log.local.LogDirectoryName.Kind;
import io.barnabas.replica.log.producer.ProducerExpiry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of this broker. Creating, deleting and swapping logs happens under the one lock of {@link LogMap}; look-ups take
 * none. Never called back under it.
 */
public final class LocalLogManager implements LogManager {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogManager.class);

    private final Map<Path, LogDirectory> directories = new LinkedHashMap<>();
    private final LogMap logs = new LogMap();
    private final LogConfigSource configs;
    private final LogDirFailureListener failureListener;
    private final LogEnvironment environment;
    private final LogMaintenance maintenance;
    private final LogDeletion deletion;
    private final LateDirectories lateDirectories;
    private final LogRemoval removal;
    private final DirectoryThreads threads;
    private final RandomIds ids;
    private final AtomicLong brokerEpoch = new AtomicLong(-1L);
    /** Volatile: set once, before the logs are used, and read by any thread. */
    private volatile Compaction compaction = Compaction.NONE;

    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalLogManager(LogManagerConfig config, LogPorts ports) {
        this.configs = ports.configs();
        this.failureListener = ports.failures();
        this.threads = new DirectoryThreads(ports.threads(), config.recoveryThreadsPerDir());
        this.ids = new RandomIds(ports.random());
        ProducerExpiry expiry = new ProducerExpiry(config.producerIdExpirationMs(), config.maxTransactionTimeoutMs());
        BlocksAhead.Policy blocks = new BlocksAhead.Policy(BlockAllocator.ofThisSystem(), config.blocksAheadBytes());
        StartOffsetKeeper starts =
                new StartOffsetKeeper(config.durableStartOffsets(), ports.background(), this::keepStartOffsets);
        this.environment = new LogEnvironment(
                ports.clock(),
                ports.background(),
                ports.random(),
                expiry,
                this::logDirFailed,
                this::roomIn,
                starts,
                config.retentionFutureMaxMs(),
                blocks,
                ports.events());
        for (Path dir : config.logDirs()) {
            if (directories.put(dir, new LogDirectory(dir, config.reserveBytes(), ports.events())) != null) {
                throw new KafkaException("Duplicate log directory found: " + dir);
            }
        }
        this.maintenance = new LogMaintenance(logs, List.copyOf(directories.values()), environment);
        this.deletion = new LogDeletion(environment);
        this.lateDirectories = new LateDirectories(environment);
        this.removal = new LogRemoval(logs, deletion, () -> compaction, environment.failures(), ids);
    }

    /**
     * Locks the directories and loads every log, recovering where the last shutdown was not clean; returns when all
     * can be used.
     *
     * @throws KafkaException if no directory can be used, another process uses one, or their content is inconsistent
     */
    public static LocalLogManager open(LogManagerConfig config, LogPorts ports) {
        LocalLogManager manager = new LocalLogManager(config, ports);
        try {
            manager.load();
        } catch (RuntimeException e) {
            manager.releaseLocks();
            throw e;
        }
        manager.maintenance.start(config);
        return manager;
    }

    private DiskSpace roomIn(Path logDir) {
        LogDirectory directory = directories.get(logDir);
        return directory == null ? DiskSpace.unlimited() : directory.room();
    }

    /** Whether what waits for the directory's log starts need wait no longer: they are on disk, or it is offline. */
    private boolean keepStartOffsets(Path logDir) {
        LogDirectory directory = directories.get(logDir);
        return directory == null
                || !directory.online()
                || maintenance.checkpoint(directory, "log start offsets", LogDirectory::writeStartOffsets)
                || !directory.online();
    }

    private void load() {
        for (LogDirectory directory : directories.values()) {
            try {
                directory.acquire();
            } catch (IOException e) {
                logDirFailed(directory.path(), "Failed to create or validate data directory", e);
            }
        }
        if (liveLogDirs().isEmpty()) {
            throw new KafkaException("Shutdown broker because none of the specified log dirs from "
                    + directories.keySet() + " can be created or validated");
        }
        LogDirLoader loader = new LogDirLoader(logs, environment, configs, threads);
        loader.load(online());
        if (liveLogDirs().isEmpty()) {
            throw new KafkaException(
                    "Shutdown broker because all log dirs in " + directories.keySet() + " have failed");
        }
        loader.toDelete().forEach(deletion::deleteLater);
    }

    /** From now on this one compacts the logs; called once, before any of them is used. It is closed with the manager. */
    public void compactWith(Compaction cleaner) {
        logs.exclusively(() -> {
            compaction = cleaner;
            for (LocalPartitionLog log : logs.all()) {
                log.compactedBy(cleaner);
                if (log.isFuture()) {
                    cleaner.interrupt(log.topicPartition());
                }
            }
            return null;
        });
    }

    /** All current logs, as the cleaner works on them. */
    public Collection<LocalPartitionLog> localLogs() {
        return logs.current();
    }

    private List<LogDirectory> online() {
        return directories.values().stream().filter(LogDirectory::online).toList();
    }

    @Override
    public Optional<PartitionLog> log(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition, false));
    }

    @Override
    public Optional<PartitionLog> futureLog(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition, true));
    }

    @Override
    public Collection<PartitionLog> logs() {
        return new ArrayList<>(logs.current());
    }

    @Override
    public Collection<PartitionLog> logsOf(String topic) {
        List<PartitionLog> found = new ArrayList<>();
        for (LocalPartitionLog log : logs.current()) {
            if (log.topicPartition().topic().equals(topic)) {
                found.add(log);
            }
        }
        return found;
    }

    @Override
    public PartitionLog getOrCreate(TopicPartition partition, boolean isNew, Uuid topicId) {
        LocalPartitionLog existing = logs.get(partition, false);
        if (existing == null) {
            return logs.exclusively(() -> {
                LocalPartitionLog made = logs.get(partition, false);
                return made == null
                        ? create(partition, isNew, topicId, chooseDirs(partition), Kind.CURRENT)
                        : checked(made, topicId);
            });
        }
        return checked(existing, topicId);
    }

    @Override
    public PartitionLog getOrCreateFuture(TopicPartition partition, Uuid topicId) {
        return logs.exclusively(() -> {
            LocalPartitionLog existing = logs.get(partition, true);
            if (existing != null) {
                return checked(existing, topicId);
            }
            Path preferred = logs.preferred().get(partition);
            LocalPartitionLog current = logs.get(partition, false);
            if (preferred == null) {
                throw new IllegalStateException(
                        "Can not create the future log for " + partition + " without having a preferred log directory");
            }
            if (current != null && current.logDir().equals(preferred)) {
                throw new IllegalStateException("Can not create the future log for " + partition
                        + " in the current log directory of this partition");
            }
            return create(partition, true, topicId, List.of(directories.get(preferred)), Kind.FUTURE);
        });
    }

    private static PartitionLog checked(LocalPartitionLog log, Uuid topicId) {
        boolean bothKnown = !topicId.equals(Uuid.ZERO_UUID) && !log.topicId().equals(Uuid.ZERO_UUID);
        if (bothKnown && !log.topicId().equals(topicId)) {
            throw new InconsistentTopicIdException("Topic ID in memory: " + topicId
                    + " does not match the topic ID for partition " + log.topicPartition() + ": " + log.topicId());
        }
        log.assignTopicId(topicId);
        return log;
    }

    /**
     * Where there is a choice of directories, the log's own is made at once: one that cannot take it is passed over. With a
     * single one there is nothing to pass on to, and it is made soon.
     */
    private LocalPartitionLog create(
            TopicPartition partition, boolean isNew, Uuid topicId, List<LogDirectory> candidates, Kind kind) {
        if (!isNew && !offlineLogDirs().isEmpty()) {
            throw new KafkaStorageException("Can not create log for " + partition + " because log directories "
                    + offlineLogDirs() + " are offline");
        }
        for (LogDirectory directory : candidates) {
            if (!directory.online()) {
                continue;
            }
            Path path = directory.path().resolve(LogDirectoryName.name(partition, kind, ids));
            try {
                LocalPartitionLog log = createIn(path, new LogDirectoryName(partition, kind));
                log.assignTopicId(topicId);
                if (kind == Kind.FUTURE || directories.size() > 1) {
                    LateDirectories.makeNow(log);
                } else {
                    lateDirectories.add(log);
                }
                log.compactedBy(compaction);
                logs.add(log);
                if (kind == Kind.FUTURE) {
                    // the current log must not be compacted under the mover's feet
                    compaction.interrupt(partition);
                }
                logs.preferred().remove(partition);
                return log;
            } catch (IOException e) {
                if (!directory.room().isExhausted(e)) {
                    logDirFailed(directory.path(), "Error while creating log for " + partition, e);
                }
            }
        }
        throw new KafkaStorageException("No log directory could take the log of " + partition);
    }

    /** A directory that is there already (its log was on a failed load, say) is loaded, not overwritten. */
    private LocalPartitionLog createIn(Path path, LogDirectoryName name) throws IOException {
        LogConfig config = configs.configOf(name.partition().topic());
        if (Files.exists(path)) {
            return LocalPartitionLog.load(name, path, config, environment, LogLoader.LoadRequest.UNKNOWN);
        }
        return LocalPartitionLog.create(name, path, config, environment);
    }

    /** The preferred directory, or all with the emptiest first. */
    private List<LogDirectory> chooseDirs(TopicPartition partition) {
        Path preferred = logs.preferred().get(partition);
        if (preferred != null && directories.containsKey(preferred)) {
            return List.of(directories.get(preferred));
        }
        List<LogDirectory> sorted = new ArrayList<>(online());
        if (sorted.size() > 1) {
            Map<Path, Long> counts = new LinkedHashMap<>();
            logs.current().forEach(log -> counts.merge(log.logDir(), 1L, Long::sum));
            sorted.sort((a, b) -> Long.compare(counts.getOrDefault(a.path(), 0L), counts.getOrDefault(b.path(), 0L)));
        }
        return sorted;
    }

    @Override
    public void preferLogDir(TopicPartition partition, Path logDir) {
        LocalPartitionLog current = logs.get(partition, false);
        LocalPartitionLog future = logs.get(partition, true);
        boolean there = (current != null && current.logDir().equals(logDir))
                || (future != null && future.logDir().equals(logDir));
        if (there) {
            logs.preferred().remove(partition);
        } else {
            logs.preferred().put(partition, logDir);
        }
    }

    @Override
    public Optional<Path> preferredLogDir(TopicPartition partition) {
        return Optional.ofNullable(logs.preferred().get(partition));
    }

    @Override
    public PartitionLog replaceCurrentWithFuture(TopicPartition partition) {
        return removal.uncompacted(partition, () -> swapInFuture(partition));
    }

    private PartitionLog swapInFuture(TopicPartition partition) {
        return logs.exclusively(() -> {
            LocalPartitionLog future = logs.get(partition, true);
            LocalPartitionLog current = logs.get(partition, false);
            if (future == null || current == null) {
                throw new KafkaStorageException("The replica for " + partition + " is offline");
            }
            future.becomeCurrent(LogDirectoryName.name(partition, Kind.CURRENT, ids));
            future.updateHighWatermark(current.highWatermark());
            logs.promote(partition);
            compaction.moved(partition, current.logDir(), future.logDir());
            compaction.resume(partition);
            current.retireAs(LogDirectoryName.name(partition, Kind.DELETED, ids), true);
            checkpointOffsetsOf(current.logDir());
            checkpointOffsetsOf(future.logDir());
            deletion.deleteLater(current);
            environment
                    .events()
                    .record(new LogEvents.LogMoved(
                            partition, current.logDir(), future.logDir(), "the future log caught up"));
            return future;
        });
    }

    @Override
    public Optional<PartitionLog> deleteLater(TopicPartition partition, boolean future) {
        return Optional.ofNullable(removal.delete(partition, future, true));
    }

    @Override
    public Set<TopicPartition> deleteAllLater(Collection<TopicPartition> partitions) {
        return removal.deleteAllLater(partitions);
    }

    @Override
    public void setAside(TopicPartition partition) {
        removal.setAside(partition);
    }

    @Override
    public void updateTopicConfig(String topic, LogConfig config) {
        for (LocalPartitionLog log : logs.all()) {
            if (log.topicPartition().topic().equals(topic)) {
                update(log, config);
            }
        }
    }

    /** A log that is no longer compacted is left alone by the cleaner at once: retention takes over. */
    private void update(LocalPartitionLog log, LogConfig config) {
        boolean stopsCompacting = log.config().compact() && !config.compact();
        log.updateConfig(config);
        if (stopsCompacting) {
            compaction.interrupt(log.topicPartition());
            compaction.resume(log.topicPartition());
        }
    }

    @Override
    public void reloadConfigs() {
        for (LocalPartitionLog log : logs.all()) {
            update(log, configs.configOf(log.topicPartition().topic()));
        }
    }

    @Override
    public LogConfig configOf(String topic) {
        return configs.configOf(topic);
    }

    @Override
    public boolean isConfigKnown(String topic) {
        return configs.isKnown(topic);
    }

    @Override
    public List<Path> liveLogDirs() {
        return online().stream().map(LogDirectory::path).toList();
    }

    @Override
    public Set<Path> offlineLogDirs() {
        Set<Path> offline = new HashSet<>(directories.keySet());
        liveLogDirs().forEach(offline::remove);
        return offline;
    }

    @Override
    public boolean isLogDirOnline(Path logDir) {
        LogDirectory directory = directories.get(logDir);
        return directory != null && directory.online();
    }

    @Override
    public List<LogDirDescription> describeLogDirs() {
        List<LogDirDescription> described = new ArrayList<>();
        for (LogDirectory directory : directories.values()) {
            described.add(describe(directory));
        }
        return described;
    }

    private LogDirDescription describe(LogDirectory directory) {
        Path path = directory.path();
        if (!directory.online()) {
            return new LogDirDescription(path, false, List.of(), -1L, -1L);
        }
        try {
            FileStore store = Files.getFileStore(path);
            return new LogDirDescription(
                    path, true, List.copyOf(logs.in(path)), store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            logDirFailed(path, "Error while reading the space of the volume", e);
            return new LogDirDescription(path, false, List.of(), -1L, -1L);
        }
    }

    @Override
    public void logDirFailed(Path logDir, String what, Throwable cause) {
        LogDirectory directory = directories.get(logDir);
        if (directory == null || !directory.takeOffline()) {
            return;
        }
        LOG.error("{}: log directory {} goes offline", what, logDir, cause);
        try {
            environment.background().execute(() -> dropLogsOf(logDir, what));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} failed while the broker stops", logDir, e);
        }
    }

    private void dropLogsOf(Path logDir, String what) {
        Set<TopicPartition> lost = new HashSet<>();
        Set<TopicPartition> lostFuture = new HashSet<>();
        logs.exclusively(() -> {
            for (LocalPartitionLog log : logs.in(logDir)) {
                logs.remove(log.topicPartition(), log.isFuture());
                (log.isFuture() ? lostFuture : lost).add(log.topicPartition());
                log.closeHandles();
            }
            return logs.preferred().values().removeIf(logDir::equals);
        });
        compaction.logDirFailed(logDir);
        lostFuture.forEach(compaction::resume);
        boolean anyLeft = !liveLogDirs().isEmpty();
        environment.events().record(new LogEvents.LogDirOffline(logDir, lost.size(), lostFuture.size(), anyLeft, what));
        failureListener.onLogDirFailure(logDir, lost, lostFuture, anyLeft);
    }

    @Override
    public void checkpointHighWatermarks() {
        maintenance.checkpointHighWatermarks();
    }

    @Override
    public void checkpointLogOffsets() {
        maintenance.checkpointRecoveryPoints();
        maintenance.checkpointStartOffsets();
    }

    private void checkpointOffsetsOf(Path logDir) {
        LogDirectory directory = directories.get(logDir);
        maintenance.checkpoint(directory, "recovery points", LogDirectory::writeRecoveryPoints);
        maintenance.checkpoint(directory, "log start offsets", LogDirectory::writeStartOffsets);
    }

    @Override
    public void brokerEpoch(long epoch) {
        brokerEpoch.set(epoch);
    }

    @Override
    public boolean lastShutdownWasClean() {
        return online().stream().allMatch(LogDirectory::cleanShutdown);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        compaction.close();
        maintenance.stop();
        new LogShutdown(logs, online(), maintenance, threads, environment.events()).run(brokerEpoch.get());
        releaseLocks();
    }

    private void releaseLocks() {
        for (LogDirectory directory : directories.values()) {
            try {
                directory.release();
            } catch (IOException e) {
                LOG.warn("Could not release the lock of {}", directory.path(), e);
            }
        }
    }
}
