// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.handler.transaction.ProducerIds;
import io.barnabas.broker.handler.transaction.TransactionHandlers;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.coordinator.group.shard.GroupCoordinatorService;
import io.barnabas.coordinator.runtime.CoordinatorEnvironment;
import io.barnabas.coordinator.runtime.ReplicatedLog;
import io.barnabas.coordinator.transaction.TransactionCoordinatorService;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/**
 * Floor 3: the coordinators.
 *
 * @param groups groups and committed offsets
 * @param transactions transactional ids and their transactions
 * @param producerIds ids for producers, from blocks
 * @param transactionRequests the transactional request APIs, with what they share
 */
public record CoordinatorAssembly(
        GroupCoordinatorService groups,
        TransactionCoordinatorService transactions,
        ProducerIds producerIds,
        TransactionHandlers.Room transactionRequests) {

    /** Coordinators take up their work as this broker is given partitions of their topics. */
    public static CoordinatorAssembly of(
            Platform platform,
            CoordinationAssembly coordination,
            PeerAssembly peers,
            ReplicaAssembly replicas,
            RequestServices services) {
        LongSupplier tickerMs =
                () -> TimeUnit.NANOSECONDS.toMillis(platform.ticker().getAsLong());
        GroupCoordinatorService groups = groups(platform, coordination, replicas, tickerMs);
        ProducerIds producerIds = producerIds(platform, coordination, peers);
        TransactionHandlers handlers = transactionHandlers(coordination, peers, replicas, groups, services);
        TransactionCoordinatorService transactions =
                transactions(platform, coordination, replicas, tickerMs, producerIds, handlers);
        replicas.replicas().addLeadershipListener(groups.leadershipListener());
        replicas.replicas().addLeadershipListener(transactions.leadershipListener());
        coordination.images().addListener((image, deleted) -> forget(coordination, groups, deleted));
        return new CoordinatorAssembly(groups, transactions, producerIds, handlers.with(transactions));
    }

    private static GroupCoordinatorService groups(
            Platform platform, CoordinationAssembly coordination, ReplicaAssembly replicas, LongSupplier tickerMs) {
        BarnabasConfig config = coordination.config();
        return new GroupCoordinatorService(
                FloorConfigs.groups(config),
                environment(
                        platform,
                        coordination,
                        replicas,
                        tickerMs,
                        () -> coordination.partitionsOf(
                                Topic.GROUP_METADATA_TOPIC_NAME,
                                config.offsets().partitions())),
                new RandomIds(platform.random())::javaUuid);
    }

    private static CoordinatorEnvironment environment(
            Platform platform,
            CoordinationAssembly coordination,
            ReplicaAssembly replicas,
            LongSupplier tickerMs,
            IntSupplier partitionCount) {
        return new CoordinatorEnvironment(
                log(coordination, replicas),
                partitionCount,
                platform.threads().coordinators(),
                platform.threads().loaders(),
                CoordinatorEnvironment.Scheduler.of(platform.threads().timer()),
                coordination.certainty(),
                tickerMs,
                platform.clock(),
                platform.events());
    }

    private static ReplicatedLog log(CoordinationAssembly coordination, ReplicaAssembly replicas) {
        return new ReplicatedLog(
                replicas.replicas(),
                topic -> coordination.topicConfigs().logConfig(topic).maxMessageBytes());
    }

    private static ProducerIds producerIds(Platform platform, CoordinationAssembly coordination, PeerAssembly peers) {
        BarnabasConfig config = coordination.config();
        return new ProducerIds(
                config.peers().protocolVersion().isAllocateProducerIdsSupported()
                        ? ProducerIdAllocation.byController(
                                peers.controller(),
                                coordination.brokerId(),
                                coordination.presence()::brokerEpoch,
                                Duration.ofMillis(config.peers().requestTimeoutMs()))
                        : ProducerIdAllocation.byStore(coordination.store().producerIds(), coordination.brokerId()),
                platform.clock());
    }

    private static TransactionHandlers transactionHandlers(
            CoordinationAssembly coordination,
            PeerAssembly peers,
            ReplicaAssembly replicas,
            GroupCoordinatorService groups,
            RequestServices services) {
        BarnabasConfig config = coordination.config();
        return new TransactionHandlers(new TransactionHandlers.Environment(
                coordination.brokerId(),
                config.listeners().interBrokerListener(),
                services,
                replicas.replicas(),
                groups,
                peers.client(),
                config.peers().protocolVersion().writeTxnMarkersVersion(),
                config.peers().requestTimeoutMs(),
                FloorConfigs.verification(config, coordination::config)));
    }

    private static TransactionCoordinatorService transactions(
            Platform platform,
            CoordinationAssembly coordination,
            ReplicaAssembly replicas,
            LongSupplier tickerMs,
            ProducerIds producerIds,
            TransactionHandlers handlers) {
        BarnabasConfig config = coordination.config();
        return new TransactionCoordinatorService(
                FloorConfigs.transactions(config),
                environment(
                        platform,
                        coordination,
                        replicas,
                        tickerMs,
                        () -> coordination.partitionsOf(
                                Topic.TRANSACTION_STATE_TOPIC_NAME,
                                config.transactions().partitions())),
                producerIds::take,
                handlers.markers());
    }

    private static void forget(
            CoordinationAssembly coordination, GroupCoordinatorService groups, Set<TopicPartition> deleted) {
        if (deleted.isEmpty()) {
            return;
        }
        groups.onPartitionsDeleted(deleted);
        deleted.stream().map(TopicPartition::topic).collect(Collectors.toSet()).stream()
                .filter(topic -> coordination.images().image().topic(topic).isEmpty())
                .forEach(coordination.topicConfigs()::forget);
    }
}
