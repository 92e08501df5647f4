// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.BrokerTopicRules;
import io.barnabas.broker.config.ConfigChangeFollower;
import io.barnabas.broker.config.DynamicBrokerConfig;
import io.barnabas.broker.config.EntityConfigListener;
import io.barnabas.broker.config.Policies;
import io.barnabas.broker.config.ProtocolVersion;
import io.barnabas.broker.config.TopicConfigRepository;
import io.barnabas.broker.config.TopicDefaultsSubscriber;
import io.barnabas.broker.handler.config.ConfigHandlers;
import io.barnabas.broker.handler.config.EffectiveTopicConfigs;
import io.barnabas.broker.handler.control.ControlHandlers;
import io.barnabas.broker.handler.control.ControlPlane;
import io.barnabas.broker.handler.control.LocalCommandSender;
import io.barnabas.broker.handler.controller.AutoTopicCreation;
import io.barnabas.broker.handler.controller.ControllerHandlers;
import io.barnabas.broker.handler.controller.InternalTopics;
import io.barnabas.broker.handler.data.DataHandlers;
import io.barnabas.broker.handler.group.GroupHandlers;
import io.barnabas.broker.handler.session.ProducerIds;
import io.barnabas.broker.handler.session.SessionHandlers;
import io.barnabas.broker.handler.transaction.CoordinatedTransactionalIds;
import io.barnabas.broker.handler.transaction.TransactionHandlers;
import io.barnabas.broker.metadata.ClusterImageHolder;
import io.barnabas.broker.network.ConnectionLimits;
import io.barnabas.broker.network.HandlerRegistry;
import io.barnabas.broker.network.ListenerBinding;
import io.barnabas.broker.network.NetworkServer;
import io.barnabas.broker.network.SocketSettings;
import io.barnabas.broker.peer.AlterPartitionProposals;
import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.broker.peer.LeaderEndPoints;
import io.barnabas.broker.peer.NettyPeerClient;
import io.barnabas.broker.peer.PeerChannelSetup;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerCommandSender;
import io.barnabas.broker.peer.PeerControllerChannel;
import io.barnabas.broker.peer.StoreIsrProposals;
import io.barnabas.coordination.controller.BrokerCommandSender;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.ControllerLoop;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordinator.group.GroupCoordinatorService;
import io.barnabas.coordinator.runtime.ReplicatedLog;
import io.barnabas.coordinator.runtime.ShardEnvironment;
import io.barnabas.coordinator.transaction.TransactionCoordinatorService;
import io.barnabas.replica.fetch.FetcherEnvironment;
import io.barnabas.replica.fetch.FetcherSettings;
import io.barnabas.replica.fetch.ReplicaFetcherManager;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.cleaner.LogCleaner;
import io.barnabas.replica.log.local.LocalLogManager;
import io.barnabas.replica.partition.BrokerReplicas;
import io.barnabas.replica.partition.IsrProposals;
import io.barnabas.replica.partition.ReplicaPorts;
import io.barnabas.replica.session.FetchSessionCache;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.replica.ReplicaSelector;

/**
 * The rooms of one broker, wired from the ground floor up; read it from top to bottom. Nothing here decides anything.
 */
final class BrokerRooms {
    private final DynamicBrokerConfig dynamicConfig;
    private final ConfigChangeFollower configChanges;
    private final TopicConfigRepository topicConfigs;
    private final LogManager logs;
    private final ClusterImageHolder images = new ClusterImageHolder();
    private final PeerClient peers;
    private final ControllerChannel controllerChannel;
    private final ReplicaFetchers fetchers;
    private final BrokerReplicas replicas;
    private final Controller controller;
    private final GroupCoordinatorService groups;
    private final TransactionCoordinatorService transactions;
    private final FinalizedFeatures features;
    private final NetworkServer network;

