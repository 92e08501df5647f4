// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Writes the markers that end a transaction, wherever its partitions are led. Thread-safe, does not block. */
@FunctionalInterface
public interface TransactionMarkers {
    /** Stands for a partition the cluster knows no more; no log answers with it. */
    Errors UNKNOWN_IN_CLUSTER = Errors.UNKNOWN_TOPIC_ID;

    /**
     * Tries once to write the marker to each partition.
     *
     * @param answer hears, on any thread and possibly in several parts, what became of each partition: as its leader
     *     says, {@link #UNKNOWN_IN_CLUSTER}, LEADER_NOT_AVAILABLE while nobody leads, NETWORK_EXCEPTION if the leader
     *     did not answer. Never fails to come
     */
    void write(Marker marker, Consumer<Map<TopicPartition, Errors>> answer);

    /**
     * The end of a transaction.
     *
     * @param transactionalId for the record
     * @param coordinatorEpoch the leader epoch of the coordinator, which fences its predecessors
     * @param commit or abort
     * @param partitions where to write it
     */
    record Marker(
            String transactionalId,
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            boolean commit,
            Set<TopicPartition> partitions) {}
}
