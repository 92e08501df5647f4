// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.event.DecisionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Moves replicas (KIP-455). Phase A: the assignment names old and new replicas, the leader learns of it under a new epoch, the
 * new ones start to follow. Phase B, once all wanted ones are in sync: the leader moves if it must, the others stop, are
 * deleted and leave the assignment.
 */
final class ReassignmentSteps {
    private final Term term;
    private final ControllerState state;
    private final ReassignmentDecider decider;
    private final TopicSteps topics;
    private final ReassignmentNode node;

    ReassignmentSteps(Term term, TopicSteps topics) {
        this.term = term;
        this.state = term.state;
        this.decider = new ReassignmentDecider(state);
        this.topics = topics;
        this.node = new ReassignmentNode(term);
    }

    /** What was asked for by request; also takes the place of what the old znode asks for the same partitions. */
    CompletableFuture<Map<TopicPartition, Refusal>> alter(Map<TopicPartition, Optional<List<Integer>>> targets) {
        Map<TopicPartition, Refusal> refusals = new LinkedHashMap<>();
        return Term.each(targets.entrySet(), e -> validateAndAlter(e.getKey(), e.getValue(), refusals))
                .thenCompose(done -> node.retain(id -> !targets.containsKey(id)
                        || !refusals.getOrDefault(id, Refusal.NOT_CONTROLLER).isNone()))
                .thenApply(done -> refusals);
    }

    private CompletableFuture<Void> validateAndAlter(
            TopicPartition id, Optional<List<Integer>> target, Map<TopicPartition, Refusal> refusals) {
        PartitionEntry partition = state.partition(id).orElse(null);
        Refusal refusal =
                target.map(replicas -> decider.validate(partition, replicas)).orElse(Refusal.NONE);
        if (!refusal.isNone()) {
            refusals.put(id, refusal);
            return Term.done();
        }
        return alter(id, target, refusals);
    }