    /**
     * Opens the logs and wires everything; nothing listens or takes part in anything yet.
     *
     * @param onNoLogDirLeft what to do when the last log directory failed
     */
    BrokerRooms(
            DynamicBrokerConfig dynamicConfig,
            ClusterMembership member,
            CoordinationStore store,
            BrokerPresence presence,
            BrokerThreads threads,
            Runnable onNoLogDirLeft) {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        int id = member.brokerId();
        AtomicReference<BrokerReplicas> replicasLater = new AtomicReference<>();
        AtomicReference<Controller> controllerLater = new AtomicReference<>();
        TopicChanges topicChanges = new TopicChanges();

        // what topics and this broker are configured to be, now and as it changes
        this.dynamicConfig = dynamicConfig;
        this.topicConfigs = new TopicConfigRepository(store.configs(), dynamicConfig, topicChanges);
        this.configChanges = new ConfigChangeFollower(
                id,
                store.configs(),
                store.hints(),
                dynamicConfig,
                topicConfigs,
                EntityConfigListener.NONE,
                threads.timer());
        Futures.<Void>awaitInAnySession(configChanges::load, "reading the dynamic configuration");
        BarnabasConfig config = dynamicConfig.current();
        Duration requestTimeout = Duration.ofMillis(config.peers().requestTimeoutMs());

        // the log
        LocalLogManager localLogs = LocalLogManager.open(
                RoomSettings.logManager(config, dynamicConfig::current),
                this::configOf,
                clock,
                threads.background(),
                random,
                (directory, lost, lostFuture, anyLeft) -> {
                    BrokerReplicas there = replicasLater.get();
                    if (there != null) {
                        there.onLogDirFailure(directory, lost, lostFuture, anyLeft);
                    }
                    if (!anyLeft) {
                        onNoLogDirLeft.run();
                    }
                });
        if (config.cleaner().enabled()) {
            new RuntimeChanges(dynamicConfig)
                    .follow(LogCleaner.start(RoomSettings.cleaner(config), localLogs, clock, random));
        }
        this.logs = localLogs;
        topicChanges.tell(logs);

        // peers
        this.peers = new NettyPeerClient(
                threads.transport(), RoomSettings.peers(config, id), PeerChannelSetup.PLAINTEXT, threads.background());
        this.controllerChannel = new PeerControllerChannel(
                peers,
                new PeerControllerChannel.Terms(
                        () -> controllerLater.get().controllerId(),
                        images::image,
                        config.listeners().controllerListener(),
                        Duration.ofMillis(config.peers().controllerSocketTimeoutMs()),
                        Duration.ofMillis(50)),
                threads.timer());

        // replicas: leading, following
        ReplicationThrottling throttling = new ReplicationThrottling(id, topicConfigs, config.quotas(), clock);
        dynamicConfig.onThrottles(throttling);
        this.fetchers = new ReplicaFetcherManager(
                LeaderEndPoints.over(peers, id, config.replication(), config.peers(), presence::brokerEpoch),
                new FetcherSettings(
                        config.replication().fetcherThreads(),
                        config.replication().fetchBackoffMs(),
                        config.replication().fetchWaitMaxMs()),
                new FetcherEnvironment(clock, threads.timer(), threads.background(), throttling.follower()));
        SessionLease lease = new SessionLease(store.session(), System::nanoTime);
        boolean leaseEnabled = config.own().sessionLease();
        RoleCertainty certainty = new RoleCertainty(
                        store.session(), lease, leaseEnabled, presence::brokerEpoch, System::nanoTime)
                .start(threads.timer());
        this.replicas = new BrokerReplicas(
                RoomSettings.replicas(config, id),
                logs,
                new ReplicaPorts(
                        isrProposals(config, id, store, presence, threads),
                        fetchers,
                        images::image,
                        presence::brokerEpoch,
                        lease.where(leaseEnabled),
                        throttling.leader(),
                        throttling.moves(),
                        replicaSelector(config),
                        directory -> store.adminPaths().announceLogDirFailure(id),
                        clock,
                        threads.timer(),
                        threads.background()));
        replicasLater.set(replicas);

        // the controller
        ControlPlane control =
                new ControlPlane(replicas, images, presence::brokerEpoch, certainty::rolesTaken, threads.control());
        BrokerCommandSender sender = new LocalCommandSender(
                id,
                control,
                new PeerCommandSender(
                        peers,
                        new PeerCommandSender.Terms(
                                config.peers().protocolVersion(),
                                config.listeners().controllerListener(),
                                config.listeners().interBrokerListener(),
                                Duration.ofMillis(config.peers().controllerSocketTimeoutMs()))));
        this.controller = new ControllerLoop(
                RoomSettings.controller(config, id),
                store,
                sender,
                new BrokerTopicRules(dynamicConfig),
                random,
                threads.controller());
        controllerLater.set(controller);
        topicChanges.tell(controller);

        // groups
        this.groups = new GroupCoordinatorService(
                RoomSettings.groups(config),
                new GroupCoordinatorService.Environment(
                        new ReplicatedLog(
                                replicas, topic -> topicConfigs.logConfig(topic).maxMessageBytes()),
                        () -> partitionsOf(
                                Topic.GROUP_METADATA_TOPIC_NAME,
                                config.offsets().partitions()),
                        threads.coordinators(),
                        threads.loaders(),
                        ShardEnvironment.Timer.of(threads.timer()),
                        certainty,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        clock,
                        UUID::randomUUID));
        replicas.addLeadershipListener(groups.leadershipListener());
        images.addListener((image, deleted) -> forget(deleted));

        // transactions
        ProducerIds producerIds = new ProducerIds(
                config.peers().protocolVersion().isAllocateProducerIdsSupported()
                        ? ProducerIdAllocation.byController(
                                controllerChannel, id, presence::brokerEpoch, requestTimeout)
                        : ProducerIdAllocation.byStore(store.producerIds(), id),
                clock);
        TransactionHandlers transactionHandlers = new TransactionHandlers(new TransactionHandlers.Environment(
                id,
                config.listeners().interBrokerListener(),
                images::image,
                replicas,
                groups,
                peers,
                config.peers().protocolVersion().writeTxnMarkersVersion(),
                config.peers().requestTimeoutMs(),
                RoomSettings.verification(config, dynamicConfig::current),
                clock));
        this.transactions = new TransactionCoordinatorService(
                RoomSettings.transactions(config),
                new TransactionCoordinatorService.Environment(
                        new ReplicatedLog(
                                replicas, topic -> topicConfigs.logConfig(topic).maxMessageBytes()),
                        () -> partitionsOf(
                                Topic.TRANSACTION_STATE_TOPIC_NAME,
                                config.transactions().partitions()),
                        producerIds::take,
                        transactionHandlers.markers(),
                        threads.coordinators(),
                        threads.loaders(),
                        ShardEnvironment.Timer.of(threads.timer()),
                        certainty,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        clock));
        replicas.addLeadershipListener(transactions.leadershipListener());
        TransactionHandlers.Room transactionRoom = transactionHandlers.with(transactions);

        // requests
        this.features = new FinalizedFeatures(store.features(), store.hints());
        AutoTopicCreation creation = new AutoTopicCreation(
                controller,
                controllerChannel,
                InternalTopics.of(config.offsets(), config.transactions()),
                requestTimeout,
                (short) 7);
        HandlerRegistry handlers = new HandlerRegistry(List.of(
                SessionHandlers.all(
                        RoomSettings.session(config, id, member.clusterId()),
                        images::image,
                        creation,
                        producerIds,
                        new CoordinatedTransactionalIds(transactions),
                        features),
                DataHandlers.all(
                        replicas,
                        new FetchSessionCache(config.fetch().sessionCacheSlots(), clock, random),
                        images::image,
                        () -> dynamicConfig.current().fetch().maxBytes(),
                        transactionRoom.verification()),
                transactionRoom.all(),
                GroupHandlers.all(new GroupHandlers.Environment(
                        groups,
                        images::image,
                        topic -> creation.create(Set.of(topic)),
                        transactions::partitionFor,
                        new StoredLegacyOffsets(store.legacyOffsets()),
                        config.offsets().metadataMaxBytes(),
                        config.peers().protocolVersion().isAtLeast(ProtocolVersion.IBP_2_3_IV0),
                        clock)),
                ConfigHandlers.all(id, dynamicConfig, store.configs(), images::image),
                ControlHandlers.all(
                        control,
                        replicas,
                        config.listeners().interBrokerListener(),
                        config.listeners().interBrokerProtocol(),
                        threads.background()),
                ControllerHandlers.all(
                        controller,
                        images::image,
                        new EffectiveTopicConfigs(dynamicConfig),
                        config.controller().deleteTopics(),
                        threads.timer())));

        // the front door
        this.network = new NetworkServer(
                ListenerBinding.allOf(config.listeners(), config.network()),
                SocketSettings.of(config.network(), config.listeners().interBrokerListener()),
                ConnectionLimits.of(config.network()),
                handlers,
                threads.transport());
        store.session().addListener(configChanges);
        followChanges(threads);
    }

