// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.picture;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.TopicRecord;
import java.util.ArrayList;
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
import java.util.function.IntPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What is known of the cluster, as needed to decide about it. Any broker can keep one; it belongs to whoever made it,
 * who alone touches it, from one thread. Indexes by broker and by leader are kept, so that no event costs more than the
 * partitions it touches.
 *
 * <p>Three things are told apart of a broker's incarnation. It is <b>registered</b> while its znode exists. It is
 * <b>suspected</b> from the time observers say that it does not answer until they say that it does, or until it is
 * registered as another incarnation. It is <b>reachable</b> while it is registered and not suspected. It <b>may
 * lead</b> while it is reachable and does not shut down. Suspicion moves leaders only: the broker stays registered, its
 * replicas stay assigned, and it is told everything.
 */
public final class ClusterPicture {
    private final BrokerStandings brokers = new BrokerStandings();
    private final Map<String, TopicEntry> topics = new TreeMap<>();
    private final Map<Uuid, TopicEntry> topicsById = new HashMap<>();
    private final Map<Integer, Set<PartitionEntry>> byBroker = new HashMap<>();
    private final Map<Integer, Set<PartitionEntry>> byLeader = new HashMap<>();
    private final Set<PartitionEntry> withoutState = new LinkedHashSet<>();
    private final Set<PartitionEntry> reassigning = new LinkedHashSet<>();
    private final Set<String> deleting = new LinkedHashSet<>();

    // ---- brokers

    /** All registered brokers, those shutting down and those suspected included; a view. */
    public SortedMap<Integer, BrokerInfo> brokers() {
        return brokers.registered();
    }

    /** A registered broker. */
    public Optional<BrokerInfo> broker(int id) {
        return Optional.ofNullable(brokers.registered().get(id));
    }

    /** The registered brokers that are not suspected: who is called alive to others. */
    public List<BrokerInfo> reachableBrokers() {
        return brokers().values().stream().filter(b -> isReachable(b.id())).toList();
    }

    /** The registered brokers that are not shutting down, suspected ones included. */
    public SortedSet<Integer> stayingBrokerIds() {
        return brokers.staying();
    }

    /** The registered brokers that are suspected; a view. */
    public SortedSet<Integer> suspectedBrokerIds() {
        return brokers.suspected();
    }

    /** Whether the broker's znode exists. */
    public boolean isRegistered(int id) {
        return brokers.isRegistered(id);
    }

    /** Whether this run of the broker is the one that is registered. */
    public boolean isRegistered(BrokerIncarnation incarnation) {
        return brokers.isRegistered(incarnation);
    }

    /** Whether the broker asked to stop. */
    public boolean isShuttingDown(int id) {
        return brokers.isShuttingDown(id);
    }

    /** Whether observers say that the registered broker does not answer. */
    public boolean isSuspected(int id) {
        return brokers.isSuspected(id);
    }

    /** Whether the broker is registered and not suspected. */
    public boolean isReachable(int id) {
        return brokers.isReachable(id);
    }

    /** Whether the broker may lead and be in sync: it is reachable and does not shut down. */
    public boolean mayLead(int id) {
        return brokers.mayLead(id);
    }

    /** Takes note of a registration. Another incarnation than before is not suspected. */
    public void register(BrokerInfo broker) {
        brokers.register(broker);
    }

    /** Forgets a broker that is gone, with what was known of its directories and its wish to stop. */
    public void deregister(int id) {
        brokers.deregister(id);
    }

    /** The broker asked to stop. */
    public void shutsDown(int id) {
        brokers.shutsDown(id);
    }

    /** Observers say that this run of a broker does not answer. Returns whether that is new and it is registered. */
    public boolean suspect(BrokerIncarnation incarnation) {
        return brokers.suspect(incarnation);
    }

    /** This run of a broker answered. Returns whether it was suspected. */
    public boolean answered(BrokerIncarnation incarnation) {
        return brokers.answered(incarnation);
    }

