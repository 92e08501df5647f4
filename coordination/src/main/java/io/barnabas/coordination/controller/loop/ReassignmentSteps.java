// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.decide.ReassignmentDecider;
import io.barnabas.coordination.controller.event.ReassignmentEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
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
 * Reassignments (KIP-455) asked for by request or at {@code /admin/reassign_partitions}: which begin, which are
 * refused, cancelled or ended, and which go on when brokers, ISRs or the controller change. Owned by the loop.
 */
final class ReassignmentSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final ReassignmentDecider decider;
    private final ReassignmentNode node;
    private final ReassignmentPhases phases;

    ReassignmentSteps(Term term, TopicSteps topics) {
        this.term = term;
        this.picture = term.picture;
        this.decider = new ReassignmentDecider(picture);
        this.node = new ReassignmentNode(term);
        this.phases = new ReassignmentPhases(term, topics, node);
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
        PartitionEntry partition = picture.partition(id).orElse(null);
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
        PartitionEntry partition = picture.partition(id).orElse(null);
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
        if (refusal.isNone() && picture.isBeingDeleted(id.topic())) {
            refusal = new Refusal(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic is being deleted.");
        }
        refusals.put(id, refusal);
        if (!refusal.isNone()) {
            return Term.done();
        }
        String why = target.isPresent() ? "its replicas were asked to be " + target.get() : "it was cancelled";
        return phases.advance(partition, wanted.orElseThrow(), why).exceptionally(failure -> {
            Failures.passOnEndOfTerm(failure);
            refusals.put(id, new Refusal(Errors.UNKNOWN_SERVER_ERROR, String.valueOf(failure.getMessage())));
            return null;
        });
    }

    /** The reassignments under way, of the partitions asked for or all. */
    Map<TopicPartition, ReplicaAssignment> list(Optional<Set<TopicPartition>> asked) {
        Map<TopicPartition, ReplicaAssignment> found = new LinkedHashMap<>();
        for (PartitionEntry partition : picture.reassigning()) {
            if (partition.assignment().isBeingReassigned()
                    && asked.map(ids -> ids.contains(partition.id())).orElse(true)) {
                found.put(partition.id(), partition.assignment());
            }
        }
        return found;
    }

    /**
     * Does what tools newly asked for at {@code /admin/reassign_partitions}; what cannot be done is taken out of it
     * with a reason. Completes with the partitions whose reassignment began or went on.
     */
    CompletableFuture<Set<TopicPartition>> legacyNode() {
        return node.readNew().thenCompose(asked -> {
            Map<TopicPartition, Refusal> refusals = new LinkedHashMap<>();
            return Term.each(asked.entrySet(), e -> alterUnlessRefused(e.getKey(), e.getValue(), refusals))
                    .thenCompose(done -> {
                        refusals.forEach(this::tellRefusal);
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

    private void tellRefusal(TopicPartition id, Refusal refusal) {
        if (!refusal.isNone()) {
            term.events.record(new ReassignmentEvents.ReassignmentRefused(Optional.of(id), refusal.shown()));
        }
    }

    /** Takes out of the old node what is under way no more. */
    CompletableFuture<Void> cleanNode() {
        return node.retainUnderWay();
    }

    /**
     * Topics are to be deleted: that ends their reassignments, since neither could end while it waited for the other.
     * The added replicas stay in the assignment, so that they are deleted too.
     */
    CompletableFuture<Void> end(Set<String> topics) {
        List<PartitionEntry> ended = picture.reassigning().stream()
                .filter(p -> topics.contains(p.topic().name()))
                .toList();
        ended.forEach(partition -> {
            picture.endReassignment(partition);
            term.events.record(new ReassignmentEvents.ReassignmentEnded(
                    partition.id(),
                    partition.assignment().adding(),
                    partition.assignment().removing(),
                    term.epoch(),
                    "its topic is to be deleted"));
        });
        return ended.isEmpty() ? Term.done() : cleanNode();
    }

    /** Goes on with every reassignment under way that fits. */
    CompletableFuture<Void> resume(Predicate<PartitionEntry> fits, String why) {
        List<PartitionEntry> resumed =
                picture.reassigning().stream().filter(fits).toList();
        return Term.each(resumed, partition -> phases.advance(partition, partition.assignment(), why));
    }

    /** ISRs changed: completes the reassignment of these partitions where all wanted replicas are in sync now. */
    CompletableFuture<Void> completeWherePossible(Collection<PartitionEntry> partitions) {
        List<PartitionEntry> ready = partitions.stream()
                .filter(picture.reassigning()::contains)
                .filter(p -> ReassignmentDecider.isComplete(p, p.assignment()))
                .toList();
        return Term.each(ready, p -> phases.advance(p, p.assignment(), "all its new replicas are in sync"));
    }
}
