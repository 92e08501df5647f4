// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.replica.log.LogOffsetMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The world a {@link PartitionState} lives in, for tests: everybody is alive, lag may be 30 s. */
final class PartitionStateFixture {
    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    static final long MAX_LAG_MS = 30_000;

    private PartitionStateFixture() {}

    static final class Rules implements IsrRules {
        final Set<Integer> dead = new HashSet<>();
        boolean strict = true;

        @Override
        public long maxLagMs() {
            return MAX_LAG_MS;
        }

        @Override
        public boolean strictUnderMinIsr() {
            return strict;
        }

        @Override
        public boolean isEligible(int brokerId) {
            return !dead.contains(brokerId);
        }

        @Override
        public long localBrokerEpoch() {
            return 1_000L;
        }
    }

    static LeaderAndIsrCommand.Partition order(
            int leader, int leaderEpoch, int partitionEpoch, List<Integer> isr, List<Integer> replicas) {
        return new LeaderAndIsrCommand.Partition(
                PARTITION,
                Uuid.ZERO_UUID,
                7,
                new LeaderAndIsr(leader, leaderEpoch, isr, LeaderRecoveryState.RECOVERED, partitionEpoch),
                ReplicaAssignment.of(replicas),
                false);
    }

    static LogOffsetMetadata at(long offset) {
        return LogOffsetMetadata.offsetOnly(offset);
    }
}