    private void followChanges(BrokerThreads threads) {
        dynamicConfig.subscribe(new TopicDefaultsSubscriber(topicConfigs));
        RuntimeChanges changes = new RuntimeChanges(dynamicConfig);
        changes.follow(threads.background());
        changes.follow(threads.transport());
        changes.follow(fetchers);
        changes.follow(network);
        changes.follow(controller);
    }

    /** From IBP 2.7 on the controller changes in-sync sets (KIP-497), below it leaders write them themselves. */
    private IsrProposals isrProposals(
            BarnabasConfig config, int id, CoordinationStore store, BrokerPresence presence, BrokerThreads threads) {
        ProtocolVersion protocol = config.peers().protocolVersion();
        return protocol.isAlterPartitionSupported()
                ? new AlterPartitionProposals(controllerChannel, id, presence::brokerEpoch, protocol, threads.timer())
                : new StoreIsrProposals(store.partitionStates(), store.adminPaths(), images::image, threads.timer());
    }

    /** A topic that is new here is looked up in the store: its creation announces no overrides. */
    private LogConfig configOf(String topic) {
        Futures.<Void>awaitInAnySession(
                () -> topicConfigs.ensure(List.of(topic)), "reading the configuration of topic " + topic);
        return topicConfigs.logConfig(topic);
    }

