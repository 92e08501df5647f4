// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.TopicRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the active controller knows in one term. Owned by the loop and dropped when the term ends. Indexes by broker and
 * by leader are kept here, so that no event costs more than the partitions it touches.
 */
final class ControllerState {
    private final ControllerEpoch term;
    private final SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
    private final Set<Integer> shuttingDown = new TreeSet<>();
    private final Map<Integer, Set<TopicPartition>> offlineDirs = new HashMap<>();
    private final Map<String, TopicEntry> topics = new TreeMap<>();
    private final Map<Uuid, TopicEntry> topicsById = new HashMap<>();
    private final Map<Integer, Set<PartitionEntry>> byBroker = new HashMap<>();
    private final Map<Integer, Set<PartitionEntry>> byLeader = new HashMap<>();
    private final Set<PartitionEntry> withoutState = new LinkedHashSet<>();
    private final Set<PartitionEntry> reassigning = new LinkedHashSet<>();
    private final TopicDeletions deletions = new TopicDeletions();

    ControllerState(ControllerEpoch term) {
        this.term = term;
    }

    ControllerEpoch term() {
        return term;
    }

    int epoch() {
        return term.epoch();
    }

    TopicDeletions deletions() {
        return deletions;
    }

    // ---- brokers

    /** All registered brokers, those shutting down included. */
    SortedMap<Integer, BrokerInfo> brokers() {
        return Collections.unmodifiableSortedMap(brokers);
    }

    Optional<BrokerInfo> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    /** The registered brokers that are not shutting down. */
    SortedSet<Integer> liveBrokerIds() {
        SortedSet<Integer> live = new TreeSet<>(brokers.keySet());
        live.removeAll(shuttingDown);
        return live;
    }

    boolean isRegistered(int id) {
        return brokers.containsKey(id);
    }

    boolean isLive(int id) {
        return brokers.containsKey(id) && !shuttingDown.contains(id);
    }

    boolean isShuttingDown(int id) {
        return shuttingDown.contains(id);
    }

    void putBroker(BrokerInfo broker) {
        brokers.put(broker.id(), broker);
    }

    /** Forgets a broker that is gone, with what was known of its directories and its wish to stop. */
    void removeBroker(int id) {
        brokers.remove(id);
        shuttingDown.remove(id);
        offlineDirs.remove(id);
    }

    void markShuttingDown(int id) {
        shuttingDown.add(id);
    }

    /** The broker's replicas on failed directories. */
    Set<TopicPartition> offlineDirs(int broker) {
        return offlineDirs.getOrDefault(broker, Set.of());
    }

