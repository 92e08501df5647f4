// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.event.Event;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** What is told of this broker's replicas. */
final class ReplicaEvents {
    private ReplicaEvents() {}

    /** This broker leads a partition. */
    record PartitionLed(
            TopicPartition partition,
            int leaderEpoch,
            long startOffset,
            long highWatermark,
            List<Integer> isr,
            int controllerEpoch,
            String why)
            implements Event {}

    /** This broker follows a partition's leader. */
    record PartitionFollowed(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            long logEndOffset,
            long highWatermark,
            int controllerEpoch,
            String why)
            implements Event {}

    /** This broker neither leads nor follows a partition any more. */
    record ReplicaStopped(TopicPartition partition, int leaderEpoch, boolean delete, String why) implements Event {}

    /** What an order about many partitions came to: how many of each {@code change}. */
    record RolesChanged(Map<String, Integer> change, int controllerEpoch, String why) implements Event {}

    /** A log is kept, but not used. */
    record LogSetAside(TopicPartition partition, String why) implements Event {}

    /** A replica is copied to another log directory. */
    record ReplicaMoveStarted(TopicPartition partition, Path from, Path to, String why) implements Event {}

    /** A replica lies in another log directory. */
    record ReplicaMoved(TopicPartition partition, Path to, String why) implements Event {}

    /** A leader asks for another in-sync set. */
    record IsrProposed(
            TopicPartition partition,
            List<Integer> from,
            List<Integer> to,
            int leaderEpoch,
            int partitionEpoch,
            String why)
            implements Event {}

    /** A leader was answered. */
    record IsrAnswered(TopicPartition partition, List<Integer> isr, Errors error, int partitionEpoch, String why)
            implements Event {}

    /** There was no memory for an append. */
    record OutOfMemory(TopicPartition partition, int bytes, String why) implements Event {}
}
