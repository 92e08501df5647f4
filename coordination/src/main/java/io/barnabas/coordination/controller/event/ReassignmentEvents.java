// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** What is told of reassignments. */
public final class ReassignmentEvents {
    private ReassignmentEvents() {}

    /**
     * The replicas of a partition are to change.
     *
     * @param from all its replicas before
     * @param to the replicas it ends with
     * @param adding replicas it adds
     * @param removing replicas it removes
     */
    public record ReassignmentStarted(
            TopicPartition partition,
            List<Integer> from,
            List<Integer> to,
            List<Integer> adding,
            List<Integer> removing,
            int controllerEpoch,
            String why)
            implements Event {}

    /** A partition has the replicas wanted. */
    public record ReassignmentCompleted(
            TopicPartition partition, List<Integer> replicas, int leader, int controllerEpoch, String why)
            implements Event {}

    /** A reassignment ends before it is complete. */
    public record ReassignmentEnded(
            TopicPartition partition, List<Integer> adding, List<Integer> removing, int controllerEpoch, String why)
            implements Event {}

    /**
     * What {@code /admin/reassign_partitions} asks for is not done.
     *
     * @param partition for which partition, empty if for all
     */
    public record ReassignmentRefused(Optional<TopicPartition> partition, String why) implements Event {}
}
