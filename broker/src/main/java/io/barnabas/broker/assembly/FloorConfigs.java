// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.CleanerKeys;
import io.barnabas.broker.config.GroupKeys;
import io.barnabas.broker.config.LogManagerKeys;
import io.barnabas.broker.config.OffsetsKeys;
import io.barnabas.broker.config.TransactionKeys;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.handler.cluster.ClusterConfig;
import io.barnabas.broker.peer.PeerConfig;
import io.barnabas.coordination.controller.ControllerConfig;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupConfig.RecordVersions;
import io.barnabas.coordinator.transaction.TransactionConfig;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.cleaner.CleanerConfig;
import io.barnabas.replica.partition.ReplicaConfig;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.record.RecordVersion;

/** Turns the broker's configuration into that of the lower floors, which know nothing of property files. */
public final class FloorConfigs {
    private static final String SESSION_FILE = ".barnabas.session";
    private static final long COMMAND_RETRY_MS = 100;
    private static final long RECONNECT_BACKOFF_MAX_MS = 1_000;
    private static final int LIVENESS_ANSWER_MS = 300;
    private static final long LIVENESS_BACKOFF_MS = 1;
    private static final int LIVENESS_MAX_PENDING = 100;
    private static final int LIVENESS_MAX_ANSWER_BYTES = 1 << 20;
    private static final int MAX_PENDING_PER_PEER = 10_000;

    private FloorConfigs() {}

    /**
     * The session with ZooKeeper.
     *
     * @param sessionDirectory a log directory that is locked and can be written to
     */
    public static ZooKeeperConfig zooKeeper(BarnabasConfig config, Path sessionDirectory) {
        return new ZooKeeperConfig(
                config.zooKeeper().connect(),
                config.zooKeeper().sessionTimeoutMs(),
                config.zooKeeper().connectionTimeoutMs(),
                config.zooKeeper().secureAcls(),
                ZooKeeperConfig.Limits.DEFAULT,
                Optional.of(sessionDirectory.resolve(SESSION_FILE)));
    }

    /**
     * The logs.
     *
     * @param current the settings as of now: some of them change at run time
     * @param disk where the directories lie
     */
    static LogManagerConfig logManager(BarnabasConfig config, Supplier<BarnabasConfig> current, FileSystem disk) {
        LogManagerKeys logs = config.logManager();
        return new LogManagerConfig(
                logs.directories().stream()
                        .map(directory -> disk.getPath(directory.toString()))
                        .toList(),
                logs.recoveryThreadsPerDirectory(),
                logs.initialTaskDelayMs(),
                logs.retentionCheckIntervalMs(),
                logs.flushSchedulerIntervalMs(),
                logs.recoveryPointCheckpointIntervalMs(),
                logs.startOffsetCheckpointIntervalMs(),
                () -> current.get().producerIds().expirationMs(),
                config.producerIds().expirationCheckIntervalMs(),
                config.transactions().maxTimeoutMs(),
                config.own().logDirReserveBytes(),
                config.own().logBlocksAheadBytes(),
                config.own().deleteRecordsDurable(),
                config.own().retentionFutureMaxMs());
    }

    static CleanerConfig cleaner(BarnabasConfig config) {
        CleanerKeys cleaner = config.cleaner();
        return new CleanerConfig(
                cleaner.threads(),
                cleaner.dedupeBufferBytes(),
                cleaner.dedupeBufferLoadFactor(),
                cleaner.ioBufferBytes(),
                cleaner.ioMaxBytesPerSecond(),
                cleaner.backoffMs());
    }

    static ReplicaConfig replicas(BarnabasConfig config, int brokerId) {
        return new ReplicaConfig(
                brokerId,
                config.replication().lagTimeMaxMs(),
                config.replication().highWatermarkCheckpointIntervalMs(),
                config.listeners().interBrokerListener(),
                config.own().strictUnderMinIsr(),
                config.own().checkCompressedRecords(),
                config.own().maxDecompressedBytes());
    }