    private CompletableFuture<Void> alter(
            TopicPartition id, Optional<List<Integer>> target, Map<TopicPartition, Refusal> refusals) {
        PartitionEntry partition = state.partition(id).orElse(null);
        Refusal refusal = Refusal.NONE;
        if (partition == null) {
            refusal = target.isEmpty()
                    ? Refusal.of(Errors.NO_REASSIGNMENT_IN_PROGRESS)
                    : new Refusal(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
        }
        Optional<ReplicaAssignment> wanted = refusal.isNone() ? decider.build(partition, target) : Optional.empty();
        if (refusal.isNone() && wanted.isEmpty()) {
            refusal = Refusal.of(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        if (refusal.isNone() && state.deletions().isQueued(id.topic())) {
            refusal = new Refusal(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic is being deleted.");
        }
        refusals.put(id, refusal);
        if (!refusal.isNone()) {
            return Term.done();
        }
        String why = target.isPresent() ? "its replicas were asked to be " + target.get() : "it was cancelled";
        return advance(partition, wanted.orElseThrow(), why).exceptionally(failure -> {
            Failures.passOnEndOfTerm(failure);
            refusals.put(id, new Refusal(Errors.UNKNOWN_SERVER_ERROR, String.valueOf(failure.getMessage())));
            return null;
        });
    }

    /** The reassignments under way, of the partitions asked for or all. */
    Map<TopicPartition, ReplicaAssignment> list(Optional<Set<TopicPartition>> asked) {
        Map<TopicPartition, ReplicaAssignment> found = new LinkedHashMap<>();
        for (PartitionEntry partition : state.reassigning()) {
            if (partition.assignment.isBeingReassigned()
                    && asked.map(ids -> ids.contains(partition.id)).orElse(true)) {
                found.put(partition.id, partition.assignment);
            }
        }
        return found;
    }

    /**
     * Does what tools newly asked for at {@code /admin/reassign_partitions}; what cannot be done is taken out of it with a reason.
     * Completes with the partitions whose reassignment began or went on.
     */
    CompletableFuture<Set<TopicPartition>> legacyNode() {
        return node.readNew().thenCompose(asked -> {
            Map<TopicPartition, Refusal> refusals = new LinkedHashMap<>();
            return Term.each(asked.entrySet(), e -> alterUnlessRefused(e.getKey(), e.getValue(), refusals))
                    .thenCompose(done -> {
                        refusals.forEach(ReassignmentSteps::tellRefusal);
                        return cleanNode();
                    })
                    .thenApply(done -> {
                        refusals.values().removeIf(refusal -> !refusal.isNone());
                        return refusals.keySet();
                    });
        });
    }

    private CompletableFuture<Void> alterUnlessRefused(
            TopicPartition id, List<Integer> target, Map<TopicPartition, Refusal> refusals) {
        Refusal refusal = ReassignmentDecider.validateNodeTarget(target);
        if (!refusal.isNone()) {
            refusals.put(id, refusal);
            return Term.done();
        }
        return alter(id, Optional.of(target), refusals);
    }

    private static void tellRefusal(TopicPartition id, Refusal refusal) {
        if (!refusal.isNone()) {
            DecisionEvent.of("reassignment-refused").with("partition", id).because(refusal.shown());
        }
    }

    /** Takes out of the old node what is under way no more. */
    CompletableFuture<Void> cleanNode() {
        return node.retain(
                id -> state.partition(id).filter(state.reassigning()::contains).isPresent());
    }

    /**
     * Topics are to be deleted: that ends their reassignments, since neither could end while it waited for the other. The added
     * replicas stay in the assignment, so that they are deleted too.
     */
    CompletableFuture<Void> end(Set<String> topics) {
        List<PartitionEntry> ended = state.reassigning().stream()
                .filter(p -> topics.contains(p.topic.name))
                .toList();
        ended.forEach(partition -> {
            state.reassigning().remove(partition);
            DecisionEvent.of("reassignment-ended")
                    .with("partition", partition)
                    .with("adding", partition.assignment.adding())
                    .with("removing", partition.assignment.removing())
                    .with("controllerEpoch", state.epoch())
                    .because("its topic is to be deleted");
        });
        return ended.isEmpty() ? Term.done() : cleanNode();
    }

    /** Goes on with every reassignment under way that fits. */
    CompletableFuture<Void> resume(Predicate<PartitionEntry> fits, String why) {
        List<PartitionEntry> resumed = state.reassigning().stream().filter(fits).toList();
        return Term.each(resumed, partition -> advance(partition, partition.assignment, why));
    }

    /** ISRs changed: completes the reassignment of these partitions where all wanted replicas are in sync now. */
    CompletableFuture<Void> completeWherePossible(Collection<PartitionEntry> partitions) {
        List<PartitionEntry> ready = partitions.stream()
                .filter(state.reassigning()::contains)
                .filter(p -> ReassignmentDecider.isComplete(p, p.assignment))
                .toList();
        return Term.each(ready, p -> advance(p, p.assignment, "all its new replicas are in sync"));
    }

    private CompletableFuture<Void> advance(PartitionEntry partition, ReplicaAssignment wanted, String why) {
        return enter(partition, wanted, why)
                .thenCompose(done -> ReassignmentDecider.isComplete(partition, wanted)
                        ? complete(partition, wanted)
                        : begin(partition, wanted));
    }

    /** Writes the assignment that names what is added and removed; replicas a former attempt added in vain go at once. */
    private CompletableFuture<Void> enter(PartitionEntry partition, ReplicaAssignment wanted, String why) {
        ReplicaAssignment current = partition.assignment;
        if (current.equals(wanted)) {
            state.reassigning().add(partition);
            return Term.done();
        }
        return topics.writeAssignment(partition, wanted).thenCompose(done -> {
            state.assign(partition, wanted);
            state.reassigning().add(partition);
            DecisionEvent.of("reassignment-started")
                    .with("partition", partition)
                    .with("from", current.replicas())
                    .with("to", wanted.targetReplicas())
                    .with("adding", wanted.adding())
                    .with("removing", wanted.removing())
                    .with("controllerEpoch", state.epoch())
                    .because(why);
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
        state.assign(partition, completed);
        return moveLeader(partition)
                .thenCompose(done -> {
                    term.batch.send();
                    return stop(partition, reassignment.removing());
                })
                .thenCompose(done -> topics.writeAssignment(partition, completed))
                .thenCompose(done -> {
                    state.reassigning().remove(partition);
                    term.batch.updateMetadata(partition);
                    term.batch.send();
                    DecisionEvent.of("reassignment-completed")
                            .with("partition", partition)
                            .with("replicas", completed.replicas())
                            .with("leader", partition.leader())
                            .with("controllerEpoch", state.epoch())
                            .because("all its replicas are in sync");
                    return cleanNode();
                });
    }

    private CompletableFuture<PartitionWriter.Result> moveLeader(PartitionEntry partition) {
        int leader = partition.leader();
        boolean stays = partition.replicas().contains(leader) && state.isOnline(leader, partition);
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
                        p -> p.leaderAndIsr == null ? Verdict.NOTHING : term.elections.withoutReplicas(p, replicas),
                        "replicas left the assignment")
                .thenRun(() -> {
                    replicas.forEach(replica -> term.batch.stopReplica(replica, partition, true));
                    term.batch.send();
                });
    }
}
