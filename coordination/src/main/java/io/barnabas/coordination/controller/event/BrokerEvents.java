// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;
import java.util.List;

/** What is told of brokers. */
public final class BrokerEvents {
    private BrokerEvents() {}

    /**
     * A broker registered.
     *
     * @param replicas how many replicas are assigned to it
     */
    public record BrokerStarted(int broker, long brokerEpoch, int replicas, int controllerEpoch, String why)
            implements Event {}

    /** A registered broker has other endpoints. */
    public record BrokerUpdated(int broker, long brokerEpoch, String why) implements Event {}

    /**
     * A broker is gone.
     *
     * @param led how many partitions it led
     * @param wasShuttingDown whether it had asked to stop
     */
    public record BrokerFailed(
            int broker, long brokerEpoch, int led, boolean wasShuttingDown, int controllerEpoch, String why)
            implements Event {}

    /** Brokers say that a log directory failed; they are asked which replicas are gone. */
    public record LogDirFailed(List<Integer> brokers, int controllerEpoch, String why) implements Event {}

    /**
     * Replicas of a registered broker are gone.
     *
     * @param replicas how many
     */
    public record ReplicasOffline(int broker, int replicas, int controllerEpoch, String why) implements Event {}

    /**
     * A broker asked to stop.
     *
     * @param moved how many of its partitions another broker leads now
     * @param followed how many it followed
     * @param remaining how many it still leads
     */
    public record ControlledShutdown(
            int broker, long brokerEpoch, int moved, int followed, int remaining, int controllerEpoch, String why)
            implements Event {}

    /**
     * A broker got a block of producer ids.
     *
     * @param first the first id
     * @param last the last id
     */
    public record ProducerIdsAllocated(int broker, long first, long last, String why) implements Event {}
}
