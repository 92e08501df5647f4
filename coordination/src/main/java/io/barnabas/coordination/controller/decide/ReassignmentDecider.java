// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whether and how a partition's replicas may change (KIP-455). During a reassignment the assignment names the replicas
 * wanted and those it started from; it is complete when all wanted ones are in sync.
 */
public final class ReassignmentDecider {
    private final ClusterPicture picture;

    /** @param picture what is known of the cluster */
    public ReassignmentDecider(ClusterPicture picture) {
        this.picture = picture;
    }

    /** Why replicas asked for by request cannot be had. */
    public Refusal validate(PartitionEntry partition, List<Integer> target) {
        if (target.isEmpty()) {
            return invalid("Empty replica list specified in partition reassignment.");
        }
        if (new HashSet<>(target).size() != target.size()) {
            return invalid("Duplicate replica ids in partition reassignment replica list: " + target);
        }
        if (target.stream().anyMatch(id -> id < 0)) {
            return invalid("Invalid broker id in replica list: " + target);
        }
        ReplicaAssignment current = partition == null ? ReplicaAssignment.NONE : partition.assignment();
        List<Integer> adding = reassign(current, target).adding();
        Set<Integer> live = picture.stayingBrokerIds();
        return live.containsAll(adding)
                ? Refusal.NONE
                : invalid("Replica assignment has brokers that are not alive. Replica list: " + adding
                        + ", live broker list: " + live);
    }

    /**
     * Why replicas asked for at {@code /admin/reassign_partitions} cannot be had. As in Kafka, brokers need neither
     * live nor be known: the reassignment waits for them. An empty list is refused, which leaves a broken assignment in
     * Kafka.
     */
    public static Refusal validateNodeTarget(List<Integer> target) {
        return target.isEmpty() ? invalid("Empty replica list specified in partition reassignment.") : Refusal.NONE;
    }

    /** The assignment that leads to the target; without a target, back to where a reassignment under way began. */
    public Optional<ReplicaAssignment> build(PartitionEntry partition, Optional<List<Integer>> target) {
        ReplicaAssignment current = partition.assignment();
        if (target.isPresent()) {
            return Optional.of(reassign(current, target.get()));
        }
        return current.isBeingReassigned()
                ? Optional.of(reassign(current, current.originReplicas()))
                : Optional.empty();
    }

    /** Whether all wanted replicas are in sync. */
    public static boolean isComplete(PartitionEntry partition, ReplicaAssignment reassignment) {
        return !reassignment.isBeingReassigned()
                || (partition.leaderAndIsr() != null
                        && partition.leaderAndIsr().isr().containsAll(reassignment.targetReplicas()));
    }

    /** From an assignment, possibly itself under way, to a target: target first, then what there was at the start. */
    public static ReplicaAssignment reassign(ReplicaAssignment current, List<Integer> target) {
        List<Integer> origin = current.originReplicas();
        Set<Integer> all = new LinkedHashSet<>(target);
        all.addAll(origin);
        List<Integer> adding = new ArrayList<>(all);
        adding.removeAll(origin);
        List<Integer> removing = new ArrayList<>(all);
        removing.removeAll(target);
        return new ReplicaAssignment(List.copyOf(all), adding, removing);
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
