// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.handler.cluster.ClusterHandlers;
import io.barnabas.broker.handler.config.ConfigHandlers;
import io.barnabas.broker.handler.config.EffectiveTopicConfigs;
import io.barnabas.broker.handler.controller.AutoTopicCreation;
import io.barnabas.broker.handler.controller.ControllerHandlers;
import io.barnabas.broker.handler.controller.InternalTopics;
import io.barnabas.broker.handler.data.DataHandlers;
import io.barnabas.broker.handler.group.GroupHandlers;
import io.barnabas.broker.handler.replica.ReplicaHandlers;
import io.barnabas.broker.handler.security.AbsentFeatures;
import io.barnabas.broker.handler.transaction.CoordinatedTransactionalIds;
import io.barnabas.broker.handler.transaction.InitProducerIdHandler;
import io.barnabas.broker.network.ConnectionLimits;
import io.barnabas.broker.network.HandlerRegistry;
import io.barnabas.broker.network.ListenerBinding;
import io.barnabas.broker.network.NetworkServer;
import io.barnabas.broker.network.RequestPipeline;
import io.barnabas.broker.network.SocketConfig;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.liveness.Evidence;
import io.barnabas.replica.session.FetchSessionCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Floor 4: a handler for every request API, and the listeners requests come in by.
 *
 * @param handlers by request API
 * @param network the listeners
 */
public record RequestAssembly(HandlerRegistry handlers, NetworkServer network) {
    private static final short CREATE_TOPICS_VERSION = 7;

    /**
     * Nothing listens before the network is started.
     *
     * @param deathReports takes what other observers say of brokers' deaths
     */
    public static RequestAssembly of(
            Platform platform,
            CoordinationAssembly coordination,
            PeerAssembly peers,
            ReplicaAssembly replicas,
            ControllerAssembly controller,
            Consumer<Evidence.Reported> deathReports,
            CoordinatorAssembly coordinators,
            RequestServices services) {
        BarnabasConfig config = coordination.config();
        AutoTopicCreation creation = new AutoTopicCreation(
                controller.controller(),
                peers.controller(),
                InternalTopics.of(config.offsets(), config.transactions()),
                Duration.ofMillis(config.peers().requestTimeoutMs()),
                CREATE_TOPICS_VERSION);
        List<Collection<? extends RequestHandler<?>>> handlers = new ArrayList<>();
        handlers.addAll(ofCluster(platform, coordination, controller, deathReports, creation, services));
        handlers.addAll(ofReplicas(platform, coordination, replicas, controller, coordinators, services));
        handlers.addAll(ofCoordinators(coordination, coordinators, creation, services));
        HandlerRegistry registry = new HandlerRegistry(handlers);
        return new RequestAssembly(registry, network(platform, config, new RequestPipeline(registry, services)));
    }

    private static List<Collection<? extends RequestHandler<?>>> ofCluster(
            Platform platform,
            CoordinationAssembly coordination,
            ControllerAssembly controller,
            Consumer<Evidence.Reported> deathReports,
            AutoTopicCreation creation,
            RequestServices services) {
        BarnabasConfig config = coordination.config();
        return List.of(
                ClusterHandlers.all(
                        FloorConfigs.session(config, coordination.brokerId(), coordination.clusterId()),
                        services,
                        creation,
                        coordination.features()),
                AbsentFeatures.all(),
                ConfigHandlers.all(
                        coordination.brokerId(),
                        coordination.dynamicConfig(),
                        coordination.store().configs(),
                        services),
                ControllerHandlers.all(
                        controller.controller(),
                        services,
                        new EffectiveTopicConfigs(coordination.dynamicConfig()),
                        config.controller().deleteTopics(),
                        deathReports,
                        platform.threads().timer()));
    }

    private static List<Collection<? extends RequestHandler<?>>> ofReplicas(
            Platform platform,
            CoordinationAssembly coordination,
            ReplicaAssembly replicas,
            ControllerAssembly controller,
            CoordinatorAssembly coordinators,
            RequestServices services) {
        BarnabasConfig config = coordination.config();
        return List.of(
                DataHandlers.all(
                        replicas.replicas(),
                        new FetchSessionCache(config.fetch().sessionCacheSlots(), platform.clock(), platform.random()),
                        services,
                        () -> coordination.config().fetch().maxBytes(),
                        platform.threads().longWork(),
                        coordinators.transactionRequests().verification()),
                ReplicaHandlers.all(
                        controller.control(),
                        replicas.replicas(),
                        config.listeners().interBrokerListener(),
                        config.listeners().interBrokerProtocol(),
                        platform.threads().background()));
    }

    private static List<Collection<? extends RequestHandler<?>>> ofCoordinators(
            CoordinationAssembly coordination,
            CoordinatorAssembly coordinators,
            AutoTopicCreation creation,
            RequestServices services) {
        BarnabasConfig config = coordination.config();
        return List.of(
                List.of(new InitProducerIdHandler(
                        coordinators.producerIds(), new CoordinatedTransactionalIds(coordinators.transactions()))),
                coordinators.transactionRequests().all(),
                GroupHandlers.all(new GroupHandlers.Environment(
                        coordinators.groups(),
                        services,
                        topic -> creation.create(Set.of(topic)),
                        coordinators.transactions()::partitionFor,
                        new StoredLegacyOffsets(coordination.store().legacyOffsets()),
                        config.offsets().metadataMaxBytes(),
                        config.peers().protocolVersion().isAtLeast(ProtocolVersion.IBP_2_3_IV0))));
    }

    private static NetworkServer network(Platform platform, BarnabasConfig config, RequestPipeline requests) {
        return new NetworkServer(
                ListenerBinding.allOf(config.listeners(), config.network()),
                SocketConfig.of(config.network(), config.listeners().interBrokerListener()),
                ConnectionLimits.of(config.network()),
                requests,
                platform.threads().transport(),
                platform.ticker());
    }
}
