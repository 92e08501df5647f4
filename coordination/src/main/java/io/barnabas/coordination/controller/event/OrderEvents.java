// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;

/** What is told of commands to brokers. */
public final class OrderEvents {
    private OrderEvents() {}

    /** A broker did not answer a command; it is sent until it does. Told once until it answers. */
    public record CommandRepeated(int broker, long brokerEpoch, String why) implements Event {}

    /**
     * A broker refused a whole command.
     *
     * @param command which kind
     */
    public record CommandRefused(String command, int broker, long brokerEpoch, int controllerEpoch, String why)
            implements Event {}

    /** Metadata does not wait for this leader until it answers something. */
    public record LeaderNotAwaited(int broker, long brokerEpoch, String why) implements Event {}
}
