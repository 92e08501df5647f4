// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * The replicas of a partition, and the reassignment under way if any (KIP-455).
 *
 * @param replicas all replicas in order of preference; during a reassignment those being added and removed as well
 * @param adding replicas a reassignment adds
 * @param removing replicas a reassignment removes
 */
public record ReplicaAssignment(List<Integer> replicas, List<Integer> adding, List<Integer> removing) {
    public static final ReplicaAssignment NONE = new ReplicaAssignment(List.of(), List.of(), List.of());

    public ReplicaAssignment {
        replicas = List.copyOf(replicas);
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
    }

    /** An assignment that is not being changed. */
    public static ReplicaAssignment of(List<Integer> replicas) {
        return new ReplicaAssignment(replicas, List.of(), List.of());
    }

    /** Whether replicas are being added or removed. */
    public boolean isBeingReassigned() {
        return !adding.isEmpty() || !removing.isEmpty();
    }

    /** The replicas a reassignment ends with; without one, all. */
    public List<Integer> targetReplicas() {
        return without(removing);
    }

    /** The replicas a reassignment started from; without one, all. */
    public List<Integer> originReplicas() {
        return without(adding);
    }

    private List<Integer> without(List<Integer> excluded) {
        List<Integer> rest = new ArrayList<>(replicas);
        rest.removeAll(excluded);
        return List.copyOf(rest);
    }
}
