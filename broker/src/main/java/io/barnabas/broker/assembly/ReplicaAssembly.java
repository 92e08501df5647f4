// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.dynamic.TopicConfigRepository;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.membership.StartupWaits;
import io.barnabas.broker.peer.AlterPartitionProposals;
import io.barnabas.broker.peer.LeaderEndPoints;
import io.barnabas.broker.peer.StoreIsrProposals;
import io.barnabas.broker.platform.Platform;
import io.barnabas.broker.plugin.Policies;
import io.barnabas.replica.fetch.FetcherConfig;
import io.barnabas.replica.fetch.FetcherEnvironment;
import io.barnabas.replica.fetch.ReplicaFetcherManager;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogConfigSource;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.cleaner.LogCleaner;
import io.barnabas.replica.log.local.LocalLogManager;
import io.barnabas.replica.partition.BrokerReplicas;
import io.barnabas.replica.partition.IsrProposals;
import io.barnabas.replica.partition.ReplicaPorts;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.replica.ReplicaSelector;

/**
 * Floor 2: the logs and their copies.
 *
 * @param logs the logs on this broker's disks
 * @param fetchers copy from leaders
 * @param replicas this broker's partitions and their roles
 */
public record ReplicaAssembly(LogManager logs, ReplicaFetchers fetchers, BrokerReplicas replicas) {

    /**
     * Opens the logs, recovering them where the last stop was not clean; returns when all can be used.
     *
     * @param onNoLogDirLeft what to do when the last log directory failed
     */
    public static ReplicaAssembly of(
            Platform platform, CoordinationAssembly coordination, PeerAssembly peers, Runnable onNoLogDirLeft) {
        BarnabasConfig config = coordination.config();
        LogDirFailures failures = new LogDirFailures();
        failures.addListener((directory, lost, lostFuture, anyLeft) -> {
            if (!anyLeft) {
                onNoLogDirLeft.run();
            }
        });
        LogManager logs = openLogs(platform, coordination, failures);
        ReplicationThrottling throttling = new ReplicationThrottling(
                coordination.brokerId(), coordination.topicConfigs(), config.quotas(), platform.clock());
        coordination.dynamicConfig().onThrottles(throttling);
        ReplicaFetchers fetchers = fetchers(platform, coordination, peers, throttling);
        BrokerReplicas replicas = new BrokerReplicas(
                FloorConfigs.replicas(config, coordination.brokerId()),
                logs,
                new ReplicaPorts(
                        isrProposals(platform, coordination, peers),
                        fetchers,
                        coordination.images()::image,
                        coordination.presence()::brokerEpoch,
                        coordination.lease().where(config.own().sessionLease()),
                        throttling.leader(),
                        throttling.moves(),
                        replicaSelector(config),
                        directory -> coordination.store().adminPaths().announceLogDirFailure(coordination.brokerId()),
                        platform.clock(),
                        platform.ticker(),
                        platform.threads().timer(),
                        platform.threads().background(),
                        platform.threads().longWork(),
                        platform.events()));
        failures.addListener(replicas);
        return new ReplicaAssembly(logs, fetchers, replicas);
    }

    private static LogManager openLogs(Platform platform, CoordinationAssembly coordination, LogDirFailures failures) {
        BarnabasConfig config = coordination.config();
        LogPorts ports = new LogPorts(
                new KnownConfigs(coordination.topicConfigs()),
                platform.clock(),
                platform.threads().background(),
                platform.threadFactory(),
                platform.random(),
                platform.events(),
                failures);
        LocalLogManager logs =
                LocalLogManager.open(FloorConfigs.logManager(config, coordination::config, platform.disk()), ports);
        if (config.cleaner().enabled()) {
            new RuntimeChanges(coordination.dynamicConfig())
                    .follow(LogCleaner.start(FloorConfigs.cleaner(config), logs, ports, platform.ticker()));
        }
        coordination.topicConfigs().addListener(logs::updateTopicConfig);
        // topics without overrides of their own are known from now on, too, and followed
        Set<String> topics =
                logs.logs().stream().map(log -> log.topicPartition().topic()).collect(Collectors.toSet());
        StartupWaits.<Void>awaitInAnySession(
                () -> coordination.topicConfigs().read(topics), "reading the configuration of topics");
        return logs;
    }

    /** What is known of topics; whoever orders logs of a topic reads its settings first. */
    private record KnownConfigs(TopicConfigRepository topics) implements LogConfigSource {
        @Override
        public LogConfig configOf(String topic) {
            return topics.logConfig(topic);
        }

        @Override
        public boolean isKnown(String topic) {
            return topics.isKnown(topic);
        }
    }

    private static ReplicaFetchers fetchers(
            Platform platform,
            CoordinationAssembly coordination,
            PeerAssembly peers,
            ReplicationThrottling throttling) {
        BarnabasConfig config = coordination.config();
        return new ReplicaFetcherManager(
                LeaderEndPoints.over(
                        peers.client(),
                        coordination.brokerId(),
                        config.replication(),
                        config.peers(),
                        coordination.presence()::brokerEpoch),
                new FetcherConfig(
                        config.replication().fetcherThreads(),
                        config.replication().fetchBackoffMs(),
                        config.own().readerWaitMs(),
                        config.replication().fetchWaitMaxMs()),
                new FetcherEnvironment(
                        platform.clock(),
                        platform.threads().timer(),
                        platform.threads().background(),
                        throttling.follower(),
                        platform.events()));
    }

    /** From IBP 2.7 on the controller changes in-sync sets (KIP-497), below it leaders write them themselves. */
    private static IsrProposals isrProposals(Platform platform, CoordinationAssembly coordination, PeerAssembly peers) {
        ProtocolVersion protocol = coordination.config().peers().protocolVersion();
        return protocol.isAlterPartitionSupported()
                ? new AlterPartitionProposals(
                        peers.controller(),
                        coordination.brokerId(),
                        coordination.presence()::brokerEpoch,
                        protocol,
                        platform.threads().timer())
                : new StoreIsrProposals(
                        coordination.store().partitionStates(),
                        coordination.store().adminPaths(),
                        coordination.images()::image,
                        platform.threads().timer());
    }

    private static Optional<ReplicaSelector> replicaSelector(BarnabasConfig config) {
        return config.replication()
                .replicaSelectorClass()
                .flatMap(name -> Policies.load(config, "replica.selector.class", ReplicaSelector.class));
    }
}