    /** The broker's replicas on failed directories. */
    public Set<TopicPartition> offlineDirs(int broker) {
        return brokers.offlineDirs(broker);
    }

    /** Takes note of all replicas on the broker's failed directories. */
    public void setOfflineDirs(int broker, Set<TopicPartition> partitions) {
        brokers.setOfflineDirs(broker, partitions);
    }

    // ---- replicas

    /** Whether this replica may lead and be in sync: its broker may lead and its directory works. */
    public boolean mayLead(int broker, PartitionEntry partition) {
        return mayLead(broker) && brokers.hasDirectory(broker, partition.id());
    }

    /** Whether this replica can be reached: its broker is reachable, shutting down or not, and its directory works. */
    public boolean isReachable(int broker, PartitionEntry partition) {
        return isReachable(broker) && brokers.hasDirectory(broker, partition.id());
    }

    /** Whether this replica takes orders sooner or later: its broker is registered and its directory works. */
    public boolean takesOrders(int broker, PartitionEntry partition) {
        return isRegistered(broker) && brokers.hasDirectory(broker, partition.id());
    }

    /** Whether this replica takes orders and its broker does not shut down. */
    public boolean stays(int broker, PartitionEntry partition) {
        return takesOrders(broker, partition) && !isShuttingDown(broker);
    }

    /** The replicas that may lead, in order of preference. */
    public List<Integer> eligibleReplicas(PartitionEntry partition) {
        return filter(partition.replicas(), replica -> mayLead(replica, partition));
    }

    /** The replicas that take orders and stay, suspected ones included, in order of preference. */
    public List<Integer> stayingReplicas(PartitionEntry partition) {
        return filter(partition.replicas(), replica -> stays(replica, partition));
    }

    private static List<Integer> filter(List<Integer> replicas, IntPredicate fits) {
        List<Integer> found = new ArrayList<>(replicas.size());
        for (int replica : replicas) {
            if (fits.test(replica)) {
                found.add(replica);
            }
        }
        return found;
    }

    // ---- topics and partitions

    /** The names of all topics; a view. */
    public Set<String> topicNames() {
        return Collections.unmodifiableSet(topics.keySet());
    }

    /** The topic of this name. */
    public Optional<TopicEntry> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The topic of this id. */
    public Optional<TopicEntry> topic(Uuid id) {
        return Optional.ofNullable(topicsById.get(id));
    }

    /** The partition of this topic and index. */
    public Optional<PartitionEntry> partition(TopicPartition id) {
        return topic(id.topic()).map(topic -> topic.partitions().get(id.partition()));
    }

    /** Every partition there is. */
    public List<PartitionEntry> partitions() {
        List<PartitionEntry> all = new ArrayList<>();
        topics.values().forEach(topic -> all.addAll(topic.partitions().values()));
        return all;
    }

    /** Adds a topic as stored; its partitions have no state yet. */
    public TopicEntry addTopic(TopicRecord record) {
        TopicEntry topic = new TopicEntry(record);
        topics.put(topic.name(), topic);
        if (!topic.id().equals(Uuid.ZERO_UUID)) {
            topicsById.put(topic.id(), topic);
        }
        record.partitions().forEach((index, assignment) -> addPartition(topic, index, assignment));
        return topic;
    }

    /** Adds a partition to a topic; it has no state yet. */
    public PartitionEntry addPartition(TopicEntry topic, int index, ReplicaAssignment assignment) {
        PartitionEntry partition = new PartitionEntry(topic, new TopicPartition(topic.name(), index), assignment);
        topic.add(partition);
        assignment.replicas().forEach(broker -> index(byBroker, broker).add(partition));
        withoutState.add(partition);
        if (assignment.isBeingReassigned()) {
            reassigning.add(partition);
        }
        return partition;
    }

    /** Takes over a topic's record as read or written. Partitions it adds are added by themselves. */
    public void record(TopicEntry topic, TopicRecord record) {
        topic.record(record);
    }

