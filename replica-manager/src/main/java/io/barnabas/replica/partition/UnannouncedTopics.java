// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.LeadershipListener;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What this broker has orders for, and of which the metadata does not tell yet: partitions, and the names of topics. A
 * controller sends LeaderAndIsr before UpdateMetadata; a follower that asks for a new partition by its topic's id in
 * between is to be understood, and so is a client whose metadata comes from a broker that heard earlier. Written in the order of the controller's orders, and where a log directory fails; thread-safe.
 */
final class UnannouncedTopics implements LeadershipListener {
    private final Supplier<ClusterImage> clusterImage;
    private final Map<Uuid, String> names = new ConcurrentHashMap<>();
    private final Set<TopicPartition> partitions = ConcurrentHashMap.newKeySet();

    UnannouncedTopics(Supplier<ClusterImage> clusterImage) {
        this.clusterImage = clusterImage;
    }

    Optional<String> name(Uuid topicId) {
        return Optional.ofNullable(names.get(topicId));
    }

    /** Whether a replica is here of which the metadata does not tell yet. */
    boolean isOrdered(TopicPartition partition) {
        return partitions.contains(partition);
    }

    /** Whether clients are served it: not once its topic is being deleted. */
    boolean isServed(TopicPartition partition) {
        return clusterImage.get().contains(partition) || isOrdered(partition);
    }

    /** A replica of the topic is here as of now. */
    void ordered(TopicPartition partition, Uuid topicId) {
        if (!clusterImage.get().contains(partition)) {
            partitions.add(partition);
        }
        if (!topicId.equals(Uuid.ZERO_UUID)
                && clusterImage.get().topicName(topicId).isEmpty()) {
            names.put(topicId, partition.topic());
        }
    }

    @Override
    public void onLeader(TopicPartition partition, int leaderEpoch) {}

    @Override
    public void onFollower(TopicPartition partition, int leaderEpoch) {}

    /** The replica is gone, perhaps before anyone was told of its topic. */
    @Override
    public void onStopped(TopicPartition partition, OptionalInt leaderEpoch) {
        partitions.remove(partition);
        names.values().remove(partition.topic());
    }

    /** Forgets those the metadata tells of by now. */
    void forgetAnnounced() {
        ClusterImage image = clusterImage.get();
        names.keySet().removeIf(topicId -> image.topicName(topicId).isPresent());
        partitions.removeIf(image::contains);
    }

    /** The metadata tells that these partitions are being deleted, of which it may never have told before. */
    void forget(Set<TopicPartition> deleted) {
        deleted.forEach(partition -> {
            partitions.remove(partition);
            names.values().remove(partition.topic());
        });
    }
}