    private int partitionsOf(String topic, int beforeItExists) {
        return images.image()
                .topic(topic)
                .map(known -> known.partitions().size())
                .orElse(beforeItExists);
    }

    private void forget(Set<TopicPartition> deleted) {
        if (!deleted.isEmpty()) {
            groups.onPartitionsDeleted(deleted);
            deleted.stream().map(TopicPartition::topic).collect(Collectors.toSet()).stream()
                    .filter(topic -> images.image().topic(topic).isEmpty())
                    .forEach(topicConfigs::forget);
        }
    }

    private static Optional<ReplicaSelector> replicaSelector(BarnabasConfig config) {
        return config.replication()
                .replicaSelectorClass()
                .flatMap(name -> Policies.load(config, "replica.selector.class", ReplicaSelector.class));
    }

    DynamicBrokerConfig dynamicConfig() {
        return dynamicConfig;
    }

    ConfigChangeFollower configChanges() {
        return configChanges;
    }

    LogManager logs() {
        return logs;
    }

    PeerClient peers() {
        return peers;
    }

    ControllerChannel controllerChannel() {
        return controllerChannel;
    }

    BrokerReplicas replicas() {
        return replicas;
    }

    ReplicaFetchers fetchers() {
        return fetchers;
    }

    Controller controller() {
        return controller;
    }

    GroupCoordinatorService groups() {
        return groups;
    }

    TransactionCoordinatorService transactions() {
        return transactions;
    }

    FinalizedFeatures features() {
        return features;
    }

    NetworkServer network() {
        return network;
    }

    /** The directories the logs are in, for messages. */
    List<Path> logDirs() {
        return logs.liveLogDirs();
    }
}
