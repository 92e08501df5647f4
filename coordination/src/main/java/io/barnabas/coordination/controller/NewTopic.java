// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.List;
import java.util.Map;

/**
 * A topic to create.
 *
 * @param name its name
 * @param numPartitions how many partitions, -1 for the broker's default or when {@code assignments} says
 * @param replicationFactor how many replicas, -1 for the broker's default or when {@code assignments} says
 * @param assignments the replicas per partition, if the asker chose them; else empty
 * @param configs its overrides of topic configs
 */
public record NewTopic(
        String name,
        int numPartitions,
        short replicationFactor,
        Map<Integer, List<Integer>> assignments,
        Map<String, String> configs) {
    /** Stands for the broker's {@code num.partitions}. */
    public static final int DEFAULT_PARTITIONS = -1;
    /** Stands for the broker's {@code default.replication.factor}. */
    public static final short DEFAULT_REPLICATION_FACTOR = -1;

    public NewTopic {
        assignments = Map.copyOf(assignments);
        configs = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(configs));
    }
}
