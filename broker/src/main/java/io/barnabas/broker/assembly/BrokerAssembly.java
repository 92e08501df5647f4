// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.platform.Platform;

/**
 * A whole broker, put together from the ground floor up.
 *
 * @param coordination floor 1: what it knows of the cluster
 * @param peers how it reaches other brokers
 * @param replicas floor 2: logs and their copies
 * @param controller its controller, active or not
 * @param liveness how it notices that others die
 * @param coordinators floor 3: groups and transactions
 * @param requests floor 4: handlers and listeners
 */
public record BrokerAssembly(
        CoordinationAssembly coordination,
        PeerAssembly peers,
        ReplicaAssembly replicas,
        ControllerAssembly controller,
        LivenessAssembly liveness,
        CoordinatorAssembly coordinators,
        RequestAssembly requests) {

    /**
     * Puts the upper floors on the first; nothing listens or takes part in anything yet.
     *
     * @param onNoLogDirLeft what to do when the last log directory failed
     */
    public static BrokerAssembly on(Platform platform, CoordinationAssembly coordination, Runnable onNoLogDirLeft) {
        PeerAssembly peers = PeerAssembly.of(platform, coordination);
        ReplicaAssembly replicas = ReplicaAssembly.of(platform, coordination, peers, onNoLogDirLeft);
        ControllerAssembly controller = ControllerAssembly.of(platform, coordination, peers, replicas);
        LivenessAssembly liveness = LivenessAssembly.of(platform, coordination, controller);
        RequestServices services = RequestServices.open(
                coordination.images()::image, platform.clock(), platform.events(), platform.meters());
        CoordinatorAssembly coordinators = CoordinatorAssembly.of(platform, coordination, peers, replicas, services);
        RequestAssembly requests = RequestAssembly.of(
                platform, coordination, peers, replicas, controller, liveness.reports(), coordinators, services);
        RuntimeChanges changes = new RuntimeChanges(coordination.dynamicConfig());
        changes.follow(platform.threads().background());
        changes.follow(platform.threads().transport());
        changes.follow(replicas.fetchers());
        changes.follow(requests.network());
        changes.follow(controller.controller());
        return new BrokerAssembly(coordination, peers, replicas, controller, liveness, coordinators, requests);
    }
}
