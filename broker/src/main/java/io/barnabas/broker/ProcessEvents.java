// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.coordination.event.Event;

/** What the process tells of its own life. */
final class ProcessEvents {
    private ProcessEvents() {}

    /**
     * The broker takes requests.
     *
     * @param ms how long the start took
     */
    record BrokerReady(int broker, String cluster, long ms, String why) implements Event {}

    /** The broker's leaders were moved to others before it stops. */
    record LeadersHandedOver(int broker, String why) implements Event {}

    /** The broker stopped in good order. */
    record BrokerStopped(int broker, String why) implements Event {}
}
