// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordination.event.Event;
import org.apache.kafka.common.TopicPartition;

/** What is told of the shards of coordinators. */
final class ShardEvents {
    private ShardEvents() {}

    /**
     * This broker coordinates what is kept in the partition.
     *
     * @param records how many were read
     * @param tookMs how long reading took
     */
    record CoordinatorLoaded(TopicPartition partition, int leaderEpoch, long records, long tookMs, String why)
            implements Event {}

    /** This broker no longer coordinates what is kept in the partition. */
    record CoordinatorUnloaded(TopicPartition partition, int leaderEpoch, String why) implements Event {}

    /**
     * The partition is read once more.
     *
     * @param cause what came of an append, as shown
     */
    record CoordinatorReloads(TopicPartition partition, int leaderEpoch, String cause, String why) implements Event {}
}
