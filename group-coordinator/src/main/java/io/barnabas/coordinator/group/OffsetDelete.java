// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Deleting committed offsets of single partitions (KIP-496). */
public final class OffsetDelete {
    private OffsetDelete() {}

    /** Which offsets of which group. */
    public record Request(String groupId, List<TopicPartition> partitions) {
        /** Copies the partitions. */
        public Request {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * The answer.
     *
     * @param error of the group; the partitions are empty if it is not NONE
     * @param partitions GROUP_SUBSCRIBED_TO_TOPIC for those in use
     */
    public record Result(Errors error, Map<TopicPartition, Errors> partitions) {
        /** Copies the results. */
        public Result {
            partitions = Map.copyOf(partitions);
        }
    }
}
