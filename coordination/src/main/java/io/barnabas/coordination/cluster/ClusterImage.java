// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The immutable picture of the cluster that request threads read without a lock. Whoever owns it replaces it whole;
 * a reader takes the reference once and sees one consistent state.
 */
public final class ClusterImage {
    /** What a broker knows before the controller told it anything. */
    public static final ClusterImage EMPTY = new ClusterImage(OptionalInt.empty(), Map.of(), Map.of());

    private final OptionalInt controllerId;
    private final Map<Integer, BrokerInfo> brokers;
    private final Map<String, TopicImage> topics;
    private final Map<Uuid, String> topicNames;

    /**
     * @param controllerId the active controller, if known
     * @param brokers the live brokers by id
     * @param topics all topics by name
     */
    public ClusterImage(OptionalInt controllerId, Map<Integer, BrokerInfo> brokers, Map<String, TopicImage> topics) {
        this.controllerId = controllerId;
        this.brokers = Map.copyOf(brokers);
        this.topics = Collections.unmodifiableMap(new HashMap<>(topics));
        Map<Uuid, String> names = new HashMap<>();
        topics.forEach((name, topic) -> {
            if (!topic.id().equals(Uuid.ZERO_UUID)) {
                names.put(topic.id(), name);
            }
        });
        this.topicNames = Collections.unmodifiableMap(names);
    }

    /** The active controller, as far as it was told. */
    public OptionalInt controllerId() {
        return controllerId;
    }

    /** The live brokers by id. */
    public Map<Integer, BrokerInfo> brokers() {
        return brokers;
    }

    /** A live broker. */
    public Optional<BrokerInfo> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    /** Whether a broker is registered. */
    public boolean isAlive(int brokerId) {
        return brokers.containsKey(brokerId);
    }

    /** All topics by name. */
    public Map<String, TopicImage> topics() {
        return topics;
    }

    /** A topic by its name. */
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The topic's id, {@link Uuid#ZERO_UUID} if it is unknown or has none. */
    public Uuid topicId(String name) {
        TopicImage topic = topics.get(name);
        return topic == null ? Uuid.ZERO_UUID : topic.id();
    }

    /** The name of a topic by its id (KIP-516). */
    public Optional<String> topicName(Uuid id) {
        return Optional.ofNullable(topicNames.get(id));
    }

    /** The state of a partition. */
    public Optional<PartitionImage> partition(TopicPartition partition) {
        TopicImage topic = topics.get(partition.topic());
        return topic == null ? Optional.empty() : topic.partition(partition.partition());
    }

    /** Whether a partition is known. */
    public boolean contains(TopicPartition partition) {
        return partition(partition).isPresent();
    }
}
