// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.controller.decide.SuspicionDecider;
import io.barnabas.coordination.controller.event.SuspicionEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Acts on suspicion: a suspected broker leads nothing and is in no ISR, as if it were gone, but it stays registered,
 * its replicas stay assigned, and it is told everything. Owned by the loop; a new term starts without suspicions.
 */
final class SuspicionSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final SuspicionDecider decider;
    private final OfflineSteps offline;
    private final ElectionSteps elections;
    private final ReassignmentSteps reassignments;

    SuspicionSteps(Term term, OfflineSteps offline, ElectionSteps elections, ReassignmentSteps reassignments) {
        this.term = term;
        this.picture = term.picture;
        this.decider = new SuspicionDecider(picture, term.settings.brokerId());
        this.offline = offline;
        this.elections = elections;
        this.reassignments = reassignments;
    }

    /** Suspects a broker, unless the decider refuses: one pass of elections and ISR changes, of which all are told. */
    CompletableFuture<Void> suspect(BrokerIncarnation broker, String why) {
        Optional<String> refusal = decider.refusal(broker);
        if (refusal.isPresent()) {
            if (!picture.isSuspected(broker.id())) {
                term.events.record(new SuspicionEvents.BrokerNotSuspected(
                        broker.id(), broker.epoch(), why, term.epoch(), refusal.get()));
            }
            return Term.done();
        }
        picture.suspect(broker);
        term.events.record(new SuspicionEvents.BrokerSuspected(
                broker.id(), broker.epoch(), picture.ledBy(broker.id()).size(), term.epoch(), why));
        Map<PartitionEntry, Set<Integer>> affected = new LinkedHashMap<>();
        picture.partitionsOn(broker.id()).forEach(partition -> affected.put(partition, Set.of(broker.id())));
        return offline.suspected(affected, "broker " + broker.id() + " is suspected");
    }

    /** A suspected broker answered: it follows where it is assigned, and leads what nobody else could. */
    CompletableFuture<Void> answered(BrokerIncarnation broker) {
        if (!picture.answered(broker)) {
            return Term.done();
        }
        term.events.record(new SuspicionEvents.BrokerTrusted(
                broker.id(), broker.epoch(), picture.ledBy(broker.id()).size(), term.epoch(), "it answered"));
        // Kafka's brokers follow only leaders that UpdateMetadata called alive, and do not try again: it goes first.
        term.batch.metadataToAll();
        term.batch.send();
        for (PartitionEntry partition : picture.partitionsOn(broker.id())) {
            List<Integer> told =
                    partition.isLedBy(broker.id()) ? picture.stayingReplicas(partition) : List.of(broker.id());
            term.batch.leaderAndIsr(told, partition, false);
        }
        return elections.electLeaderless("broker " + broker.id() + " answered").thenCompose(result -> {
            term.batch.send();
            return reassignments.completeWherePossible(result.changed());
        });
    }
}
