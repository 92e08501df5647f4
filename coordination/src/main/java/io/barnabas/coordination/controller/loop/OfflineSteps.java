// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.controller.decide.DeletionProgress.Replica;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The one pass after replicas ceased to serve, for whatever reason: new leaders, smaller ISRs, commands to all. Owned
 * by the loop.
 */
final class OfflineSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final ElectionSteps elections;
    private final ReassignmentSteps reassignments;
    private final DeletionSteps deletions;

    OfflineSteps(Term term, ElectionSteps elections, ReassignmentSteps reassignments, DeletionSteps deletions) {
        this.term = term;
        this.picture = term.picture;
        this.elections = elections;
        this.reassignments = reassignments;
        this.deletions = deletions;
    }

    /**
     * Brokers or directories are gone. Where their broker is registered, the replicas are stopped; deletions that wait
     * for them are blocked.
     *
     * @param gone the brokers whose replicas went offline, by partition
     */
    CompletableFuture<Void> gone(Map<PartitionEntry, Set<Integer>> gone, String why) {
        List<Replica> deleting = new ArrayList<>();
        gone.forEach((partition, brokers) -> {
            if (picture.isBeingDeleted(partition.topic().name())) {
                brokers.forEach(broker -> deleting.add(new Replica(partition.id(), broker)));
            } else {
                brokers.forEach(broker -> term.batch.stopReplica(broker, partition, false));
            }
        });
        return pass(gone, why)
                .thenCompose(result -> {
                    deletions.fail(deleting, "replicas went offline");
                    return reassignments.completeWherePossible(result.changed());
                })
                .thenCompose(done -> deleting.isEmpty() ? Term.done() : deletions.resume());
    }

    /**
     * Brokers do not answer, but may: their replicas are not stopped, and deletions go on waiting for their answers.
     *
     * @param suspected the suspected brokers by partition
     */
    CompletableFuture<Void> suspected(Map<PartitionEntry, Set<Integer>> suspected, String why) {
        return pass(suspected, why).thenCompose(result -> reassignments.completeWherePossible(result.changed()));
    }

    private CompletableFuture<PartitionWriter.Result> pass(Map<PartitionEntry, Set<Integer>> gone, String why) {
        Map<PartitionEntry, Set<Integer>> lost = new LinkedHashMap<>(gone);
        lost.keySet()
                .removeIf(partition -> picture.isBeingDeleted(partition.topic().name()));
        Set<PartitionEntry> affected = new LinkedHashSet<>(picture.leaderless());
        affected.addAll(lost.keySet());
        return elections
                .uncleanAllowed(affected)
                .thenCompose(allowed -> term.writer.apply(
                        affected,
                        p -> lost.containsKey(p)
                                ? term.elections.replicasGone(
                                        p,
                                        lost.get(p),
                                        allowed.contains(p.topic().name()))
                                : term.elections.offline(
                                        p, allowed.contains(p.topic().name())),
                        why))
                .thenApply(result -> {
                    term.batch.metadataToAll();
                    term.batch.send();
                    return result;
                });
    }
}
