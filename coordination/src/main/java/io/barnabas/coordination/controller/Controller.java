// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;

/**
 * The controller's face towards this broker. Every broker has one; at most one in the cluster is active.
 *
 * <p>Every method may be called from any thread and returns at once; the work is done on the controller's loop.
 * Futures complete on that loop: a continuation must be short. On a broker whose controller is not active, futures
 * complete with {@code NOT_CONTROLLER} in the result's own place; none completes exceptionally but for a bug.
 */
public interface Controller {
    /** Begins to watch {@code /controller} and takes part in the race for it. Call once the broker is registered. */
    void start();

    /** Resigns if active and gives up the loop. The future completes when nothing of it runs any more. */
    CompletableFuture<Void> stop();

    /** Whether this broker is the active controller, as far as it knows. */
    boolean isActive();

    /** The broker that is the active controller, as last read from {@code /controller}. */
    OptionalInt controllerId();

    /** The epoch this broker was last elected with, 0 if it never was. */
    int epoch();

    /** Decides what leaders propose (KIP-497, AlterPartition). */
    CompletableFuture<IsrDecision> alterPartition(IsrProposal proposal);

    /**
     * Moves leaders off a broker that wants to stop (ControlledShutdown).
     *
     * @param brokerEpoch the broker's epoch, -1 where the request's version has none
     */
    CompletableFuture<ShutdownDecision> controlledShutdown(int brokerId, long brokerEpoch);

    /**
     * Elects leaders on an operator's wish (ElectLeaders).
     *
     * @param partitions which, or empty for all there are
     * @return the outcome per partition: an error, or the leader elected
     */
    CompletableFuture<Map<TopicPartition, Election>> electLeaders(
            ElectionType type, Optional<Set<TopicPartition>> partitions);

    /**
     * Starts, replaces or cancels reassignments (KIP-455).
     *
     * @param targets the replicas each partition is to have; empty cancels
     */
    CompletableFuture<Reassigned> alterReassignments(Map<TopicPartition, Optional<List<Integer>>> targets);

    /**
     * The reassignments under way.
     *
     * @param partitions only these, or empty for all
     */
    CompletableFuture<Listed> listReassignments(Optional<Set<TopicPartition>> partitions);

    /**
     * Creates topics. The outcome of a topic comes when its leaders are elected and this broker's metadata cache was
     * told, or with an error at once.
     *
     * @param validateOnly decide only, create nothing
     */
    Map<String, CompletableFuture<TopicCreation>> createTopics(Collection<NewTopic> topics, boolean validateOnly);

    /** Adds partitions. Completes as {@link #createTopics} does. */
    Map<String, CompletableFuture<Refusal>> createPartitions(Collection<NewPartitions> topics, boolean validateOnly);

    /**
     * Deletes topics by name. The outcome of a topic comes when this broker's metadata cache has forgotten it, while
     * its replicas are still being deleted, or with an error at once.
     */
    Map<String, CompletableFuture<Refusal>> deleteTopics(Set<String> topics);

    /** Gives a broker its next block of producer ids (KIP-730, AllocateProducerIds). */
    CompletableFuture<ProducerIds> allocateProducerIds(int brokerId, long brokerEpoch);

    /**
     * Decides on finalized features (KIP-584); a broker of this line supports none, so that every update is refused.
     */
    CompletableFuture<FeatureDecision> updateFeatures(List<FeatureUpdate> updates);

    /**
     * Observers say that a run of a broker does not answer. The active controller moves its leaders and takes it out of
     * ISRs, in one pass, as if the broker were gone; it stays registered and assigned and is told of all this too. A
     * partition that nobody else in sync can lead keeps it as leader. Nothing happens if the run is not the registered
     * one, or if more than half of the registered brokers would be suspected. Ends with {@link #brokerAnswered}, with
     * the next incarnation, or with the controller's term.
     *
     * @param incarnation which run of which broker
     * @param why the evidence, for the event
     */
    void brokerSuspected(BrokerIncarnation incarnation, String why);

    /**
     * A run of a broker answered, so that it is suspected no longer: it follows where it is assigned and may enter ISRs
     * again. Nothing happens if it was not suspected.
     */
    void brokerAnswered(BrokerIncarnation incarnation);

    /** A topic's {@code unclean.leader.election.enable} was switched on: looks at its leaderless partitions again. */
    void uncleanElectionEnabled(String topic);

    /** The broker-wide default was switched on: looks at all leaderless partitions again. */
    void uncleanElectionEnabled();

    /**
     * The outcome for one partition of an election.
     *
     * @param refusal why not, {@link Refusal#NONE} if elected
     * @param leader the new leader, empty if refused
     */
    record Election(Refusal refusal, OptionalInt leader) {}

    /**
     * The outcome of altering reassignments.
     *
     * @param refusal an error for the whole request
     * @param partitions the outcome per partition; empty when the whole is refused
     */
    record Reassigned(Refusal refusal, Map<TopicPartition, Refusal> partitions) {}

    /**
     * Reassignments under way.
     *
     * @param refusal an error for the whole request
     * @param partitions their assignments
     */
    record Listed(Refusal refusal, Map<TopicPartition, ReplicaAssignment> partitions) {}

    /**
     * A block of producer ids.
     *
     * @param refusal why not
     * @param firstId the first id of the block
     * @param length how many ids it has
     */
    record ProducerIds(Refusal refusal, long firstId, int length) {}

    /**
     * The outcome of updating features.
     *
     * @param refusal an error for the whole request
     * @param features the outcome per feature
     */
    record FeatureDecision(Refusal refusal, Map<String, Refusal> features) {}

    /**
     * A wish to finalize a feature.
     *
     * @param feature its name
     * @param maxVersionLevel the level asked for, 0 deletes
     * @param downgradeAllowed whether it may go down
     * @param knownUpgradeType false if the request named an upgrade type that does not exist
     */
    record FeatureUpdate(String feature, short maxVersionLevel, boolean downgradeAllowed, boolean knownUpgradeType) {}
}