    /** Takes over a topic's own configs as read. */
    public void configs(TopicEntry topic, Map<String, String> configs) {
        topic.configs(configs);
    }

    /** Forgets a topic, with its partitions and its deletion. */
    public void removeTopic(String name) {
        TopicEntry topic = topics.remove(name);
        if (topic == null) {
            return;
        }
        topicsById.remove(topic.id());
        for (PartitionEntry partition : topic.partitions().values()) {
            partition.replicas().forEach(broker -> index(byBroker, broker).remove(partition));
            index(byLeader, partition.leader()).remove(partition);
            withoutState.remove(partition);
            reassigning.remove(partition);
        }
        deleting.remove(name);
    }

    /** Takes over an assignment that is written. */
    public void assign(PartitionEntry partition, ReplicaAssignment assignment) {
        partition.replicas().forEach(broker -> index(byBroker, broker).remove(partition));
        partition.assign(assignment);
        assignment.replicas().forEach(broker -> index(byBroker, broker).add(partition));
    }

    /** Takes over a state that is written, with its zkVersion. */
    public void lead(PartitionEntry partition, LeaderAndIsr leaderAndIsr, int controllerEpoch) {
        if (partition.leaderAndIsr() == null) {
            withoutState.remove(partition);
        } else if (partition.leader() != leaderAndIsr.leader()) {
            index(byLeader, partition.leader()).remove(partition);
        }
        partition.lead(leaderAndIsr, controllerEpoch);
        index(byLeader, leaderAndIsr.leader()).add(partition);
    }

    /** The partitions with a replica on this broker. */
    public List<PartitionEntry> partitionsOn(int broker) {
        return List.copyOf(byBroker.getOrDefault(broker, Set.of()));
    }

    /** The partitions whose state names this broker as leader. */
    public List<PartitionEntry> ledBy(int broker) {
        return List.copyOf(byLeader.getOrDefault(broker, Set.of()));
    }

    /** The partitions that have a state. */
    public List<PartitionEntry> withState() {
        List<PartitionEntry> led = new ArrayList<>();
        byLeader.values().forEach(led::addAll);
        return led;
    }

    /**
     * Partitions that wait for a leader: new ones, and those whose leader cannot be reached or has lost its directory.
     * What is being deleted waits for nothing.
     */
    public List<PartitionEntry> leaderless() {
        List<PartitionEntry> waiting = new ArrayList<>(withoutState);
        byLeader.forEach((leader, partitions) -> {
            if (!isReachable(leader)) {
                waiting.addAll(partitions);
            } else if (brokers.hasOfflineDirs(leader)) {
                partitions.stream()
                        .filter(p -> !brokers.hasDirectory(leader, p.id()))
                        .forEach(waiting::add);
            }
        });
        waiting.removeIf(p -> isBeingDeleted(p.topic().name()));
        return waiting;
    }

    // ---- reassignments and deletions

    /** The partitions whose reassignment is under way; a view. */
    public Set<PartitionEntry> reassigning() {
        return Collections.unmodifiableSet(reassigning);
    }

    /** A reassignment of this partition is under way. */
    public void startReassignment(PartitionEntry partition) {
        reassigning.add(partition);
    }

    /** No reassignment of this partition is under way any longer, although its assignment may still say so. */
    public void endReassignment(PartitionEntry partition) {
        reassigning.remove(partition);
    }

    /** The topics queued for deletion, first come first; a copy. */
    public List<String> deleting() {
        return List.copyOf(deleting);
    }

    /** Whether the topic is queued for deletion. */
    public boolean isBeingDeleted(String topic) {
        return deleting.contains(topic);
    }

    /** Queues a topic that exists for deletion; {@link #removeTopic} ends it. */
    public void startDeletion(String topic) {
        deleting.add(topic);
    }

    private static Set<PartitionEntry> index(Map<Integer, Set<PartitionEntry>> map, int broker) {
        return map.computeIfAbsent(broker, key -> new LinkedHashSet<>());
    }
}
