// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/**
 * Hears which partitions this broker leads and follows: the coordinators of internal topics, which load and unload.
 *
 * <p>Called in the order the controller's orders took effect, on the thread that brought the order, under no lock; must
 * return at once.
 */
public interface LeadershipListener {
    /** This broker leads the partition from this epoch on, also when only the epoch was raised. */
    void onLeader(TopicPartition partition, int leaderEpoch);

    /** This broker follows the partition. */
    void onFollower(TopicPartition partition, int leaderEpoch);

    /**
     * The replica is stopped here.
     *
     * @param leaderEpoch the epoch it was stopped with; empty if its topic is deleted or its log directory failed
     */
    void onStopped(TopicPartition partition, OptionalInt leaderEpoch);
}
