// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.dynamic.BrokerTopicRules;
import io.barnabas.broker.handler.replica.ControlPlane;
import io.barnabas.broker.handler.replica.LocalCommandSender;
import io.barnabas.broker.peer.PeerCommandSender;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.coordination.controller.BrokerCommandSender;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.ControllerPorts;
import io.barnabas.coordination.controller.loop.ControllerLoop;
import java.time.Duration;

/**
 * The controller's part of floor 1, with what carries its orders: to this broker directly, to others by request.
 *
 * @param control takes the controller's orders, one at a time
 * @param controller takes part in the race for {@code /controller}
 */
public record ControllerAssembly(ControlPlane control, Controller controller) {

    /** The controller takes part in nothing before it is started. */
    public static ControllerAssembly of(
            Platform platform, CoordinationAssembly coordination, PeerAssembly peers, ReplicaAssembly replicas) {
        BarnabasConfig config = coordination.config();
        ControlPlane control = new ControlPlane(
                replicas.replicas(),
                coordination.images(),
                coordination.presence()::brokerEpoch,
                coordination.certainty()::rolesTaken,
                platform.threads().control(),
                coordination.topicConfigs(),
                platform.threads().timer());
        BrokerCommandSender sender = new LocalCommandSender(
                coordination.brokerId(),
                control,
                new PeerCommandSender(
                        peers.client(),
                        new PeerCommandSender.Terms(
                                config.peers().protocolVersion(),
                                config.listeners().controllerListener(),
                                config.listeners().interBrokerListener(),
                                Duration.ofMillis(config.peers().controllerSocketTimeoutMs()))));
        RandomIds ids = new RandomIds(platform.random());
        Controller controller = new ControllerLoop(
                FloorConfigs.controller(config, coordination.brokerId()),
                coordination.store(),
                new ControllerPorts(
                        sender,
                        new BrokerTopicRules(coordination.dynamicConfig()),
                        platform.random(),
                        ids::uuid,
                        platform.threads().controller(),
                        platform.events(),
                        coordination.knownController()));
        coordination.topicConfigs().addListener((topic, settings) -> {
            if (settings.uncleanLeaderElectionEnable()) {
                controller.uncleanElectionEnabled(topic);
            }
        });
        return new ControllerAssembly(control, controller);
    }
}
