// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** One partition in the controller's state. Owned by the loop; changed only by {@link ControllerState}, which keeps indexes. */
final class PartitionEntry {
    final TopicEntry topic;
    final TopicPartition id;
    ReplicaAssignment assignment;
    /** Null until a first leader was elected and written. */
    LeaderAndIsr leaderAndIsr;

    int controllerEpoch;
    /** The last order to lead it in this term, null if there was none; set by {@link CommandBatch}. */
    LeaderOrder leaderOrder;

    PartitionEntry(TopicEntry topic, TopicPartition id, ReplicaAssignment assignment) {
        this.topic = topic;
        this.id = id;
        this.assignment = assignment;
    }

    List<Integer> replicas() {
        return assignment.replicas();
    }

    Optional<LeaderAndIsr> state() {
        return Optional.ofNullable(leaderAndIsr);
    }

    /** The leader, {@link LeaderAndIsr#NO_LEADER} also when there never was one. */
    int leader() {
        return leaderAndIsr == null ? LeaderAndIsr.NO_LEADER : leaderAndIsr.leader();
    }

    boolean isLedBy(int broker) {
        return leaderAndIsr != null && leaderAndIsr.leader() == broker;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
