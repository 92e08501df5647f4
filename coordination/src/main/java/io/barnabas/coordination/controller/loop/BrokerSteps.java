// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.ShutdownDecision;
import io.barnabas.coordination.controller.decide.BrokerChangeDecider;
import io.barnabas.coordination.controller.decide.ShutdownDecider;
import io.barnabas.coordination.controller.event.BrokerEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.Notification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Follows brokers: they come, go, come back before anyone noticed, move, lose directories, or ask to stop. */
final class BrokerSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final OfflineSteps offlineSteps;
    private final ElectionSteps elections;
    private final ReassignmentSteps reassignments;
    private final DeletionSteps deletions;

    BrokerSteps(
            Term term,
            OfflineSteps offlineSteps,
            ElectionSteps elections,
            ReassignmentSteps reassignments,
            DeletionSteps deletions) {
        this.term = term;
        this.picture = term.picture;
        this.offlineSteps = offlineSteps;
        this.elections = elections;
        this.reassignments = reassignments;
        this.deletions = deletions;
    }

    /** Compares who is registered with who was known. */
    CompletableFuture<Void> refresh() {
        return term.loop.hop(term.store.brokers().brokers()).thenCompose(registered -> {
            BrokerChangeDecider.Delta delta = BrokerChangeDecider.compare(picture.brokers(), registered);
            delta.updated().forEach(this::updated);
            if (!delta.updated().isEmpty()) {
                term.batch.metadataToAll();
                term.batch.send();
            }
            return started(delta.started())
                    .thenCompose(done -> bounced(delta.bounced()))
                    .thenCompose(done -> failed(delta.failed(), "its registration is gone"));
        });
    }

    private void updated(BrokerInfo broker) {
        picture.register(broker);
        term.channels.update(broker);
        term.events.record(
                new BrokerEvents.BrokerUpdated(broker.id(), broker.epoch(), "its registration says other endpoints"));
    }

    private CompletableFuture<Void> bounced(List<BrokerInfo> brokers) {
        if (brokers.isEmpty()) {
            return Term.done();
        }
        return failed(brokers, "it is registered again, as another incarnation").thenCompose(done -> started(brokers));
    }

    private CompletableFuture<Void> started(List<BrokerInfo> brokers) {
        if (brokers.isEmpty()) {
            return Term.done();
        }
        Set<Integer> ids = new TreeSet<>();
        List<PartitionEntry> known = picture.withState();
        Set<String> deleting = new HashSet<>();
        brokers.forEach(broker -> {
            ids.add(broker.id());
            picture.register(broker);
            term.channels.add(broker);
        });
        term.batch.metadataToAll();
        ids.forEach(id -> term.batch.updateMetadata(id, known));
        // Kafka's brokers follow only leaders that UpdateMetadata called alive, and do not try again: it goes first.
        term.batch.send();
        for (int id : ids) {
            List<PartitionEntry> hosted = picture.partitionsOn(id);
            term.batch.full(id);
            hosted.forEach(partition -> {
                term.batch.leaderAndIsr(List.of(id), partition, false);
                if (picture.isBeingDeleted(partition.topic().name())) {
                    deleting.add(partition.topic().name());
                }
            });
            term.events.record(new BrokerEvents.BrokerStarted(
                    id, picture.brokers().get(id).epoch(), hosted.size(), term.epoch(), "it registered"));
        }
        return elections
                .electLeaderless("brokers " + ids + " started")
                .thenCompose(result -> {
                    term.batch.send();
                    return reassignments
                            .resume(
                                    p -> p.assignment().targetReplicas().stream()
                                            .anyMatch(ids::contains),
                                    "brokers " + ids + " started")
                            .thenCompose(done -> reassignments.completeWherePossible(result.changed()));
                })
                .thenCompose(done -> deletions.unblock(deleting));
    }

    private CompletableFuture<Void> failed(List<BrokerInfo> brokers, String why) {
        if (brokers.isEmpty()) {
            return Term.done();
        }
        Map<PartitionEntry, Set<Integer>> gone = new LinkedHashMap<>();
        Set<Integer> ids = new TreeSet<>();
        for (BrokerInfo broker : brokers) {
            ids.add(broker.id());
            boolean stopping = picture.isShuttingDown(broker.id());
            picture.partitionsOn(broker.id()).forEach(p -> gone.computeIfAbsent(p, x -> new LinkedHashSet<>())
                    .add(broker.id()));
            term.events.record(new BrokerEvents.BrokerFailed(
                    broker.id(),
                    picture.broker(broker.id()).map(BrokerInfo::epoch).orElse(broker.epoch()),
                    picture.ledBy(broker.id()).size(),
                    stopping,
                    term.epoch(),
                    why));
            term.channels.remove(broker.id());
            picture.deregister(broker.id());
        }
        return offlineSteps.gone(gone, "brokers " + ids + " are gone");
    }

    /** Brokers that lost a directory are asked, by an order they cannot follow, which replicas are gone with it. */
    CompletableFuture<Void> logDirsFailed() {
        return term.loop.hop(term.store.adminPaths().logDirFailures()).thenCompose(notes -> {
            if (notes.isEmpty()) {
                return Term.done();
            }
            Set<String> names = new TreeSet<>();
            Set<Integer> brokers = new TreeSet<>();
            for (Notification<OptionalInt> note : notes) {
                names.add(note.name());
                note.content().ifPresent(brokers::add);
            }
            brokers.forEach(id -> picture.partitionsOn(id)
                    .forEach(partition -> term.batch.leaderAndIsr(List.of(id), partition, false)));
            term.events.record(new BrokerEvents.LogDirFailed(
                    List.copyOf(brokers), term.epoch(), "told at /log_dir_event_notification"));
            term.batch.send();
            return term.loop.hop(term.store.adminPaths().removeLogDirFailures(names, term.fence()));
        });
    }

    /** A broker answered LeaderAndIsr: replicas it could not touch are on failed directories, others are not. */
    CompletableFuture<Void> answered(BrokerInfo broker, LeaderAndIsrCommand.Outcome outcome) {
        if (picture.broker(broker.id()).filter(b -> b.epoch() == broker.epoch()).isEmpty()) {
            return Term.done();
        }
        Set<TopicPartition> offline = new LinkedHashSet<>(picture.offlineDirs(broker.id()));
        Set<TopicPartition> newly = new LinkedHashSet<>();
        outcome.partitionErrors().forEach((id, error) -> {
            if (error == Errors.NONE) {
                offline.remove(id);
            } else if (error == Errors.KAFKA_STORAGE_ERROR && offline.add(id)) {
                newly.add(id);
            }
        });
        picture.setOfflineDirs(broker.id(), offline);
        if (newly.isEmpty()) {
            return Term.done();
        }
        Map<PartitionEntry, Set<Integer>> gone = new LinkedHashMap<>();
        newly.forEach(id -> picture.partition(id).ifPresent(p -> gone.put(p, Set.of(broker.id()))));
        term.events.record(new BrokerEvents.ReplicasOffline(
                broker.id(), newly.size(), term.epoch(), "the broker answered KAFKA_STORAGE_ERROR"));
        return offlineSteps.gone(gone, "a directory of broker " + broker.id() + " failed");
    }

    /** Moves leaders off a broker that wants to stop, and takes it out of the ISRs it follows in. */
    CompletableFuture<ShutdownDecision> shutDown(int brokerId, long brokerEpoch) {
        ShutdownDecider decider = new ShutdownDecider(picture);
        Refusal refusal = decider.check(brokerId, brokerEpoch);
        if (!refusal.isNone()) {
            return CompletableFuture.completedFuture(new ShutdownDecision(refusal, Set.of()));
        }
        picture.shutsDown(brokerId);
        ShutdownDecider.Parts parts = decider.parts(brokerId);
        Collection<PartitionEntry> all = new ArrayList<>(parts.led());
        all.addAll(parts.followed());
        parts.followed().forEach(p -> term.batch.stopReplica(brokerId, p, false));
        term.batch.send();
        String why = "broker " + brokerId + " is shutting down";
        return term.writer
                .apply(
                        all,
                        p -> p.leader() == brokerId
                                ? term.elections.controlledShutdown(p)
                                : term.elections.withoutReplicas(p, List.of(brokerId)),
                        why)
                .thenApply(result -> {
                    term.batch.send();
                    Set<TopicPartition> remaining = decider.remaining(brokerId);
                    term.events.record(new BrokerEvents.ControlledShutdown(
                            brokerId,
                            brokerEpoch,
                            parts.led().size() - remaining.size(),
                            parts.followed().size(),
                            remaining.size(),
                            term.epoch(),
                            "the broker asked for it"));
                    return new ShutdownDecision(Refusal.NONE, remaining);
                });
    }
}
