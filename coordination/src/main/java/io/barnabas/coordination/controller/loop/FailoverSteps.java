// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.controller.event.TermEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.Notification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * What a broker does that has just become the controller: reads all, corrects what is wrong, tells all, goes on with
 * the rest.
 */
final class FailoverSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final TopicSteps topics;
    private final ElectionSteps elections;
    private final ReassignmentSteps reassignments;
    private final DeletionSteps deletions;

    FailoverSteps(
            Term term,
            TopicSteps topics,
            ElectionSteps elections,
            ReassignmentSteps reassignments,
            DeletionSteps deletions) {
        this.term = term;
        this.picture = term.picture;
        this.topics = topics;
        this.elections = elections;
        this.reassignments = reassignments;
        this.deletions = deletions;
    }

    CompletableFuture<Void> run() {
        return setUpFeatures()
                .thenCompose(done -> dropOldNotes())
                .thenCompose(done -> readAll())
                .thenCompose(done -> correctAll())
                .thenCompose(done -> reassignments.legacyNode())
                .thenCompose(
                        begun -> reassignments.resume(p -> !begun.contains(p.id()), "a new controller goes on with it"))
                .thenCompose(done -> deletions.refresh())
                .thenCompose(done -> elections.preferredElectionNode());
    }

    private CompletableFuture<Void> setUpFeatures() {
        return term.loop.hop(term.store.features().read()).thenCompose(found -> {
            FeatureSettings wanted = new FeatureSettings(
                    term.settings.featureFormatVersion(),
                    term.settings.usesFeatures(),
                    term.settings.usesFeatures() ? found.features() : Map.of(),
                    found.version());
            boolean exists = found.version() != FeatureSettings.ABSENT.version();
            return exists && wanted.sameContent(found)
                    ? Term.done()
                    : term.loop
                            .hop(term.store.features().write(wanted, term.fence()))
                            .thenAccept(written -> {});
        });
    }

    /** Notes left for an earlier controller say nothing that reading all does not. */
    private CompletableFuture<Void> dropOldNotes() {
        CompletableFuture<Void> isr = term.store
                .adminPaths()
                .isrChanges()
                .thenCompose(notes -> notes.isEmpty()
                        ? Term.done()
                        : term.store.adminPaths().removeIsrChanges(names(notes), term.fence()));
        CompletableFuture<Void> dirs = term.store
                .adminPaths()
                .logDirFailures()
                .thenCompose(notes -> notes.isEmpty()
                        ? Term.done()
                        : term.store.adminPaths().removeLogDirFailures(names(notes), term.fence()));
        return term.loop.hop(CompletableFuture.allOf(isr, dirs));
    }

    private static <T> List<String> names(List<Notification<T>> notes) {
        return notes.stream().map(Notification::name).toList();
    }

    private CompletableFuture<Void> readAll() {
        return term.loop
                .hop(term.store.brokers().brokers())
                .thenAccept(brokers -> brokers.values().forEach(broker -> {
                    picture.register(broker);
                    term.channels.add(broker);
                }))
                .thenCompose(done -> term.loop.hop(term.store.topics().names()))
                .thenCompose(topics::readTopics)
                .thenCompose(records -> {
                    records.forEach(picture::addTopic);
                    return readStates(picture.partitions());
                })
                .thenCompose(done -> term.loop.hop(term.store.topics().deletions()))
                .thenCompose(names -> term.settings.deleteTopicEnable() ? queueDeletions(names) : Term.done());
    }

    private CompletableFuture<Void> queueDeletions(Set<String> names) {
        Set<String> queued = new HashSet<>(names);
        queued.removeIf(name -> picture.topic(name).isEmpty());
        queued.forEach(picture::startDeletion);
        return reassignments.end(queued);
    }

    private CompletableFuture<Void> readStates(Collection<PartitionEntry> partitions) {
        Map<TopicPartition, PartitionEntry> byId = new HashMap<>();
        partitions.forEach(p -> byId.put(p.id(), p));
        return term.loop
                .hop(term.store.partitionStates().read(byId.keySet()))
                .thenAccept(read -> read.forEach(
                        (id, found) -> picture.lead(byId.get(id), found.leaderAndIsr(), found.controllerEpoch())));
    }

    /** Elects where the leader is gone, shrinks ISRs by what is gone, and tells every broker all it is to know. */
    private CompletableFuture<Void> correctAll() {
        // Kafka's brokers follow only leaders that UpdateMetadata called alive, and do not try again: it goes first.
        term.batch.metadataToAll();
        term.batch.send();
        Set<PartitionEntry> affected = new LinkedHashSet<>(picture.leaderless());
        Map<PartitionEntry, List<Integer>> gone = new HashMap<>();
        for (PartitionEntry partition : picture.partitions()) {
            term.batch.leaderAndIsr(picture.stayingReplicas(partition), partition, false);
            List<Integer> missing = new ArrayList<>(0);
            if (partition.leaderAndIsr() != null
                    && !picture.isBeingDeleted(partition.topic().name())) {
                partition.leaderAndIsr().isr().stream()
                        .filter(replica -> !picture.isRegistered(replica))
                        .forEach(missing::add);
            }
            if (!missing.isEmpty()) {
                gone.put(partition, missing);
                affected.add(partition);
            }
        }
        picture.brokers().keySet().forEach(term.batch::full);
        term.batch.metadataToAll();
        return elections
                .uncleanAllowed(affected)
                .thenCompose(allowed -> term.writer.apply(
                        affected,
                        p -> term.elections.replicasGone(
                                p,
                                gone.getOrDefault(p, List.of()),
                                allowed.contains(p.topic().name())),
                        "a new controller took over"))
                .thenAccept(result -> {
                    term.batch.send();
                    term.events.record(new TermEvents.ControllerTookOver(
                            List.copyOf(picture.brokers().keySet()),
                            picture.topicNames().size(),
                            picture.partitions().size(),
                            result.changed().size(),
                            picture.leaderless().size(),
                            term.epoch(),
                            Optional.of(result.refused().size())
                                    .filter(n -> n > 0)
                                    .map(n -> n + " partitions could not be corrected")
                                    .orElse("the picture is complete")));
                });
    }
}
