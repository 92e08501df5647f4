// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;

/** What is told of suspicion. */
public final class SuspicionEvents {
    private SuspicionEvents() {}

    /**
     * A registered broker leads nothing from now on.
     *
     * @param led how many partitions it led
     * @param why the evidence
     */
    public record BrokerSuspected(int broker, long brokerEpoch, int led, int controllerEpoch, String why)
            implements Event {}

    /**
     * A suspicion the controller does not act on.
     *
     * @param evidence what was observed
     * @param why the reason for not acting
     */
    public record BrokerNotSuspected(int broker, long brokerEpoch, String evidence, int controllerEpoch, String why)
            implements Event {}

    /**
     * A broker is suspected no longer.
     *
     * @param leads how many partitions it still leads, since nobody else could
     */
    public record BrokerTrusted(int broker, long brokerEpoch, int leads, int controllerEpoch, String why)
            implements Event {}
}
