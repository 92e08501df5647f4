// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.LeadershipListener;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;

/** Tells the listeners who leads what. Called in the order of the controller's orders. */
final class LeadershipNews {
    private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();

    void add(LeadershipListener listener) {
        listeners.add(listener);
    }

    void led(TopicPartition partition, int leaderEpoch) {
        listeners.forEach(listener -> listener.onLeader(partition, leaderEpoch));
    }

    void followed(TopicPartition partition, int leaderEpoch) {
        listeners.forEach(listener -> listener.onFollower(partition, leaderEpoch));
    }

    void stopped(TopicPartition partition, OptionalInt leaderEpoch) {
        listeners.forEach(listener -> listener.onStopped(partition, leaderEpoch));
    }
}