    void setOfflineDirs(int broker, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            offlineDirs.remove(broker);
        } else {
            offlineDirs.put(broker, Set.copyOf(partitions));
        }
    }

    /** Whether a replica can lead or follow: its broker is live, not shutting down, and its directory works. */
    boolean isOnline(int broker, PartitionEntry partition) {
        return isLive(broker) && hasDirectory(broker, partition);
    }

    /** The same, counting brokers that are shutting down. */
    boolean isOnlineOrShuttingDown(int broker, PartitionEntry partition) {
        return isRegistered(broker) && hasDirectory(broker, partition);
    }

    private boolean hasDirectory(int broker, PartitionEntry partition) {
        return offlineDirs.isEmpty() || !offlineDirs(broker).contains(partition.id);
    }

    List<Integer> onlineReplicas(PartitionEntry partition) {
        List<Integer> online = new ArrayList<>(partition.replicas().size());
        for (int replica : partition.replicas()) {
            if (isOnline(replica, partition)) {
                online.add(replica);
            }
        }
        return online;
    }

    // ---- topics and partitions

    Collection<TopicEntry> topics() {
        return Collections.unmodifiableCollection(topics.values());
    }

    Set<String> topicNames() {
        return Collections.unmodifiableSet(topics.keySet());
    }

    Optional<TopicEntry> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    Optional<TopicEntry> topic(Uuid id) {
        return Optional.ofNullable(topicsById.get(id));
    }

    Optional<PartitionEntry> partition(TopicPartition id) {
        TopicEntry topic = topics.get(id.topic());
        return topic == null ? Optional.empty() : Optional.ofNullable(topic.partitions.get(id.partition()));
    }

    /** Every partition there is. */
    List<PartitionEntry> partitions() {
        List<PartitionEntry> all = new ArrayList<>();
        topics.values().forEach(topic -> all.addAll(topic.partitions.values()));
        return all;
    }

    /** Adds a topic as stored; its partitions have no state yet. */
    TopicEntry addTopic(TopicRecord record) {
        TopicEntry topic = new TopicEntry(record);
        topics.put(topic.name, topic);
        if (!topic.id.equals(Uuid.ZERO_UUID)) {
            topicsById.put(topic.id, topic);
        }
        record.partitions().forEach((index, assignment) -> addPartition(topic, index, assignment));
        return topic;
    }

    PartitionEntry addPartition(TopicEntry topic, int index, ReplicaAssignment assignment) {
        PartitionEntry partition = new PartitionEntry(topic, new TopicPartition(topic.name, index), assignment);
        topic.partitions.put(index, partition);
        assignment.replicas().forEach(broker -> index(byBroker, broker).add(partition));
        withoutState.add(partition);
        if (assignment.isBeingReassigned()) {
            reassigning.add(partition);
        }
        return partition;
    }

    void removeTopic(String name) {
        TopicEntry topic = topics.remove(name);
        if (topic == null) {
            return;
        }
        topicsById.remove(topic.id);
        for (PartitionEntry partition : topic.partitions.values()) {
            partition.replicas().forEach(broker -> index(byBroker, broker).remove(partition));
            index(byLeader, partition.leader()).remove(partition);
            withoutState.remove(partition);
            reassigning.remove(partition);
        }
        deletions.remove(name);
    }

    void assign(PartitionEntry partition, ReplicaAssignment assignment) {
        partition.replicas().forEach(broker -> index(byBroker, broker).remove(partition));
        partition.assignment = assignment;
        assignment.replicas().forEach(broker -> index(byBroker, broker).add(partition));
    }

    /** Takes over a state that is written, with its zkVersion. */
    void lead(PartitionEntry partition, LeaderAndIsr leaderAndIsr, int controllerEpoch) {
        if (partition.leaderAndIsr == null) {
            withoutState.remove(partition);
        } else if (partition.leader() != leaderAndIsr.leader()) {
            index(byLeader, partition.leader()).remove(partition);
        }
        partition.leaderAndIsr = leaderAndIsr;
        partition.controllerEpoch = controllerEpoch;
        index(byLeader, leaderAndIsr.leader()).add(partition);
    }

    List<PartitionEntry> partitionsOn(int broker) {
        return List.copyOf(byBroker.getOrDefault(broker, Set.of()));
    }

    List<PartitionEntry> ledBy(int broker) {
        return List.copyOf(byLeader.getOrDefault(broker, Set.of()));
    }

    List<PartitionEntry> withLeader() {
        List<PartitionEntry> led = new ArrayList<>();
        byLeader.values().forEach(led::addAll);
        return led;
    }

    Set<PartitionEntry> reassigning() {
        return reassigning;
    }

    /**
     * Partitions that wait for a leader: new ones, and those whose leader is gone or has lost its directory. What is
     * being deleted waits for nothing.
     */
    List<PartitionEntry> leaderless() {
        List<PartitionEntry> waiting = new ArrayList<>(withoutState);
        byLeader.forEach((leader, partitions) -> {
            if (!isRegistered(leader)) {
                waiting.addAll(partitions);
            } else if (offlineDirs.containsKey(leader)) {
                partitions.stream().filter(p -> !hasDirectory(leader, p)).forEach(waiting::add);
            }
        });
        waiting.removeIf(p -> deletions.isQueued(p.topic.name));
        return waiting;
    }

    private static Set<PartitionEntry> index(Map<Integer, Set<PartitionEntry>> map, int broker) {
        return map.computeIfAbsent(broker, key -> new LinkedHashSet<>());
    }
}
