// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.decide.ReassignmentDecider;
import io.barnabas.coordination.controller.decide.Verdict;
import io.barnabas.coordination.controller.event.ReassignmentEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Moves replicas (KIP-455). Phase A: the assignment names old and new replicas, the leader learns of it under a new
 * epoch, the new ones start to follow. Phase B, once all wanted ones are in sync: the leader moves if it must, the
 * others stop, are deleted and leave the assignment. Owned by the loop.
 */
final class ReassignmentPhases {
    private final Term term;
    private final ClusterPicture picture;
    private final TopicSteps topics;
    private final ReassignmentNode node;

    ReassignmentPhases(Term term, TopicSteps topics, ReassignmentNode node) {
        this.term = term;
        this.picture = term.picture;
        this.topics = topics;
        this.node = node;
    }

    /**
     * Takes a reassignment as far as it can go now: to phase A, or to its end where all wanted replicas are in sync.
     *
     * @param wanted the assignment during the reassignment, with what it adds and removes
     * @param why what made it begin or go on, for the event
     */
    CompletableFuture<Void> advance(PartitionEntry partition, ReplicaAssignment wanted, String why) {
        return enter(partition, wanted, why)
                .thenCompose(done -> ReassignmentDecider.isComplete(partition, wanted)
                        ? complete(partition, wanted)
                        : begin(partition, wanted));
    }

    /**
     * Writes the assignment that names what is added and removed; replicas a former attempt added in vain go at once.
     */
    private CompletableFuture<Void> enter(PartitionEntry partition, ReplicaAssignment wanted, String why) {
        ReplicaAssignment current = partition.assignment();
        if (current.equals(wanted)) {
            picture.startReassignment(partition);
            return Term.done();
        }
        return topics.writeAssignment(partition, wanted).thenCompose(done -> {
            picture.assign(partition, wanted);
            picture.startReassignment(partition);
            term.events.record(new ReassignmentEvents.ReassignmentStarted(
                    partition.id(),
                    current.replicas(),
                    wanted.targetReplicas(),
                    wanted.adding(),
                    wanted.removing(),
                    term.epoch(),
                    why));
            List<Integer> unneeded = new ArrayList<>(current.replicas());
            unneeded.removeAll(wanted.replicas());
            return unneeded.isEmpty() ? Term.done() : stop(partition, unneeded);
        });
    }

    /** Phase A: all replicas learn of it under a raised leader epoch, new ones start. */
    private CompletableFuture<Void> begin(PartitionEntry partition, ReplicaAssignment wanted) {
        return term.writer
                .apply(List.of(partition), term.elections::raiseEpoch, "a reassignment began")
                .thenRun(() -> {
                    term.batch.leaderAndIsr(wanted.adding(), partition, true);
                    term.batch.send();
                });
    }

    /** Phase B. */
    private CompletableFuture<Void> complete(PartitionEntry partition, ReplicaAssignment reassignment) {
        ReplicaAssignment completed = ReplicaAssignment.of(reassignment.targetReplicas());
        picture.assign(partition, completed);
        return moveLeader(partition)
                .thenCompose(done -> {
                    term.batch.send();
                    return stop(partition, reassignment.removing());
                })
                .thenCompose(done -> topics.writeAssignment(partition, completed))
                .thenCompose(done -> {
                    picture.endReassignment(partition);
                    term.batch.updateMetadata(partition);
                    term.batch.send();
                    term.events.record(new ReassignmentEvents.ReassignmentCompleted(
                            partition.id(),
                            completed.replicas(),
                            partition.leader(),
                            term.epoch(),
                            "all its replicas are in sync"));
                    return node.retainUnderWay();
                });
    }

    private CompletableFuture<PartitionWriter.Result> moveLeader(PartitionEntry partition) {
        int leader = partition.leader();
        boolean stays = partition.replicas().contains(leader) && picture.mayLead(leader, partition);
        return term.writer.apply(
                List.of(partition),
                stays ? term.elections::raiseEpoch : term.elections::reassigned,
                "a reassignment is complete");
    }

    /** Replicas leave: out of the ISR, then stopped and deleted. */
    private CompletableFuture<Void> stop(PartitionEntry partition, List<Integer> replicas) {
        if (replicas.isEmpty()) {
            return Term.done();
        }
        return term.writer
                .apply(
                        List.of(partition),
                        p -> p.leaderAndIsr() == null ? Verdict.NOTHING : term.elections.withoutReplicas(p, replicas),
                        "replicas left the assignment")
                .thenRun(() -> {
                    replicas.forEach(replica -> term.batch.stopReplica(replica, partition, true));
                    term.batch.send();
                });
    }
}
