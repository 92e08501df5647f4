// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.controller.Controller.Election;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.decide.PreferredBalanceDecider;
import io.barnabas.coordination.controller.decide.Verdict;
import io.barnabas.coordination.controller.event.PartitionEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.ConfigEntity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.Errors;

/** Performs elections: of leaderless partitions, on an operator's wish, and to balance leaders. */
final class ElectionSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final ReassignmentSteps reassignments;

    ElectionSteps(Term term, ReassignmentSteps reassignments) {
        this.term = term;
        this.reassignments = reassignments;
        this.picture = term.picture;
    }

    /** Of the topics of these partitions, those that need an unclean election and allow it. */
    CompletableFuture<Set<String>> uncleanAllowed(Collection<PartitionEntry> partitions) {
        Set<ConfigEntity> asked = new LinkedHashSet<>();
        for (PartitionEntry partition : partitions) {
            if (term.elections.needsUnclean(partition)) {
                asked.add(ConfigEntity.topic(partition.topic().name()));
            }
        }
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(Set.of());
        }
        return term.loop.hop(term.store.configs().read(asked)).thenApply(configs -> {
            Set<String> allowed = new TreeSet<>();
            configs.forEach((entity, config) -> {
                picture.topic(entity.name()).ifPresent(topic -> picture.configs(topic, config.values()));
                if (allowsUnclean(config.values().get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
                    allowed.add(entity.name());
                }
            });
            return allowed;
        });
    }

    private boolean allowsUnclean(String configured) {
        return configured == null ? term.rules.uncleanElectionByDefault() : Boolean.parseBoolean(configured.trim());
    }

    /** Looks for leaders of all partitions that have none; tells replicas and metadata caches with the next batch. */
    CompletableFuture<PartitionWriter.Result> electLeaderless(String why) {
        return electOffline(picture.leaderless(), why);
    }

    private CompletableFuture<PartitionWriter.Result> electOffline(List<PartitionEntry> partitions, String why) {
        return uncleanAllowed(partitions)
                .thenCompose(allowed -> term.writer.apply(
                        partitions,
                        p -> term.elections.offline(
                                p, allowed.contains(p.topic().name())),
                        why));
    }

    /** {@code unclean.leader.election.enable} was switched on, for one topic or by default. */
    CompletableFuture<Void> uncleanEnabled(Optional<String> topic) {
        List<PartitionEntry> waiting = picture.leaderless();
        topic.ifPresent(name -> waiting.removeIf(p -> !p.topic().name().equals(name)));
        return electOffline(waiting, "unclean leader election was enabled").thenCompose(this::told);
    }

    /** Tells of elections; an unclean one may have put the last replica into the ISR that a reassignment waits for. */
    private CompletableFuture<Void> told(PartitionWriter.Result result) {
        term.batch.send();
        return reassignments.completeWherePossible(result.changed());
    }

    /** What an operator asked for, by request or through {@code /admin/preferred_replica_election}. */
    CompletableFuture<Map<TopicPartition, Election>> elect(
            ElectionType type, Optional<Set<TopicPartition>> wanted, String why) {
        Map<TopicPartition, Election> outcomes = new LinkedHashMap<>();
        List<PartitionEntry> electable = new ArrayList<>();
        Set<TopicPartition> partitions = wanted.orElseGet(() -> {
            Set<TopicPartition> all = new LinkedHashSet<>();
            picture.partitions().forEach(p -> all.add(p.id()));
            return all;
        });
        for (TopicPartition id : partitions) {
            Optional<PartitionEntry> partition = picture.partition(id);
            Refusal refusal = refusal(type, partition);
            if (refusal.isNone()) {
                electable.add(partition.orElseThrow());
            } else {
                outcomes.put(id, new Election(refusal, OptionalInt.empty()));
            }
        }
        Function<PartitionEntry, Verdict> decider = type == ElectionType.PREFERRED
                ? term.elections::preferred
                : partition -> term.elections.offline(partition, true);
        return term.writer.apply(electable, decider, why).thenCompose(result -> {
            result.changed().forEach(p -> outcomes.put(p.id(), new Election(Refusal.NONE, OptionalInt.of(p.leader()))));
            result.refused().forEach((p, because) -> outcomes.put(p.id(), failed(type, p)));
            return told(result).thenApply(done -> outcomes);
        });
    }

    private Refusal refusal(ElectionType type, Optional<PartitionEntry> partition) {
        if (partition.isEmpty()) {
            return new Refusal(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The partition does not exist.");
        }
        PartitionEntry entry = partition.get();
        if (picture.isBeingDeleted(entry.topic().name())) {
            return new Refusal(Errors.INVALID_TOPIC_EXCEPTION, "The topic is being deleted");
        }
        boolean standsAlready = type == ElectionType.PREFERRED
                ? entry.isLedBy(entry.replicas().get(0))
                : picture.mayLead(entry.leader());
        return standsAlready ? Refusal.of(Errors.ELECTION_NOT_NEEDED) : Refusal.NONE;
    }

    private static Election failed(ElectionType type, PartitionEntry partition) {
        boolean preferred = type == ElectionType.PREFERRED;
        String strategy = preferred
                ? "PreferredReplicaPartitionLeaderElectionStrategy"
                : "OfflinePartitionLeaderElectionStrategy(true)";
        return new Election(
                new Refusal(
                        preferred ? Errors.PREFERRED_LEADER_NOT_AVAILABLE : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                        "Failed to elect leader for partition " + partition.id() + " under strategy " + strategy),
                OptionalInt.empty());
    }

    /** What tools left at {@code /admin/preferred_replica_election}. */
    CompletableFuture<Void> preferredElectionNode() {
        return term.loop.hop(term.store.adminPaths().preferredElection()).thenCompose(asked -> {
            if (asked.isEmpty()) {
                return Term.done();
            }
            return elect(ElectionType.PREFERRED, asked, "asked for at /admin/preferred_replica_election")
                    .thenCompose(
                            outcomes -> term.loop.hop(term.store.adminPaths().removePreferredElection(term.fence())));
        });
    }

    /** Gives leadership back to preferred replicas where a broker lost more than its tolerance. */
    CompletableFuture<Void> balance() {
        List<PartitionEntry> candidates = new PreferredBalanceDecider(
                        picture, term.elections, term.settings.leaderImbalancePerBrokerPercentage())
                .candidates();
        if (candidates.isEmpty()) {
            return Term.done();
        }
        term.events.record(new PartitionEvents.LeadersRebalanced(
                candidates.size(),
                term.epoch(),
                "a broker leads less of its preferred partitions than leader.imbalance.per.broker.percentage"));
        return term.writer
                .apply(candidates, term.elections::preferred, "automatic leader balance")
                .thenAccept(result -> term.batch.send());
    }
}
