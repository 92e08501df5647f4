// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.LeaderRecoveryState;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * ISR changes a leader proposes (AlterPartition).
 *
 * @param brokerId who proposes
 * @param brokerEpoch its epoch
 * @param useTopicIds whether topics are named by id (version 2 and up); decides an error code (KIP-841) too
 * @param partitions the changes
 */
public record IsrProposal(int brokerId, long brokerEpoch, boolean useTopicIds, List<Partition> partitions) {
    public IsrProposal {
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition's proposed state.
     *
     * @param topic its topic's name; empty when named by id
     * @param topicId its topic's id; {@link Uuid#ZERO_UUID} when named by name
     * @param partition its index
     * @param leaderEpoch the epoch the proposer leads with
     * @param isr the ISR proposed
     * @param recoveryState the recovery state proposed
     * @param partitionEpoch the zkVersion it is based on
     */
    public record Partition(
            String topic,
            Uuid topicId,
            int partition,
            int leaderEpoch,
            List<Member> isr,
            LeaderRecoveryState recoveryState,
            int partitionEpoch) {
        public Partition {
            isr = List.copyOf(isr);
        }
    }

    /**
     * A member of a proposed ISR.
     *
     * @param brokerId who
     * @param brokerEpoch the broker epoch its last fetch was made with (KIP-903), -1 where not known
     */
    public record Member(int brokerId, long brokerEpoch) {}
}
