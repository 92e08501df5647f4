// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.replica.ReplicaControl;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** The handlers of this package. */
public final class ReplicaHandlers {
    private ReplicaHandlers() {}

    /**
     * All of them.
     *
     * @param interBrokerListener the listener the addresses of leaders in LeaderAndIsr belong to
     * @param securityProtocol its protocol
     * @param disk where log directories are looked at: anything but an event loop
     */
    public static List<RequestHandler<?>> all(
            ControlPlane control,
            ReplicaControl replicas,
            String interBrokerListener,
            SecurityProtocol securityProtocol,
            Executor disk) {
        return List.of(
                new LeaderAndIsrHandler(control, interBrokerListener, securityProtocol),
                new StopReplicaHandler(control),
                new UpdateMetadataHandler(control),
                new DescribeLogDirsHandler(replicas, disk),
                new AlterReplicaLogDirsHandler(control));
    }
}
