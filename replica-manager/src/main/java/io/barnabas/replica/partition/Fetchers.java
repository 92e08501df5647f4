// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.BrokerInfo;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Who follows leaders for us. Calls come one at a time, from the thread that handles the controller's orders, under no
 * lock, and must not wait for the network.
 *
 * <p>A fetch under way for an older assignment may still answer after {@link #unfollow} or a newer {@link #follow}:
 * {@link FollowerPartitions} refuses it by its leader epoch, so nothing need wait for it.
 */
public interface Fetchers {
    /** Follows these, replacing what was followed of them before. */
    void follow(Map<TopicPartition, Assignment> assignments);

    /** Stops following these. */
    void unfollow(Set<TopicPartition> partitions);

    /** Stops everything. */
    void shutdown();

    /**
     * What to follow and from where.
     *
     * @param topicId the topic's id, zero if none
     * @param leader the leader with its endpoints
     * @param leaderEpoch the leader epoch to fetch with
     * @param initialOffset our log end offset: the first offset to fetch
     * @param lastFetchedEpoch the epoch of our last record, -1 for none
     */
    record Assignment(Uuid topicId, BrokerInfo leader, int leaderEpoch, long initialOffset, int lastFetchedEpoch) {}
}
