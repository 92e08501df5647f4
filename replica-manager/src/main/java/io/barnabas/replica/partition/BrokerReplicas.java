// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.DeleteRecordsResult;
import io.barnabas.replica.EpochEndResult;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.LeadershipListener;
import io.barnabas.replica.LogDirResult;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.PartitionView;
import io.barnabas.replica.ProducersResult;
import io.barnabas.replica.ReplicaControl;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.VerificationGuard;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/**
 * This broker's replicas: the front of the package, which wires its parts and hands each call to the one it is for.
 * Thread-safe.
 */
public final class BrokerReplicas implements ReplicaManager, ReplicaControl {
    private final Partitions partitions;
    private final UnannouncedTopics unannounced;
    private final LogManager logs;
    private final ReplicaPorts ports;
    private final FirstBatches firstBatches;
    private final Appender appender;
    private final Fetching fetching;
    private final RecordDeletion deletion;
    private final LeadershipNews news = new LeadershipNews();
    private final ControllerOrders orders;
    private final FutureReplicas futures;
    private final LogDirs logDirs;
    private final Maintenance maintenance;

    public BrokerReplicas(ReplicaConfig config, LogManager logs, ReplicaPorts ports) {
        this.logs = logs;
        this.ports = ports;
        this.partitions = new Partitions(ports.clusterImage());
        this.unannounced = new UnannouncedTopics(ports.clusterImage());
        IsrRules rules = new ClusterIsrRules(config, ports);
        TimeoutBuckets timeouts = new TimeoutBuckets(
                ports.scheduler(), ports.executor(), () -> ports.clock().millis());
        this.firstBatches = new FirstBatches(timeouts);
        news.add(unannounced);
        news.add(firstBatches);
        this.appender = new Appender(config, partitions, unannounced, timeouts, firstBatches, ports.events());
        this.fetching = new Fetching(partitions, ports, timeouts);
        this.deletion = new RecordDeletion(partitions, timeouts);
        this.orders = new ControllerOrders(
                new RoleChanges(config, ports, partitions, unannounced, logs, news, rules, fetching.polls()::end),
                new ReplicaStops(ports, partitions, logs, news));
        this.futures = new FutureReplicas(partitions, logs, ports, orders);
        this.logDirs = new LogDirs(ports, partitions, logs, news, futures);
        this.maintenance = new Maintenance(config, partitions, logs, ports);
    }

    // ---- data ----

    @Override
    public CompletableFuture<Map<TopicPartition, AppendResult>> append(AppendCommand command) {
        return appender.append(command);
    }

    @Override
    public VerificationGuard startVerification(
            TopicPartition name, long producerId, short producerEpoch, int sequence) {
        try {
            return partitions.require(name).startVerification(producerId, producerEpoch, sequence);
        } catch (RetriableException e) {
            firstBatches.refused(name, producerId, producerEpoch, sequence);
            throw e;
        }
    }

    @Override
    public CompletableFuture<List<FetchResult>> fetch(FetchCommand command, ScheduledExecutorService reader) {
        return fetching.fetch(command, reader);
    }

    @Override
    public FetchResult readLocal(TopicPartition name, long offset, int maxBytes, FetchIsolation isolation) {
        TopicIdPartition asked = new TopicIdPartition(Uuid.ZERO_UUID, name);
        Partition partition = partitions.get(name);
        if (partition == null) {
            return FetchResult.failed(asked, partitions.absence(name));
        }
        PartitionLog log = partition.role().log();
        if (log == null) {
            return FetchResult.failed(asked, Errors.KAFKA_STORAGE_ERROR);
        }
        try {
            LogReadInfo read = log.read(offset, maxBytes, isolation, true);
            return new FetchResult(
                    asked,
                    Errors.NONE,
                    read.highWatermark(),
                    read.lastStableOffset(),
                    read.logStartOffset(),
                    read.records(),
                    Optional.empty(),
                    read.abortedTransactions().orElse(null),
                    FetchResult.NO_PREFERRED_REPLICA);
        } catch (RuntimeException e) {
            return FetchResult.failed(asked, Errors.forException(e));
        }
    }

    @Override
    public CompletableFuture<OffsetResult> listOffsets(TopicPartition name, OffsetQuery query) {
        return query.looksIntoBatches()
                ? CompletableFuture.supplyAsync(() -> findOffset(name, query), ports.longWork())
                : CompletableFuture.completedFuture(findOffset(name, query));
    }

    private OffsetResult findOffset(TopicPartition name, OffsetQuery query) {
        Partition partition = partitions.get(name);
        if (partition == null) {
            return OffsetResult.failed(partitions.absence(name));
        }
        try {
            return PartitionReader.listOffsets(partition.role(), query);
        } catch (RuntimeException e) {
            return OffsetResult.failed(Errors.forException(e));
        }
    }

