// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.liveness;

import io.barnabas.coordination.event.Event;

/** What is told of other brokers' deaths: evidence, verdict, action. */
final class LivenessEvents {
    private LivenessEvents() {}

    /**
     * This observer has proof and tells the others.
     *
     * @param broker the broker id
     * @param epoch the broker epoch
     * @param to how many observers are told
     */
    record BrokerDeathReported(int broker, long epoch, int to, String why) implements Event {}

    /**
     * A broker is called dead.
     *
     * @param ms how long ago its connection ended
     * @param refusals how many connects were refused since
     * @param witnesses the other observers with proof
     */
    record BrokerProvenDead(int broker, long epoch, long ms, int refusals, String witnesses, String why)
            implements Event {}

    /** A dead controller's term was ended. */
    record ControllerTermEnded(int controller, long epoch, String why) implements Event {}

    /** The controller of this broker was told, and elects leaders elsewhere. */
    record DeadBrokerHandedOver(int broker, long epoch, int controllerEpoch, String why) implements Event {}

    /** A broker that was called dead answers. */
    record DeadBrokerAnswered(int broker, long epoch, String why) implements Event {}
}