    static ControllerConfig controller(BarnabasConfig config, int brokerId) {
        ProtocolVersion protocol = config.peers().protocolVersion();
        return ControllerConfig.builder(brokerId)
                .usesTopicIds(protocol.isTopicIdsSupported())
                .usesLeaderRecovery(protocol.isLeaderRecoverySupported())
                .usesFeatures(protocol.isFeatureVersioningSupported())
                .featureFormatVersion(protocol.isAtLeast(ProtocolVersion.IBP_3_3_IV0) ? 2 : 1)
                .deleteTopicEnable(config.controller().deleteTopics())
                .autoLeaderRebalanceEnable(config.controller().autoLeaderRebalance())
                .leaderImbalanceCheckIntervalSeconds(config.controller().leaderImbalanceCheckIntervalSeconds())
                .leaderImbalancePerBrokerPercentage(config.controller().leaderImbalancePercentage())
                .checkIsrBrokerEpochs(config.own().checkIsrBrokerEpochs())
                .deleteWithoutDeadReplicas(config.own().deleteWithoutDeadReplicas())
                .retryBackoffMs(COMMAND_RETRY_MS)
                .leaderWaitMs(config.own().leaderWaitMs())
                .maxWaitingRequests(config.own().controllerWaitingRequests())
                .build();
    }

    static GroupConfig groups(BarnabasConfig config) {
        GroupKeys groups = config.groups();
        OffsetsKeys offsets = config.offsets();
        return new GroupConfig(
                groups.minSessionTimeoutMs(),
                groups.maxSessionTimeoutMs(),
                groups.maxSize(),
                groups.initialRebalanceDelayMs(),
                offsets.metadataMaxBytes(),
                offsets.loadBufferBytes(),
                TimeUnit.MINUTES.toMillis(offsets.retentionMinutes()),
                offsets.retentionCheckIntervalMs(),
                offsets.partitions(),
                offsets.segmentBytes(),
                offsets.replicationFactor(),
                offsets.compression(),
                offsets.commitTimeoutMs(),
                recordVersions(config.peers().protocolVersion()));
    }

    private static RecordVersions recordVersions(ProtocolVersion protocol) {
        int group = 3;
        if (!protocol.isAtLeast(ProtocolVersion.IBP_0_10_1_IV0)) {
            group = 0;
        } else if (!protocol.isAtLeast(ProtocolVersion.IBP_2_1_IV0)) {
            group = 1;
        } else if (!protocol.isAtLeast(ProtocolVersion.IBP_2_3_IV0)) {
            group = 2;
        }
        int commit = 3;
        if (!protocol.isAtLeast(ProtocolVersion.IBP_2_1_IV0)) {
            commit = 1;
        } else if (!protocol.isAtLeast(ProtocolVersion.IBP_2_1_IV1)) {
            commit = 2;
        }
        return new RecordVersions((short) group, (short) commit);
    }

    static TransactionConfig transactions(BarnabasConfig config) {
        TransactionKeys transactions = config.transactions();
        return new TransactionConfig(
                transactions.maxTimeoutMs(),
                transactions.transactionalIdExpirationMs(),
                transactions.abortTimedOutIntervalMs(),
                transactions.removeExpiredIntervalMs(),
                transactions.loadBufferBytes(),
                config.peers().requestTimeoutMs());
    }

    /**
     * Whether partitions are verified before a transaction's first record. Below inter-broker protocol 3.5 there may be
     * brokers that cannot be asked.
     *
     * @param current the settings as of now: this one changes at run time
     */
    static BooleanSupplier verification(BarnabasConfig config, Supplier<BarnabasConfig> current) {
        boolean possible = config.peers().protocolVersion().isAtLeast(ProtocolVersion.IBP_3_5_IV0);
        return () -> possible && current.get().transactions().partitionVerification();
    }

    static PeerConfig peers(BarnabasConfig config, int brokerId) {
        return new PeerConfig(
                brokerId,
                config.peers().requestTimeoutMs(),
                (int) config.peers().connectionSetupTimeoutMs(),
                50,
                RECONNECT_BACKOFF_MAX_MS,
                MAX_PENDING_PER_PEER,
                Integer.MAX_VALUE - 64,
                config.replication().socketReceiveBufferBytes());
    }

    /** Connects at once and gives up soon: what it brings is evidence, and its user repeats it. */
    static PeerConfig liveness(int brokerId) {
        return new PeerConfig(
                brokerId,
                LIVENESS_ANSWER_MS,
                LIVENESS_ANSWER_MS,
                LIVENESS_BACKOFF_MS,
                LIVENESS_BACKOFF_MS,
                LIVENESS_MAX_PENDING,
                LIVENESS_MAX_ANSWER_BYTES,
                -1);
    }

    static ClusterConfig session(BarnabasConfig config, int brokerId, String clusterId) {
        return new ClusterConfig(
                clusterId,
                brokerId,
                config.topicCreation().autoCreate(),
                RecordVersion.lookup(config.peers().protocolVersion().highestRecordFormat()),
                config.peers().protocolVersion().isFeatureVersioningSupported(),
                config.own().detectsDeath());
    }
}
