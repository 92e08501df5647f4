// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.List;

/**
 * Who leads a partition and who is in sync: the content of {@code /brokers/topics/T/partitions/P/state}.
 *
 * @param leader broker id of the leader, {@link #NO_LEADER} when there is none, {@link #LEADER_DURING_DELETE} while
 *     the topic is being deleted
 * @param leaderEpoch raised with every change of leadership
 * @param isr the in-sync replicas, leader first by habit only
 * @param recoveryState the leader's recovery state (KIP-704); always recovered in ZooKeeper mode below IBP 3.2
 * @param partitionEpoch the zkVersion of the state node: every conditional write names it
 */
public record LeaderAndIsr(
        int leader, int leaderEpoch, List<Integer> isr, LeaderRecoveryState recoveryState, int partitionEpoch) {
    public static final int NO_LEADER = -1;
    public static final int LEADER_DURING_DELETE = -2;
    /** The epoch a topic's deletion is announced with in StopReplica. */
    public static final int EPOCH_DURING_DELETE = -2;

    public static final int INITIAL_LEADER_EPOCH = 0;
    public static final int INITIAL_PARTITION_EPOCH = 0;

    public LeaderAndIsr {
        isr = List.copyOf(isr);
    }

    /** The first state of a new partition. */
    public static LeaderAndIsr initial(int leader, List<Integer> isr) {
        return new LeaderAndIsr(
                leader, INITIAL_LEADER_EPOCH, isr, LeaderRecoveryState.RECOVERED, INITIAL_PARTITION_EPOCH);
    }

    /** A new leadership: the next leader epoch, same partition epoch until it is written. */
    public LeaderAndIsr newLeaderAndIsr(int newLeader, List<Integer> newIsr) {
        return new LeaderAndIsr(newLeader, leaderEpoch + 1, newIsr, LeaderRecoveryState.RECOVERED, partitionEpoch);
    }

    /** The same content as written at the given zkVersion. */
    public LeaderAndIsr withPartitionEpoch(int newPartitionEpoch) {
        return new LeaderAndIsr(leader, leaderEpoch, isr, recoveryState, newPartitionEpoch);
    }

    /** Another ISR under the same leader and epoch. */
    public LeaderAndIsr withIsr(List<Integer> newIsr) {
        return new LeaderAndIsr(leader, leaderEpoch, newIsr, recoveryState, partitionEpoch);
    }

    /** Whether there is a leader. */
    public boolean hasLeader() {
        return leader >= 0;
    }
}
