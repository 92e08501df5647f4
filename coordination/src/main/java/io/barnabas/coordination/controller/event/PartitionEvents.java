// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.event.Event;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** What is told of leaders and ISRs: a record for each partition of a few, one for all of many. */
public final class PartitionEvents {
    private PartitionEvents() {}

    /**
     * Another replica leads, or the first one does.
     *
     * @param leader the leader now, -1 for none
     * @param formerLeader the leader before, empty for a new partition
     * @param formerIsr the ISR before, empty for a new partition
     * @param partitionEpoch the zkVersion of the state now
     */
    public record LeaderElected(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            Optional<Integer> formerLeader,
            Optional<List<Integer>> formerIsr,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}

    /**
     * A replica leads that was not in sync: records may be lost.
     *
     * @param leader the leader now, -1 for none
     * @param formerLeader the leader before, empty for a new partition
     * @param formerIsr the ISR before, empty for a new partition
     * @param partitionEpoch the zkVersion of the state now
     */
    public record UncleanLeaderElected(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            Optional<Integer> formerLeader,
            Optional<List<Integer>> formerIsr,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}

    /**
     * Nobody leads.
     *
     * @param leader the leader now, -1 for none
     * @param formerLeader the leader before, empty for a new partition
     * @param formerIsr the ISR before, empty for a new partition
     * @param partitionEpoch the zkVersion of the state now
     */
    public record LeaderLost(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            Optional<Integer> formerLeader,
            Optional<List<Integer>> formerIsr,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}

    /**
     * The same replica leads, under another epoch.
     *
     * @param leader the leader now, -1 for none
     * @param formerLeader the leader before, empty for a new partition
     * @param formerIsr the ISR before, empty for a new partition
     * @param partitionEpoch the zkVersion of the state now
     */
    public record LeaderEpochRaised(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            Optional<Integer> formerLeader,
            Optional<List<Integer>> formerIsr,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}

    /**
     * The same replica leads, with another ISR.
     *
     * @param leader the leader now, -1 for none
     * @param formerLeader the leader before, empty for a new partition
     * @param formerIsr the ISR before, empty for a new partition
     * @param partitionEpoch the zkVersion of the state now
     */
    public record IsrChanged(
            TopicPartition partition,
            int leader,
            int leaderEpoch,
            List<Integer> isr,
            Optional<Integer> formerLeader,
            Optional<List<Integer>> formerIsr,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}

    /**
     * A partition could not be given a leader.
     *
     * @param leader the leader that its state names
     * @param trigger what made the controller look
     */
    public record NoLeaderElected(TopicPartition partition, int leader, int controllerEpoch, String trigger, String why)
            implements Event {}

    /**
     * Many partitions could not be given a leader.
     *
     * @param partitions how many
     */
    public record NoLeadersElected(int partitions, int controllerEpoch, String why) implements Event {}

    /**
     * Many partitions have another state.
     *
     * @param partitions how many
     * @param leadersElected how many of them have another leader
     * @param unclean how many of those were not in sync
     * @param leaderless how many have no leader
     */
    public record PartitionsChanged(
            int partitions, long leadersElected, long unclean, long leaderless, int controllerEpoch, String why)
            implements Event {}

    /**
     * Leadership goes back to preferred replicas.
     *
     * @param partitions of how many partitions
     */
    public record LeadersRebalanced(int partitions, int controllerEpoch, String why) implements Event {}

    /**
     * A leader proposed an ISR in vain.
     *
     * @param partition as the leader named it: by its topic's name or id
     * @param isr the ISR proposed
     */
    public record IsrChangeRefused(
            String partition,
            List<IsrProposal.Member> isr,
            int leaderEpoch,
            int partitionEpoch,
            int controllerEpoch,
            String why)
            implements Event {}
}
