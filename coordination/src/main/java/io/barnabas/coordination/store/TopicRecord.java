// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic as stored in {@code /brokers/topics/T}: its id and who is to hold its partitions.
 *
 * @param name the topic
 * @param id its topic id (KIP-516), empty if none was given yet
 * @param partitions the assignment by partition, with reassignments under way
 * @param version the node's version; names the condition of an update
 */
public record TopicRecord(
        String name, Optional<Uuid> id, SortedMap<Integer, ReplicaAssignment> partitions, int version) {
    public TopicRecord {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }

    /** Another assignment of the same topic, not yet written. */
    public TopicRecord withPartitions(Map<Integer, ReplicaAssignment> newPartitions) {
        return new TopicRecord(name, id, new TreeMap<>(newPartitions), version);
    }

    /** The same topic with an id, not yet written. */
    public TopicRecord withId(Uuid newId) {
        return new TopicRecord(name, Optional.of(newId), partitions, version);
    }

    /** The same content as written at the given version. */
    public TopicRecord withVersion(int newVersion) {
        return new TopicRecord(name, id, partitions, newVersion);
    }
}
