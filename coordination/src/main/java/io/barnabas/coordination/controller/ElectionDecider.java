// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Who leads. One method per occasion, each with Kafka's own rule; all read the state and change nothing. A leader comes
 * from the ISR in the order of the assignment; only where unclean election is allowed, and nobody of the ISR is left, from
 * the other replicas.
 */
final class ElectionDecider {
    private final ControllerState state;
    private final boolean usesLeaderRecovery;

    ElectionDecider(ControllerState state, boolean usesLeaderRecovery) {
        this.state = state;
        this.usesLeaderRecovery = usesLeaderRecovery;
    }

    /** The first leader of a new partition: the first online replica, all online ones in sync. */
    Verdict initial(PartitionEntry partition) {
        List<Integer> online = state.onlineReplicas(partition);
        if (online.isEmpty()) {
            return Verdict.refuse("none of the replicas " + partition.replicas() + " is alive");
        }
        return new Verdict(LeaderAndIsr.initial(online.get(0), online), online, true, false, null);
    }

    /** A leader for a partition that has none that lives; a new partition gets its first. */
    Verdict offline(PartitionEntry partition, boolean uncleanAllowed) {
        if (partition.leaderAndIsr == null) {
            return initial(partition);
        }
        LeaderAndIsr current = partition.leaderAndIsr;
        List<Integer> online = state.onlineReplicas(partition);
        OptionalInt clean = first(
                partition.replicas(), r -> online.contains(r) && current.isr().contains(r));
        if (clean.isPresent()) {
            List<Integer> isr = filter(current.isr(), online::contains);
            return Verdict.change(next(current, clean.getAsInt(), isr, current.recoveryState()), online);
        }
        if (!uncleanAllowed || online.isEmpty()) {
            return Verdict.refuse("no replica of the ISR " + current.isr() + " is alive, alive are " + online
                    + (uncleanAllowed ? "" : "; unclean election is not allowed"));
        }
        int leader = online.get(0);
        LeaderRecoveryState recovery = usesLeaderRecovery ? LeaderRecoveryState.RECOVERING : current.recoveryState();
        return new Verdict(next(current, leader, List.of(leader), recovery), online, false, true, null);
    }

    /** Whether only an unclean election could give this partition a leader. */
    boolean needsUnclean(PartitionEntry partition) {
        return partition.leaderAndIsr != null
                && partition.leaderAndIsr.isr().stream()
                        .noneMatch(r -> partition.replicas().contains(r) && state.isOnline(r, partition));
    }

    /** The first of the assignment, if it is alive and in sync; the ISR stays. */
    Verdict preferred(PartitionEntry partition) {
        List<Integer> online = state.onlineReplicas(partition);
        int preferred = partition.replicas().get(0);
        if (partition.leaderAndIsr == null
                || !online.contains(preferred)
                || !partition.leaderAndIsr.isr().contains(preferred)) {
            return Verdict.refuse("the preferred replica " + preferred + " is not alive or not in sync");
        }
        LeaderAndIsr current = partition.leaderAndIsr;
        return Verdict.change(next(current, preferred, current.isr(), current.recoveryState()), online);
    }

    /** Another leader for a partition led by a broker that wants to stop; brokers that are stopping leave the ISR. */
    Verdict controlledShutdown(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr;
        List<Integer> reachable = filter(partition.replicas(), r -> state.isOnlineOrShuttingDown(r, partition));
        OptionalInt leader = first(
                partition.replicas(),
                r -> reachable.contains(r) && current.isr().contains(r) && !state.isShuttingDown(r));
        if (leader.isEmpty()) {
            return Verdict.refuse("no other replica of the ISR " + current.isr() + " can lead");
        }
        List<Integer> isr = filter(current.isr(), r -> !state.isShuttingDown(r));
        return Verdict.change(next(current, leader.getAsInt(), isr, current.recoveryState()), reachable);
    }

    /** A leader among the replicas a reassignment ends with; the ISR stays. */
    Verdict reassigned(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr;
        List<Integer> online = filter(partition.assignment.targetReplicas(), r -> state.isOnline(r, partition));
        OptionalInt leader = first(online, current.isr()::contains);
        if (leader.isEmpty()) {
            return Verdict.refuse("none of the reassigned replicas " + partition.assignment.targetReplicas()
                    + " is alive and in the ISR " + current.isr());
        }
        return Verdict.change(next(current, leader.getAsInt(), current.isr(), current.recoveryState()), online);
    }

    /**
     * What becomes of a partition when replicas go offline: a new leader if it lost its own, else a smaller ISR. With
     * nobody to lead, it stays leaderless with the ISR it had, never empty.
     */
    Verdict replicasGone(PartitionEntry partition, Collection<Integer> gone, boolean uncleanAllowed) {
        if (partition.leaderAndIsr == null) {
            return initial(partition);
        }
        if (!state.isOnlineOrShuttingDown(partition.leader(), partition)) {
            Verdict election = offline(partition, uncleanAllowed);
            if (election.isChange()) {
                return election;
            }
        }
        return withoutReplicas(partition, gone);
    }

    /** The ISR without the given replicas, and no leader if that is one of them; everyone else hears of it. */
    Verdict withoutReplicas(PartitionEntry partition, Collection<Integer> gone) {
        LeaderAndIsr current = partition.leaderAndIsr;
        List<Integer> others = filter(partition.replicas(), r -> !gone.contains(r));
        if (current.isr().stream().noneMatch(gone::contains)) {
            return Verdict.tell(others);
        }
        List<Integer> isr = new ArrayList<>(current.isr());
        for (int replica : gone) {
            if (isr.size() > 1) {
                isr.remove((Integer) replica);
            }
        }
        int leader = gone.contains(current.leader()) ? LeaderAndIsr.NO_LEADER : current.leader();
        if (leader == current.leader() && isr.equals(current.isr())) {
            return Verdict.tell(others);
        }
        return Verdict.change(next(current, leader, isr, current.recoveryState()), others);
    }

    /** The same leader and ISR under a new leader epoch, told to all replicas (a reassignment begins or changes). */
    Verdict raiseEpoch(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr;
        if (current == null) {
            return Verdict.refuse("it has no leader yet");
        }
        return Verdict.change(
                next(current, current.leader(), current.isr(), current.recoveryState()), partition.replicas());
    }

    private static LeaderAndIsr next(
            LeaderAndIsr current, int leader, List<Integer> isr, LeaderRecoveryState recovery) {
        return new LeaderAndIsr(leader, current.leaderEpoch() + 1, isr, recovery, current.partitionEpoch());
    }

    private static OptionalInt first(List<Integer> replicas, IntPredicate fits) {
        return replicas.stream().mapToInt(Integer::intValue).filter(fits).findFirst();
    }

    private static List<Integer> filter(List<Integer> replicas, IntPredicate fits) {
        return replicas.stream().filter(fits::test).toList();
    }
}
