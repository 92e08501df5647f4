// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.controller.loop.ControllerLoop;
import io.barnabas.coordination.store.hint.ChangeHint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The loop's life: the race, terms, repeats, and what happens at scale. */
class ControllerLoopTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private final Cluster cluster = new Cluster().start(1, 2, 3);

    @Test
    void onlyOneBrokerIsTheController() {
        assertThat(cluster.controllers.values().stream().filter(Controller::isActive))
                .hasSize(1);
        assertThat(cluster.controllers.get(3).controllerId()).hasValue(1);
    }

    @Test
    void stepsDownWhenItsSessionIsLostAndAnotherTakesOver() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        ControllerLoop former = cluster.active();

        cluster.sessions.get(1).expire(1);
        cluster.executor.runAll();

        assertThat(former.isActive()).isFalse();
        assertThat(cluster.active().epoch()).isEqualTo(2);
        assertThat(cluster.run(former.createTopics(List.of(new NewTopic("u", 1, (short) 1, Map.of(), Map.of())), false)
                                .get("u"))
                        .refusal()
                        .error())
                .isEqualTo(Errors.NOT_CONTROLLER);
    }

    @Test
    void takesOfficeAnewWhenItHearsLateOfAFormerSessionsEnd() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        ControllerLoop elected = cluster.active();

        cluster.sessions.get(1).hearLate();
        cluster.executor.runAll();

        assertThat(elected.isActive()).isTrue();
        assertThat(elected.epoch()).isEqualTo(2);
        assertThat(cluster.store.controller()).hasValue(1);
        cluster.create("u", Map.of(0, List.of(2, 3)));
        assertThat(cluster.store.state(new TopicPartition("u", 0))).isPresent();
    }

    @Test
    void aZombieLearnsFromAFencedWriteThatItIsNoLongerTheController() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        ControllerLoop zombie = cluster.active();
        cluster.sessions.get(1).deafen();
        cluster.store.dropController();
        cluster.executor.runAll();
        assertThat(zombie.isActive()).isTrue();
        int commands = cluster.sender.commands;

        ShutdownDecision decision = cluster.run(zombie.controlledShutdown(2, cluster.store.brokerEpoch(2)));

        assertThat(decision.refusal().error()).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
        assertThat(zombie.isActive()).isFalse();
        assertThat(cluster.sender.commands).isEqualTo(commands);
        assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().leader())
                .isEqualTo(2);
    }

    @Test
    void repeatsACommandUntilTheBrokerAnswersAndKeepsItsOrder() {
        cluster.sender.failing.add(3);
        cluster.create("t", Map.of(0, List.of(3, 2)));
        int commands = cluster.sender.commands;
        cluster.executor.advance(100);
        assertThat(cluster.sender.commands).isEqualTo(commands + 1);

        cluster.sender.failing.clear();
        cluster.executor.advance(100);
        assertThat(cluster.sender.commands).isEqualTo(commands + 3);
    }

    @Test
    void stopsRepeatingWhenTheBrokerIsGone() {
        cluster.sender.failing.add(3);
        cluster.create("t", Map.of(0, List.of(3, 2)));
        cluster.kill(3);
        int commands = cluster.sender.commands;
        cluster.executor.advance(1000);
        assertThat(cluster.sender.commands).isEqualTo(commands);
    }

    @Test
    void anOrderCalledFullNamesEveryReplicaOfItsReceiver() {
        cluster.create("t", Map.of(0, List.of(2, 3), 1, List.of(3, 2)));
        cluster.create("u", Map.of(0, List.of(3, 1)));
        cluster.sender.full.clear();

        cluster.kill(1);

        assertThat(cluster.sender.full)
                .extracting(command -> command.partitions().size())
                .containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void aReplicaWhoseStateWasLostIsNotMissingFromAFullOrder() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.create("u", Map.of(0, List.of(2, 3)));
        cluster.sender.full.clear();
        cluster.store.loseState(T0);

        cluster.kill(1);

        assertThat(cluster.store.state(T0)).as("made anew").isPresent();
        assertThat(cluster.sender.full)
                .allSatisfy(command -> assertThat(command.partitions()).hasSize(2));
    }

    @Test
    void oneHangingBrokerHoldsUpNobodyElse() {
        cluster.sender.hanging.add(3);
        assertThat(cluster.create("t", Map.of(0, List.of(2, 3))).refusal()).isEqualTo(Refusal.NONE);
        assertThat(cluster.create("u", Map.of(0, List.of(2, 3))).refusal()).isEqualTo(Refusal.NONE);
    }

    @Test
    void answersADeletionOnceItsOwnMetadataForgotTheTopicNotWhenAllReplicasAreGone() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.create("u", Map.of(0, List.of(2, 3)));

        cluster.sender.hanging.add(3);
        assertThat(cluster.run(cluster.active().deleteTopics(Set.of("t")).get("t")))
                .isEqualTo(Refusal.NONE);
        assertThat(cluster.store.topic("t")).isPresent();

        cluster.sender.hanging.add(1);
        CompletableFuture<Refusal> unheard =
                cluster.active().deleteTopics(Set.of("u")).get("u");
        cluster.executor.runAll();
        assertThat(unheard).isNotDone();
    }

    @Test
    void refusesToCreateATopicAnewWhileItsReplicasAreBeingDeleted() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.sender.hanging.add(3);

        assertThat(cluster.run(cluster.active().deleteTopics(Set.of("t")).get("t")))
                .isEqualTo(Refusal.NONE);

        assertThat(cluster.store.topic("t")).isPresent();
        assertThat(cluster.create("t", Map.of(0, List.of(2, 3))).refusal())
                .isEqualTo(new Refusal(
                        Errors.TOPIC_ALREADY_EXISTS,
                        "Topic 't' is marked for deletion. It waits: brokers [3] have yet to delete their replicas."));
    }

    @Test
    void ordersTheReplicasOfALargeTopicInPartsAndTellsItsMetadataWhole() {
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int partition = 0; partition < 1_100; partition++) {
            assignment.put(partition, List.of(2, 3));
        }
        cluster.create("large", assignment);

        List<String> toTwo = cluster.transcript.lines().stream()
                .filter(line -> line.startsWith("-> 2 ") && line.endsWith("0 partitions"))
                .toList();
        assertThat(toTwo)
                .containsExactly(
                        "-> 2 LeaderAndIsr 500 partitions",
                        "-> 2 LeaderAndIsr 500 partitions",
                        "-> 2 LeaderAndIsr 100 partitions",
                        "-> 2 UpdateMetadata live=[1, 2, 3] 1100 partitions");
    }

    @Test
    void takesNoteOfTopicsAndPartitionsOthersCreated() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        Map<String, CompletableFuture<Refusal>> outcome =
                cluster.active().createPartitions(List.of(new NewPartitions("t", 3, Optional.empty())), false);
        assertThat(cluster.run(outcome.get("t"))).isEqualTo(Refusal.NONE);
        assertThat(cluster.store.topic("t").orElseThrow().partitions()).hasSize(3);
        assertThat(cluster.store.state(new TopicPartition("t", 2))).isPresent();
    }

    @Test
    void aFailedDirectoryMovesTheLeaderOfWhatWasOnIt() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.sender.errors.put(T0, Errors.KAFKA_STORAGE_ERROR);
        cluster.sessions.get(1).adminPaths().announceLogDirFailure(2);
        cluster.sender.answeringErrors.add(2);
        cluster.executor.runAll();

        assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().leader())
                .isEqualTo(3);
        assertThat(cluster.store.logDirFailures).isEmpty();
    }

    @Test
    void spreadsAnIsrThatALeaderOfAnOldVersionWroteItself() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.store.writeIsr(T0, List.of(2));
        cluster.sessions.get(1).adminPaths().announceIsrChange(Set.of(T0));
        cluster.executor.runAll();
        assertThat(cluster.store.isrChanges).isEmpty();

        cluster.kill(2);
        assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().leader())
                .isEqualTo(-1);
    }

    @Test
    void readsAgainWhereSomebodyElseWroteTheStateFirst() {
        cluster.create("t", Map.of(0, List.of(2, 3, 1)));
        cluster.store.writeIsr(T0, List.of(2, 1));

        cluster.kill(2);

        assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().leader())
                .isEqualTo(1);
        assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().isr()).containsExactly(1);
    }

    @Test
    void electsPreferredLeadersOnRequestAndSaysWhereItIsNotNeeded() {
        cluster.create("t", Map.of(0, List.of(2, 3), 1, List.of(3, 2)));
        cluster.run(cluster.active().controlledShutdown(2, cluster.store.brokerEpoch(2)));
        cluster.store.startBroker(2, Optional.empty());
        cluster.executor.runAll();
        TopicPartition t1 = new TopicPartition("t", 1);
        TopicPartition unknown = new TopicPartition("x", 0);

        Map<TopicPartition, Controller.Election> outcome = cluster.run(
                cluster.active().electLeaders(ElectionType.PREFERRED, Optional.of(Set.of(T0, t1, unknown))));
        assertThat(outcome.get(T0).refusal().error()).isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(outcome.get(t1).refusal().error()).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        assertThat(outcome.get(unknown).refusal().error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);

        cluster.alterIsr("t", 0, List.of(3, 2));
        outcome = cluster.run(cluster.active().electLeaders(ElectionType.PREFERRED, Optional.of(Set.of(T0))));
        assertThat(outcome.get(T0).leader()).hasValue(2);
    }

    @Test
    void givesEachBrokerItsOwnProducerIdsOnlyToItsPresentIncarnation() {
        long epoch = cluster.store.brokerEpoch(2);
        assertThat(cluster.run(cluster.active().allocateProducerIds(2, epoch)).firstId())
                .isZero();
        assertThat(cluster.run(cluster.active().allocateProducerIds(2, epoch)).firstId())
                .isEqualTo(1000);
        assertThat(cluster.run(cluster.active().allocateProducerIds(2, epoch - 1))
                        .refusal()
                        .error())
                .isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(cluster.run(cluster.active().allocateProducerIds(9, epoch))
                        .refusal()
                        .error())
                .isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
    }

    @Test
    void followsALegacyReassignmentAndCleansItsNode() {
        cluster.create("t", Map.of(0, List.of(2, 3)));
        cluster.store.legacyReassignment =
                Optional.of(Map.of(T0, List.of(2, 1), new TopicPartition("gone", 0), List.of(1)));
        cluster.store.hint(ChangeHint.any(ChangeHint.Kind.LEGACY_REASSIGNMENT));
        cluster.executor.runAll();
        assertThat(cluster.store.legacyReassignment).contains(Map.of(T0, List.of(2, 1)));

        cluster.alterIsr("t", 0, List.of(2, 3, 1));
        assertThat(cluster.store.legacyReassignment).isEmpty();
        assertThat(cluster.store.topic("t").orElseThrow().partitions().get(0).replicas())
                .containsExactly(2, 1);
    }

    private void askReassignment(List<Integer> replicas) {
        cluster.store.askReassignment(Map.of(T0, replicas));
        cluster.executor.runAll();
    }

    private List<Integer> replicas() {
        return cluster.store.topic("t").orElseThrow().partitions().get(0).replicas();
    }

    @Test
    void takesUnknownBrokersFromTheNodeButNotFromARequestAndLetsARequestCancelIt() {
        cluster.create("t", Map.of(0, List.of(2)));
        assertThat(reassign(Optional.of(List.of(99))).error()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);

        askReassignment(List.of(99, 99));
        assertThat(replicas()).containsExactly(99, 2);
        assertThat(cluster.store.legacyReassignment).isPresent();

        assertThat(reassign(Optional.empty())).isEqualTo(Refusal.NONE);
        assertThat(replicas()).containsExactly(2);
        assertThat(cluster.store.legacyReassignment).isEmpty();
    }

    private Refusal reassign(Optional<List<Integer>> replicas) {
        return cluster.run(cluster.active().alterReassignments(Map.of(T0, replicas)))
                .partitions()
                .get(T0);
    }

    @Test
    void takesWhatIsWrittenOverAnEntryOfTheNodeAndNoEmptyList() {
        cluster.create("t", Map.of(0, List.of(2)));
        askReassignment(List.of(98));
        askReassignment(List.of(99));
        assertThat(replicas()).containsExactly(99, 2);

        cluster.store.legacyReassignment = Optional.empty();
        cluster.store.hint(ChangeHint.any(ChangeHint.Kind.LEGACY_REASSIGNMENT));
        cluster.executor.runAll();
        askReassignment(List.of(97));
        assertThat(replicas()).containsExactly(97, 2);

        reassign(Optional.empty());
        askReassignment(List.of());
        assertThat(replicas()).containsExactly(2);
        assertThat(cluster.store.legacyReassignment).isEmpty();
    }

    @Test
    void balancesLeadersWhileAReassignmentWaitsThatOfTheMovedPartitionToo() {
        cluster.create("t", Map.of(0, List.of(1)));
        cluster.create("u", Map.of(0, List.of(3, 1)));
        cluster.alterIsr("u", 0, List.of(3, 1));
        cluster.kill(2);
        cluster.kill(3);
        cluster.store.startBroker(3, Optional.empty());
        cluster.join(3);
        cluster.alterIsr("u", 0, List.of(1, 3));
        askReassignment(List.of(3, 2));
        cluster.alterIsr("t", 0, List.of(1, 3));

        cluster.executor.advance(5000);

        assertThat(leader(new TopicPartition("u", 0))).isEqualTo(3);
        assertThat(leader(T0)).isEqualTo(3);
        assertThat(replicas()).containsExactly(3, 2, 1);
    }

    private int leader(TopicPartition partition) {
        return cluster.store.state(partition).orElseThrow().leaderAndIsr().leader();
    }

    @Test
    void refusesTopicsWithKafkasErrors() {
        cluster.create("a.b", Map.of(0, List.of(1)));
        assertThat(refused(new NewTopic("a.b", 1, (short) 1, Map.of(), Map.of())))
                .isEqualTo(new Refusal(Errors.TOPIC_ALREADY_EXISTS, "Topic 'a.b' already exists."));
        assertThat(refused(new NewTopic("a_b", 1, (short) 1, Map.of(), Map.of())))
                .isEqualTo(
                        new Refusal(Errors.INVALID_TOPIC_EXCEPTION, "Topic 'a_b' collides with existing topics: a.b"));
        assertThat(refused(new NewTopic("bad name", 1, (short) 1, Map.of(), Map.of()))
                        .error())
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(refused(new NewTopic("c", 1, (short) 4, Map.of(), Map.of())))
                .isEqualTo(new Refusal(
                        Errors.INVALID_REPLICATION_FACTOR, "Replication factor: 4 larger than available brokers: 3."));
        assertThat(refused(new NewTopic("c", 0, (short) 1, Map.of(), Map.of())).error())
                .isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(refused(new NewTopic("c", -1, (short) -1, Map.of(1, List.of(1)), Map.of())))
                .isEqualTo(new Refusal(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence"));
    }

    private Refusal refused(NewTopic topic) {
        return cluster.run(cluster.active().createTopics(List.of(topic), false).get(topic.name()))
                .refusal();
    }

    @Test
    void twelveThousandReplicasCostNoMoreThanTheyMust() {
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int p = 0; p < 4000; p++) {
            List<Integer> replicas = new ArrayList<>(List.of(1, 2, 3));
            java.util.Collections.rotate(replicas, p);
            assignment.put(p, replicas);
        }
        int before = cluster.sender.commands;
        assertThat(cluster.create("big", assignment).refusal()).isEqualTo(Refusal.NONE);
        // eight parts and then the metadata, to each of three brokers
        assertThat(cluster.sender.commands - before).isEqualTo(8 * 3 + 3);

        before = cluster.sender.commands;
        cluster.kill(3);
        assertThat(cluster.sender.commands - before).isEqualTo(4);
        for (int p = 0; p < 4000; p++) {
            assertThat(cluster.store
                            .state(new TopicPartition("big", p))
                            .orElseThrow()
                            .leaderAndIsr()
                            .leader())
                    .isNotEqualTo(3);
        }
    }
}