    @Override
    public List<Long> legacyOffsetsBefore(TopicPartition name, OffsetQuery query, int maxOffsets) {
        RoleSnapshot role = partitions.require(name).role();
        Errors error = role.check(-1, query.leaderOnly());
        if (error != Errors.NONE) {
            throw error.exception();
        }
        PartitionLog log = role.log();
        long visibleEnd = query.isolation() == FetchIsolation.LOG_END ? Long.MAX_VALUE : log.highWatermark();
        return LegacyOffsets.before(
                log, query.timestamp(), maxOffsets, visibleEnd, ports.clock().millis());
    }

    @Override
    public EpochEndResult endOffsetForEpoch(TopicPartition name, int currentLeaderEpoch, int leaderEpoch) {
        Partition partition = partitions.get(name);
        return partition == null
                ? EpochEndResult.failed(partitions.absence(name))
                : PartitionReader.endOffsetForEpoch(partition.role(), currentLeaderEpoch, leaderEpoch);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> deleteRecords(
            int timeoutMs, Map<TopicPartition, Long> offsets) {
        return deletion.delete(timeoutMs, offsets);
    }

    @Override
    public ProducersResult describeProducers(TopicPartition name) {
        Partition partition = partitions.get(name);
        if (partition == null) {
            return ProducersResult.failed(partitions.absence(name));
        }
        PartitionLog log = partition.role().log();
        return log == null
                ? ProducersResult.failed(Errors.NOT_LEADER_OR_FOLLOWER)
                : new ProducersResult(Errors.NONE, log.activeProducers());
    }

    // ---- look-ups ----

    @Override
    public Optional<PartitionView> partition(TopicPartition name) {
        Partition partition = partitions.get(name);
        if (partition == null || partition.role().log() == null) {
            return Optional.empty();
        }
        RoleSnapshot role = partition.role();
        PartitionLog log = role.log();
        return log == null
                ? Optional.empty()
                : Optional.of(new PartitionView(
                        name,
                        log.topicId(),
                        role.isLeader(),
                        role.leaderId(),
                        role.leaderEpoch(),
                        role.partitionEpoch(),
                        role.isr(),
                        role.replicas(),
                        log.logStartOffset(),
                        log.highWatermark(),
                        log.lastStableOffset(),
                        log.logEndOffset()));
    }

    @Override
    public Optional<LogConfig> logConfig(TopicPartition name) {
        return partitions.find(name).map(partition -> partition.role().log()).map(PartitionLog::config);
    }

    @Override
    public Optional<String> topicNameInOrders(Uuid topicId) {
        return unannounced.name(topicId);
    }

    @Override
    public boolean isOrdered(TopicPartition name) {
        return unannounced.isOrdered(name);
    }

    @Override
    public Errors leaderError(TopicPartition name) {
        Partition partition = partitions.get(name);
        return partition == null ? partitions.absence(name) : partition.role().check(-1, true);
    }

    @Override
    public Collection<TopicPartition> onlinePartitions() {
        return partitions.names();
    }

    @Override
    public void addLeadershipListener(LeadershipListener listener) {
        news.add(listener);
    }

    // ---- orders ----

    @Override
    public LeaderAndIsrCommand.Outcome becomeLeaderOrFollower(LeaderAndIsrCommand command) {
        LeaderAndIsrCommand.Outcome outcome = orders.take(command);
        outcome.partitionErrors().keySet().forEach(futures::resume);
        return outcome;
    }

    @Override
    public StopReplicaCommand.Outcome stopReplicas(StopReplicaCommand command) {
        command.partitions().forEach(order -> futures.abandon(order.topicPartition()));
        return orders.take(command);
    }

    @Override
    public Errors noteControllerEpoch(int controllerEpoch) {
        return orders.noteEpoch(controllerEpoch);
    }

    @Override
    public void metadataUpdated(Set<TopicPartition> deletedPartitions) {
        unannounced.forgetAnnounced();
        unannounced.forget(deletedPartitions);
        partitions.online().forEach(partition -> partition.deletions().changed());
    }

    @Override
    public List<LogDirResult> describeLogDirs(Optional<Set<TopicPartition>> wanted) {
        return logDirs.describe(wanted);
    }

    @Override
    public Map<TopicPartition, Errors> alterReplicaLogDirs(Map<TopicPartition, String> directories) {
        return logDirs.alter(directories);
    }

    @Override
    public void onLogDirFailure(
            Path logDir, Set<TopicPartition> lost, Set<TopicPartition> lostFuture, boolean anyLeft) {
        orders.exclusively(() -> logDirs.failed(logDir, lost, lostFuture, anyLeft));
    }

    @Override
    public void leaving() {
        orders.leaving();
    }

    @Override
    public void start() {
        maintenance.start();
    }

    @Override
    public void shutdown() {
        maintenance.stop();
        futures.stop();
        ports.fetchers().close();
        partitions.online().forEach(Partition::interrupt);
        logs.checkpointHighWatermarks();
    }
}
