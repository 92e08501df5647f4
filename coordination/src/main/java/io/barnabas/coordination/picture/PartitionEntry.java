// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.picture;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** One partition in a {@link ClusterPicture}, which alone changes it and keeps indexes. Not thread-safe. */
public final class PartitionEntry {
    private final TopicEntry topic;
    private final TopicPartition id;
    private ReplicaAssignment assignment;
    private LeaderAndIsr leaderAndIsr;
    private int controllerEpoch;

    PartitionEntry(TopicEntry topic, TopicPartition id, ReplicaAssignment assignment) {
        this.topic = topic;
        this.id = id;
        this.assignment = assignment;
    }

    /** The topic it belongs to. */
    public TopicEntry topic() {
        return topic;
    }

    /** Its topic's name and its index. */
    public TopicPartition id() {
        return id;
    }

    /** All its replicas, and those that a reassignment adds and removes. */
    public ReplicaAssignment assignment() {
        return assignment;
    }

    /** All its replicas in order of preference. */
    public List<Integer> replicas() {
        return assignment.replicas();
    }

    /** The state as last read or written, with its zkVersion; null until a first leader was elected and written. */
    public LeaderAndIsr leaderAndIsr() {
        return leaderAndIsr;
    }

    /** The epoch of the controller that wrote the state. */
    public int controllerEpoch() {
        return controllerEpoch;
    }

    /** The leader, {@link LeaderAndIsr#NO_LEADER} also when there never was one. */
    public int leader() {
        return leaderAndIsr == null ? LeaderAndIsr.NO_LEADER : leaderAndIsr.leader();
    }

    /** Whether the state names this broker as leader. */
    public boolean isLedBy(int broker) {
        return leaderAndIsr != null && leaderAndIsr.leader() == broker;
    }

    void assign(ReplicaAssignment newAssignment) {
        assignment = newAssignment;
    }

    void lead(LeaderAndIsr newLeaderAndIsr, int newControllerEpoch) {
        leaderAndIsr = newLeaderAndIsr;
        controllerEpoch = newControllerEpoch;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
