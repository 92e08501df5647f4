// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.LeadershipListener;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/** Tells a runtime which partitions of its topic this broker leads. */
public final class CoordinatorLeadership implements LeadershipListener {
    private final CoordinatorRuntime<?, ?> runtime;

    /** @param runtime hears of the partitions of its own topic only */
    public CoordinatorLeadership(CoordinatorRuntime<?, ?> runtime) {
        this.runtime = runtime;
    }

    @Override
    public void onLeader(TopicPartition partition, int leaderEpoch) {
        if (partition.topic().equals(runtime.topic())) {
            runtime.onElection(partition.partition(), leaderEpoch);
        }
    }

    @Override
    public void onFollower(TopicPartition partition, int leaderEpoch) {
        if (partition.topic().equals(runtime.topic())) {
            runtime.onResignation(partition.partition(), OptionalInt.of(leaderEpoch));
        }
    }

    @Override
    public void onStopped(TopicPartition partition, OptionalInt leaderEpoch) {
        if (partition.topic().equals(runtime.topic())) {
            runtime.onResignation(partition.partition(), leaderEpoch);
        }
    }
}
