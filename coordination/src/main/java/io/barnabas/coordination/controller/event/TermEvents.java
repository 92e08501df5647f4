// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;
import java.util.List;

/** What is told of who is the controller. */
public final class TermEvents {
    private TermEvents() {}

    /** This broker won {@code /controller}. */
    public record ControllerElected(int broker, int controllerEpoch, String why) implements Event {}

    /** The term of this broker is over. */
    public record ControllerResigned(int broker, int controllerEpoch, String why) implements Event {}

    /** The state of {@code /controller} could not be read or written; it is tried again. */
    public record ControllerElectionRepeated(int broker, String why) implements Event {}

    /**
     * A new controller read all, and corrected what was wrong.
     *
     * @param brokers the registered brokers
     * @param topics how many topics there are
     * @param partitions how many partitions there are
     * @param corrected how many of them got another state
     * @param leaderless how many of them wait for a leader
     */
    public record ControllerTookOver(
            List<Integer> brokers,
            int topics,
            int partitions,
            int corrected,
            int leaderless,
            int controllerEpoch,
            String why)
            implements Event {}
}
