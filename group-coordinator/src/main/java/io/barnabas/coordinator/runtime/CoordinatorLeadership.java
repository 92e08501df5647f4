// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.LeadershipListener;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/** Tells a runtime which partitions of its topic this broker leads. */
public final class CoordinatorLeadership implements LeadershipListener {
    private final String topic;
    private final CoordinatorRuntime<?> runtime;

    public CoordinatorLeadership(String topic, CoordinatorRuntime<?> runtime) {
        this.topic = topic;
        this.runtime = runtime;
    }

    @Override
    public void onLeader(TopicPartition partition, int leaderEpoch) {
        if (partition.topic().equals(topic)) {
            runtime.onElection(partition.partition(), leaderEpoch);
        }
    }

    @Override
    public void onFollower(TopicPartition partition, int leaderEpoch) {
        if (partition.topic().equals(topic)) {
            runtime.onResignation(partition.partition(), OptionalInt.of(leaderEpoch));
        }
    }

    @Override
    public void onStopped(TopicPartition partition, OptionalInt leaderEpoch) {
        if (partition.topic().equals(topic)) {
            runtime.onResignation(partition.partition(), leaderEpoch);
        }
    }
}
