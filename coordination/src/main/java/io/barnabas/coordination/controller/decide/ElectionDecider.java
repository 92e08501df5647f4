// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Who leads. One method per occasion, each with Kafka's own rule; all read the picture and change nothing. A leader
 * comes from the ISR in the order of the assignment; only where unclean election is allowed, and nobody of the ISR is
 * left, from the other replicas.
 */
public final class ElectionDecider {
    private final ClusterPicture picture;
    private final boolean usesLeaderRecovery;

    /**
     * @param picture what is known of the cluster
     * @param usesLeaderRecovery whether states tell of unclean elections (KIP-704)
     */
    public ElectionDecider(ClusterPicture picture, boolean usesLeaderRecovery) {
        this.picture = picture;
        this.usesLeaderRecovery = usesLeaderRecovery;
    }

    /** The first leader of a new partition: the first online replica, all online ones in sync. */
    public Verdict initial(PartitionEntry partition) {
        List<Integer> eligible = picture.eligibleReplicas(partition);
        if (eligible.isEmpty()) {
            return Verdict.refuse("none of the replicas " + partition.replicas() + " is alive");
        }
        LeaderAndIsr first = LeaderAndIsr.initial(eligible.get(0), eligible);
        return new Verdict(first, picture.stayingReplicas(partition), true, false, null);
    }

    /** A leader for a partition that has none that lives; a new partition gets its first. */
    public Verdict offline(PartitionEntry partition, boolean uncleanAllowed) {
        if (partition.leaderAndIsr() == null) {
            return initial(partition);
        }
        LeaderAndIsr current = partition.leaderAndIsr();
        List<Integer> eligible = picture.eligibleReplicas(partition);
        List<Integer> told = picture.stayingReplicas(partition);
        OptionalInt clean = first(eligible, current.isr()::contains);
        if (clean.isPresent()) {
            List<Integer> isr = filter(current.isr(), eligible::contains);
            return Verdict.change(next(current, clean.getAsInt(), isr, current.recoveryState()), told);
        }
        if (isInSyncButSuspected(partition)) {
            return Verdict.refuse("no replica of the ISR " + current.isr() + " answers, but one is registered");
        }
        if (!uncleanAllowed || eligible.isEmpty()) {
            return Verdict.refuse("no replica of the ISR " + current.isr() + " is alive, alive are " + eligible
                    + (uncleanAllowed ? "" : "; unclean election is not allowed"));
        }
        int leader = eligible.get(0);
        LeaderRecoveryState recovery = usesLeaderRecovery ? LeaderRecoveryState.RECOVERING : current.recoveryState();
        return new Verdict(next(current, leader, List.of(leader), recovery), told, false, true, null);
    }

    /**
     * Whether an in-sync replica is only suspected: it may come back, so that nobody out of sync may lead meanwhile.
     */
    private boolean isInSyncButSuspected(PartitionEntry partition) {
        return partition.leaderAndIsr().isr().stream()
                .anyMatch(r -> partition.replicas().contains(r)
                        && picture.isSuspected(r)
                        && picture.takesOrders(r, partition));
    }

    /** Whether only an unclean election could give this partition a leader. */
    public boolean needsUnclean(PartitionEntry partition) {
        return partition.leaderAndIsr() != null
                && partition.leaderAndIsr().isr().stream()
                        .noneMatch(r -> partition.replicas().contains(r) && picture.stays(r, partition));
    }

    /** The first of the assignment, if it is alive and in sync; the ISR stays. */
    public Verdict preferred(PartitionEntry partition) {
        int preferred = partition.replicas().get(0);
        if (partition.leaderAndIsr() == null
                || !picture.mayLead(preferred, partition)
                || !partition.leaderAndIsr().isr().contains(preferred)) {
            return Verdict.refuse("the preferred replica " + preferred + " is not alive or not in sync");
        }
        LeaderAndIsr current = partition.leaderAndIsr();
        return Verdict.change(
                next(current, preferred, current.isr(), current.recoveryState()), picture.stayingReplicas(partition));
    }

    /** Another leader for a partition led by a broker that wants to stop; brokers that are stopping leave the ISR. */
    public Verdict controlledShutdown(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr();
        OptionalInt leader = first(picture.eligibleReplicas(partition), current.isr()::contains);
        if (leader.isEmpty()) {
            return Verdict.refuse("no other replica of the ISR " + current.isr() + " can lead");
        }
        List<Integer> isr = filter(current.isr(), r -> !picture.isShuttingDown(r));
        List<Integer> told = filter(partition.replicas(), r -> picture.takesOrders(r, partition));
        return Verdict.change(next(current, leader.getAsInt(), isr, current.recoveryState()), told);
    }

    /** A leader among the replicas a reassignment ends with; the ISR stays. */
    public Verdict reassigned(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr();
        List<Integer> told = filter(partition.assignment().targetReplicas(), r -> picture.stays(r, partition));
        OptionalInt leader =
                first(told, r -> picture.mayLead(r, partition) && current.isr().contains(r));
        if (leader.isEmpty()) {
            return Verdict.refuse("none of the reassigned replicas "
                    + partition.assignment().targetReplicas() + " is alive and in the ISR " + current.isr());
        }
        return Verdict.change(next(current, leader.getAsInt(), current.isr(), current.recoveryState()), told);
    }

    /**
     * What becomes of a partition when replicas go offline or are suspected: a new leader if it lost its own, else a
     * smaller ISR. With nobody to lead, it stays leaderless with the ISR it had, never empty; but a leader that is only
     * suspected stays named, for it may still be alive.
     */
    public Verdict replicasGone(PartitionEntry partition, Collection<Integer> gone, boolean uncleanAllowed) {
        if (partition.leaderAndIsr() == null) {
            return initial(partition);
        }
        if (!picture.isReachable(partition.leader(), partition)) {
            Verdict election = offline(partition, uncleanAllowed);
            if (election.isChange()) {
                return election;
            }
            if (picture.isSuspected(partition.leader()) && picture.takesOrders(partition.leader(), partition)) {
                return suspectedLeaderStays(partition, gone);
            }
        }
        return withoutReplicas(partition, gone);
    }

    /** The leader itself is not told what it knows: metadata would wait for its answer. */
    private Verdict suspectedLeaderStays(PartitionEntry partition, Collection<Integer> gone) {
        Verdict shrunk = withoutReplicas(partition, filter(gone, r -> !partition.isLedBy(r)));
        return shrunk.isChange() ? shrunk : Verdict.tell(filter(partition.replicas(), r -> !partition.isLedBy(r)));
    }

    /** The ISR without the given replicas, and no leader if that is one of them; everyone else hears of it. */
    public Verdict withoutReplicas(PartitionEntry partition, Collection<Integer> gone) {
        LeaderAndIsr current = partition.leaderAndIsr();
        List<Integer> others = filter(
                partition.replicas(), r -> !gone.contains(r) || (picture.isSuspected(r) && !picture.isShuttingDown(r)));
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
    public Verdict raiseEpoch(PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr();
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

    private static List<Integer> filter(Collection<Integer> replicas, IntPredicate fits) {
        return replicas.stream().filter(fits::test).toList();
    }
}
