// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.NewPartitions;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicCreation;
import io.barnabas.coordination.controller.TopicRules;
import io.barnabas.coordination.controller.decide.DeletionProgress.Deletion;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.picture.TopicEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Whether topics and partitions may be created, and who holds them; Kafka's checks in Kafka's order. */
public final class TopicCreationDecider {
    private final ClusterPicture picture;
    private final DeletionProgress progress;
    private final TopicRules rules;
    private final ReplicaAssigner assigner;

    /**
     * @param picture what is known of the cluster
     * @param progress what deletions wait for
     * @param rules what topics may be like
     * @param assigner chooses replicas
     */
    public TopicCreationDecider(
            ClusterPicture picture, DeletionProgress progress, TopicRules rules, ReplicaAssigner assigner) {
        this.picture = picture;
        this.progress = progress;
        this.rules = rules;
        this.assigner = assigner;
    }

    /** The assignment a new topic gets, or why it is refused; the id comes later. */
    public TopicCreation newTopic(NewTopic topic) {
        try {
            return decide(topic);
        } catch (ApiException e) {
            return refuse(Errors.forException(e), e.getMessage());
        }
    }

    private TopicCreation decide(NewTopic topic) {
        if (picture.topic(topic.name()).isPresent() && !picture.isBeingDeleted(topic.name())) {
            return refuse(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name() + "' already exists.");
        }
        List<String> nulls = topic.configs().entrySet().stream()
                .filter(config -> config.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
        if (!nulls.isEmpty()) {
            return refuse(
                    Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + String.join(",", nulls));
        }
        boolean chosen = !topic.assignments().isEmpty();
        if (chosen
                && (topic.numPartitions() != NewTopic.DEFAULT_PARTITIONS
                        || topic.replicationFactor() != NewTopic.DEFAULT_REPLICATION_FACTOR)) {
            return refuse(
                    Errors.INVALID_REQUEST,
                    "Both numPartitions or replicationFactor and replicasAssignments were set. "
                            + "Both cannot be used at the same time.");
        }
        NewTopic resolved = resolve(topic);
        SortedMap<Integer, List<Integer>> assignment = chosen
                ? new TreeMap<>(topic.assignments())
                : assigner.assign(registeredBrokers(), resolved.numPartitions(), resolved.replicationFactor());
        Refusal refusal = validate(topic, assignment);
        if (refusal.isNone()) {
            refusal = rules.validate(topic.configs());
        }
        if (refusal.isNone()) {
            refusal = rules.askCreatePolicy(resolved, chosen ? Optional.of(topic.assignments()) : Optional.empty());
        }
        return refusal.isNone()
                ? new TopicCreation(Refusal.NONE, Uuid.ZERO_UUID, assignment)
                : TopicCreation.refused(refusal);
    }

    private NewTopic resolve(NewTopic topic) {
        return new NewTopic(
                topic.name(),
                topic.numPartitions() == NewTopic.DEFAULT_PARTITIONS
                        ? rules.defaultPartitions()
                        : topic.numPartitions(),
                topic.replicationFactor() == NewTopic.DEFAULT_REPLICATION_FACTOR
                        ? rules.defaultReplicationFactor()
                        : topic.replicationFactor(),
                topic.assignments(),
                topic.configs());
    }

    private List<BrokerInfo> registeredBrokers() {
        return List.copyOf(picture.brokers().values());
    }

    private Refusal validate(NewTopic topic, SortedMap<Integer, List<Integer>> assignment) {
        try {
            Topic.validate(topic.name());
        } catch (InvalidTopicException e) {
            return new Refusal(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
        Deletion deletion = progress.get(topic.name());
        if (deletion != null) {
            return new Refusal(
                    Errors.TOPIC_ALREADY_EXISTS,
                    "Topic '" + topic.name() + "' is marked for deletion. " + DeletionWait.shown(picture, deletion));
        }
        if (Topic.hasCollisionChars(topic.name())) {
            List<String> colliding = picture.topicNames().stream()
                    .filter(other -> Topic.hasCollision(topic.name(), other))
                    .toList();
            if (!colliding.isEmpty()) {
                return new Refusal(
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "Topic '" + topic.name() + "' collides with existing topics: " + String.join(", ", colliding));
            }
        }
        return validate(assignment);
    }

    private static Refusal validate(SortedMap<Integer, List<Integer>> assignment) {
        Set<Integer> sizes = new TreeSet<>();
        assignment.values().forEach(replicas -> sizes.add(replicas.size()));
        if (sizes.size() != 1) {
            return invalidAssignment("All partitions should have the same number of replicas");
        }
        for (List<Integer> replicas : assignment.values()) {
            if (new HashSet<>(replicas).size() != replicas.size()) {
                return invalidAssignment("Duplicate replica assignment found: " + assignment);
            }
        }
        if (assignment.firstKey() != 0 || assignment.lastKey() != assignment.size() - 1) {
            return invalidAssignment("partitions should be a consecutive 0-based integer sequence");
        }
        return Refusal.NONE;
    }

    /** The assignment of partitions added to a topic, or why they are refused. */
    public TopicCreation newPartitions(NewPartitions wanted) {
        Optional<TopicEntry> topic = picture.topic(wanted.topic());
        if (topic.isEmpty()) {
            return refuse(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + wanted.topic() + "' does not exist.");
        }
        if (picture.isBeingDeleted(wanted.topic())) {
            return refuse(Errors.INVALID_TOPIC_EXCEPTION, "The topic is queued for deletion.");
        }
        Map<Integer, PartitionEntry> existing = topic.get().partitions();
        if (existing.values().stream().anyMatch(p -> p.assignment().isBeingReassigned())) {
            return refuse(
                    Errors.REASSIGNMENT_IN_PROGRESS,
                    "A partition reassignment is in progress for the topic '" + wanted.topic() + "'.");
        }
        int count = existing.size();
        if (wanted.totalCount() < count) {
            return refuse(
                    Errors.INVALID_PARTITIONS,
                    "Topic currently has " + count + " partitions, which is higher than the requested "
                            + wanted.totalCount() + ".");
        }
        if (wanted.totalCount() == count) {
            return refuse(Errors.INVALID_PARTITIONS, "Topic already has " + count + " partitions.");
        }
        try {
            return extend(wanted, count, existing.get(0).replicas());
        } catch (ApiException e) {
            return refuse(Errors.forException(e), e.getMessage());
        }
    }

    private TopicCreation extend(NewPartitions wanted, int count, List<Integer> firstReplicas) {
        int added = wanted.totalCount() - count;
        if (wanted.assignments().isEmpty()) {
            List<Integer> ids = List.copyOf(picture.brokers().keySet());
            int start = 0;
            while (start < ids.size() && ids.get(start) < firstReplicas.get(0)) {
                start++;
            }
            start = start == ids.size() ? 0 : start;
            return new TopicCreation(
                    Refusal.NONE,
                    Uuid.ZERO_UUID,
                    assigner.extend(registeredBrokers(), added, firstReplicas.size(), start, count));
        }
        List<List<Integer>> chosen = wanted.assignments().get();
        Refusal refusal = validateAdded(chosen, added, count, firstReplicas.size());
        if (!refusal.isNone()) {
            return TopicCreation.refused(refusal);
        }
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        for (int i = 0; i < chosen.size(); i++) {
            assignment.put(count + i, List.copyOf(chosen.get(i)));
        }
        return new TopicCreation(Refusal.NONE, Uuid.ZERO_UUID, assignment);
    }

    private Refusal validateAdded(List<List<Integer>> chosen, int added, int count, int replicationFactor) {
        Set<Integer> unknown = new TreeSet<>();
        chosen.forEach(unknown::addAll);
        unknown.removeAll(picture.brokers().keySet());
        if (!unknown.isEmpty()) {
            return invalidAssignment("Unknown broker(s) in replica assignment: " + joined(unknown) + ".");
        }
        if (chosen.size() != added) {
            return invalidAssignment("Increasing the number of partitions by " + added + " but " + chosen.size()
                    + " assignments provided.");
        }
        List<Integer> badPartitions = new ArrayList<>();
        List<Integer> badFactors = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            List<Integer> replicas = chosen.get(i);
            int partition = count + i;
            if (replicas.isEmpty()) {
                return invalidAssignment("Cannot have replication factor of 0 for partition id " + partition + ".");
            }
            if (new HashSet<>(replicas).size() != replicas.size()) {
                return invalidAssignment("Duplicate brokers not allowed in replica assignment: " + joined(replicas)
                        + " for partition id " + partition + ".");
            }
            if (replicas.size() != replicationFactor) {
                badPartitions.add(partition);
                badFactors.add(replicas.size());
            }
        }
        return badPartitions.isEmpty()
                ? Refusal.NONE
                : invalidAssignment("Inconsistent replication factor between partitions, partition 0 has "
                        + replicationFactor + " while partitions [" + joined(badPartitions)
                        + "] have replication factors [" + joined(badFactors) + "], respectively.");
    }

    /** The assignments of a topic record, from plain replica lists. */
    public static SortedMap<Integer, ReplicaAssignment> asAssignments(Map<Integer, List<Integer>> replicas) {
        SortedMap<Integer, ReplicaAssignment> assignments = new TreeMap<>();
        replicas.forEach((partition, list) -> assignments.put(partition, ReplicaAssignment.of(list)));
        return assignments;
    }

    private static String joined(Collection<Integer> ids) {
        return String.join(", ", ids.stream().map(String::valueOf).toList());
    }

    private static Refusal invalidAssignment(String message) {
        return new Refusal(Errors.INVALID_REPLICA_ASSIGNMENT, message);
    }

    private static TopicCreation refuse(Errors error, String message) {
        return TopicCreation.refused(new Refusal(error, message));
    }
}
