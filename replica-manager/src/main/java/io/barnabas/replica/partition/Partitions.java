// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.ClusterImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** The partitions this broker has, online and offline. Read by any thread; changed by {@link RoleChanges} alone. */
final class Partitions {
    private final ConcurrentHashMap<TopicPartition, Partition> online = new ConcurrentHashMap<>();
    private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();
    private final Supplier<ClusterImage> clusterImage;

    Partitions(Supplier<ClusterImage> clusterImage) {
        this.clusterImage = clusterImage;
    }

    /** The partition if it is online here, else null. */
    Partition get(TopicPartition partition) {
        return online.get(partition);
    }

    Optional<Partition> find(TopicPartition partition) {
        return Optional.ofNullable(online.get(partition));
    }

    Collection<Partition> online() {
        return online.values();
    }

    List<TopicPartition> names() {
        return List.copyOf(online.keySet());
    }

    boolean isOffline(TopicPartition partition) {
        return offline.contains(partition);
    }

    /** Why {@link #get} has nothing. */
    Errors absence(TopicPartition partition) {
        if (offline.contains(partition)) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        return clusterImage.get().contains(partition)
                ? Errors.NOT_LEADER_OR_FOLLOWER
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** @throws org.apache.kafka.common.errors.ApiException the error of {@link #absence} */
    Partition require(TopicPartition partition) {
        Partition found = online.get(partition);
        if (found == null) {
            throw absence(partition).exception("Partition " + partition + " is not online on this broker");
        }
        return found;
    }

    Partition getOrCreate(TopicPartition partition, Function<TopicPartition, Partition> create) {
        return online.computeIfAbsent(partition, create);
    }

    void remove(TopicPartition partition) {
        online.remove(partition);
        offline.remove(partition);
    }

    void markOffline(TopicPartition partition) {
        offline.add(partition);
        online.remove(partition);
    }
}
