// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.controller.IsrDecision;
import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.controller.decide.IsrChangeDecider;
import io.barnabas.coordination.controller.event.PartitionEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.Notification;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.error.ControllerFencedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Performs ISR changes: those leaders propose, and those that leaders of older protocol versions wrote themselves. */
final class IsrSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final ReassignmentSteps reassignments;
    private final IsrChangeDecider decider;

    IsrSteps(Term term, ReassignmentSteps reassignments) {
        this.term = term;
        this.picture = term.picture;
        this.reassignments = reassignments;
        this.decider = new IsrChangeDecider(picture, term.settings.checkIsrBrokerEpochs());
    }

    /** One leader's proposal and where its answer goes. */
    record Ask(IsrProposal proposal, CompletableFuture<IsrDecision> answer) {}

    /** Tells proposers, unless they were answered before, that this broker is not the controller. */
    static void refuse(List<Ask> asks) {
        asks.forEach(ask -> ask.answer().complete(IsrDecision.refused(Errors.NOT_CONTROLLER)));
    }

    /**
     * Decides on all proposals that came while the last were written, in one bulk write. A proposal for a partition
     * that an earlier one of the same round changes waits for the next round.
     */
    CompletableFuture<Void> decide(List<Ask> asks) {
        Round round = new Round();
        List<Ask> later = new ArrayList<>();
        for (Ask ask : asks) {
            Errors error = decider.proposer(ask.proposal);
            if (error != Errors.NONE) {
                ask.answer.complete(IsrDecision.refused(error));
            } else if (!round.take(ask)) {
                later.add(ask);
            }
        }
        return round.write().thenCompose(done -> later.isEmpty() ? Term.done() : decide(later));
    }

    /** One bulk write. */
    private final class Round {
        private final Map<TopicPartition, LeaderAndIsr> writes = new LinkedHashMap<>();
        private final Map<Ask, List<Item>> items = new LinkedHashMap<>();

        /** Takes a proposal in; false if it touches what this round changes already. */
        boolean take(Ask ask) {
            List<Item> mine = new ArrayList<>();
            Map<TopicPartition, LeaderAndIsr> myWrites = new LinkedHashMap<>();
            for (IsrProposal.Partition change : ask.proposal.partitions()) {
                Optional<PartitionEntry> found = decider.find(ask.proposal, change);
                if (found.isEmpty()) {
                    mine.add(new Item(
                            change, null, IsrChangeDecider.Ruling.refuse(decider.notFound(ask.proposal, change))));
                    continue;
                }
                PartitionEntry partition = found.get();
                if (writes.containsKey(partition.id())) {
                    return false;
                }
                IsrChangeDecider.Ruling ruling = decider.rule(ask.proposal, change, partition);
                mine.add(new Item(change, partition, ruling));
                if (ruling.write() != null) {
                    myWrites.put(partition.id(), ruling.write());
                }
            }
            writes.putAll(myWrites);
            items.put(ask, mine);
            return true;
        }

        CompletableFuture<Void> write() {
            if (writes.isEmpty()) {
                items.forEach((ask, mine) -> answer(ask, mine, Map.of()));
                return Term.done();
            }
            Map<TopicPartition, StoredPartitionState> states = new LinkedHashMap<>();
            writes.forEach((id, next) -> states.put(id, new StoredPartitionState(next, term.epoch())));
            return term.loop
                    .hop(term.store.partitionStates().update(states, term.fence()))
                    .thenCompose(this::settle);
        }

        private CompletableFuture<Void> settle(Map<TopicPartition, StateWrite> outcomes) {
            List<PartitionEntry> changed = new ArrayList<>();
            List<PartitionEntry> stale = new ArrayList<>();
            DecisionLog log = new DecisionLog(term.events, term.epoch(), "its leader proposed it");
            outcomes.forEach((id, write) -> {
                PartitionEntry partition = picture.partition(id).orElseThrow();
                if (write.outcome() == StateWrite.Outcome.FENCED) {
                    throw new ControllerFencedException("an ISR change of " + id + " was fenced");
                }
                if (write.isWritten()) {
                    LeaderAndIsr before = partition.leaderAndIsr();
                    picture.lead(partition, writes.get(id).withPartitionEpoch(write.partitionEpoch()), term.epoch());
                    log.changed(partition, before, partition.leaderAndIsr(), false);
                    term.batch.updateMetadata(partition);
                    changed.add(partition);
                } else if (write.outcome() != StateWrite.Outcome.MISSING) {
                    stale.add(partition);
                }
            });
            log.emit(Map.of());
            items.forEach((ask, mine) -> answer(ask, mine, outcomes));
            term.batch.send();
            CompletableFuture<Void> refreshed = stale.isEmpty() ? Term.done() : term.writer.refresh(stale);
            return refreshed.thenCompose(done -> reassignments.completeWherePossible(changed));
        }

        private void answer(Ask ask, List<Item> mine, Map<TopicPartition, StateWrite> outcomes) {
            List<IsrDecision.Partition> partitions = new ArrayList<>(mine.size());
            mine.forEach(item -> partitions.add(answer(item, outcomes)));
            ask.answer.complete(new IsrDecision(Errors.NONE, partitions));
        }

        private IsrDecision.Partition answer(Item item, Map<TopicPartition, StateWrite> outcomes) {
            IsrChangeDecider.Ruling ruling = item.ruling;
            if (item.partition == null || ruling.error() != Errors.NONE) {
                return refused(item, ruling.error());
            }
            if (ruling.standing() != null) {
                return item.decided(Errors.NONE, Optional.of(ruling.standing()));
            }
            StateWrite write = outcomes.get(item.partition.id());
            return switch (write.outcome()) {
                case WRITTEN ->
                    item.decided(Errors.NONE, Optional.of(ruling.write().withPartitionEpoch(write.partitionEpoch())));
                case MISSING -> refused(item, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                default -> refused(item, Errors.INVALID_UPDATE_VERSION);
            };
        }

        private IsrDecision.Partition refused(Item item, Errors error) {
            term.events.record(new PartitionEvents.IsrChangeRefused(
                    item.partition == null ? item.named() : item.partition.toString(),
                    item.change.isr(),
                    item.change.leaderEpoch(),
                    item.change.partitionEpoch(),
                    term.epoch(),
                    error.name()));
            return item.decided(error, Optional.empty());
        }
    }

    /** One partition of a proposal, what it means here, and the ruling. */
    private record Item(IsrProposal.Partition change, PartitionEntry partition, IsrChangeDecider.Ruling ruling) {
        String named() {
            return (change.topic().isEmpty() ? change.topicId().toString() : change.topic()) + "-" + change.partition();
        }

        IsrDecision.Partition decided(Errors error, Optional<LeaderAndIsr> now) {
            return new IsrDecision.Partition(
                    partition == null ? change.topic() : partition.id().topic(),
                    partition == null ? change.topicId() : partition.topic().id(),
                    change.partition(),
                    error,
                    now);
        }
    }

    /** Reads the states that leaders of older protocol versions say they changed, and spreads them. */
    CompletableFuture<Void> notified() {
        return term.loop.hop(term.store.adminPaths().isrChanges()).thenCompose(notes -> {
            if (notes.isEmpty()) {
                return Term.done();
            }
            Set<PartitionEntry> changed = new java.util.LinkedHashSet<>();
            Set<String> names = new TreeSet<>();
            for (Notification<Set<TopicPartition>> note : notes) {
                names.add(note.name());
                note.content().forEach(id -> picture.partition(id).ifPresent(changed::add));
            }
            return term.writer
                    .refresh(changed)
                    .thenCompose(done -> {
                        changed.forEach(term.batch::updateMetadata);
                        term.batch.send();
                        return term.loop.hop(term.store.adminPaths().removeIsrChanges(names, term.fence()));
                    })
                    .thenCompose(done -> reassignments.completeWherePossible(changed));
        });
    }
}
