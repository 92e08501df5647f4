// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.controller.loop.ControllerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of long operations on one topic, in both orders, while nothing gets in sync (as under a throttle), also with a dead
 * broker and with a new controller in between. Once brokers are back and replicas in sync, all of it has ended: neither waits for
 * the other in a circle. Brokers move replicas between directories without the controller.
 */
class LongOperationsTest {
    private static final String TOPIC = "t";
    private static final TopicPartition T0 = new TopicPartition(TOPIC, 0);
    private static final int CONTROLLER = 1;
    private static final int TARGET = 4;

    private final Cluster cluster = new Cluster().start(CONTROLLER, 2, 3, TARGET, 5);
    private final List<CompletableFuture<?>> answers = new ArrayList<>();

    enum Operation {
        DELETE,
        REASSIGN,
        REASSIGN_AT_THE_NODE,
        CANCEL,
        ADD_PARTITIONS,
        ELECT_PREFERRED,
        ELECT_UNCLEAN,
        SHUT_DOWN_LEADER,
        SHUT_DOWN_TARGET
    }

    enum Meanwhile {
        NOTHING,
        TARGET_IS_DEAD,
        LEADER_DIES,
        NEW_CONTROLLER,
        TARGET_IS_DEAD_AND_NEW_CONTROLLER
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Operation.values())
                .flatMap(first -> Stream.of(Operation.values()).flatMap(second -> Stream.of(Meanwhile.values())
                        .map(meanwhile -> Arguments.of(first, second, meanwhile))));
    }

    @ParameterizedTest(name = "{0}, {2}, {1}")
    @MethodSource("pairs")
    void noneWaitsForAnotherInACircle(Operation first, Operation second, Meanwhile meanwhile) {
        cluster.create(TOPIC, Map.of(0, List.of(2, 3)));
        boolean targetDies =
                meanwhile == Meanwhile.TARGET_IS_DEAD || meanwhile == Meanwhile.TARGET_IS_DEAD_AND_NEW_CONTROLLER;
        if (targetDies) {
            cluster.kill(TARGET);
        }
        perform(first);
        if (meanwhile == Meanwhile.LEADER_DIES) {
            cluster.kill(2);
        }
        if (meanwhile == Meanwhile.NEW_CONTROLLER || meanwhile == Meanwhile.TARGET_IS_DEAD_AND_NEW_CONTROLLER) {
            cluster.kill(CONTROLLER);
        }
        perform(second);
        assertThat(answers).as("answered at once").allSatisfy(answer -> assertThat(answer)
                .isDone());

        bringBack();
        replicasGetInSync();

        assertAllHasEnded(first == Operation.DELETE || second == Operation.DELETE);
    }

    private void perform(Operation operation) {
        ControllerLoop controller = cluster.active();
        switch (operation) {
            case DELETE -> answers.addAll(controller.deleteTopics(Set.of(TOPIC)).values());
            case REASSIGN -> answers.add(controller.alterReassignments(Map.of(T0, Optional.of(List.of(TARGET, 3)))));
            case REASSIGN_AT_THE_NODE -> cluster.store.askReassignment(Map.of(T0, List.of(TARGET, 3)));
            case CANCEL -> answers.add(controller.alterReassignments(Map.of(T0, Optional.empty())));
            case ADD_PARTITIONS ->
                answers.addAll(controller
                        .createPartitions(List.of(new NewPartitions(TOPIC, 3, Optional.empty())), false)
                        .values());
            case ELECT_PREFERRED -> answers.add(controller.electLeaders(ElectionType.PREFERRED, Optional.empty()));
            case ELECT_UNCLEAN -> answers.add(controller.electLeaders(ElectionType.UNCLEAN, Optional.empty()));
            case SHUT_DOWN_LEADER -> shutDown(controller, 2);
            case SHUT_DOWN_TARGET -> shutDown(controller, TARGET);
            default -> throw new AssertionError(operation);
        }
        cluster.executor.runAll();
    }

    private void shutDown(ControllerLoop controller, int broker) {
        if (cluster.store.isRegistered(broker)) {
            answers.add(controller.controlledShutdown(broker, cluster.store.brokerEpoch(broker)));
        }
    }

    /** The brokers that may be dead or stopping come back, as new incarnations. */
    private void bringBack() {
        for (int broker : List.of(CONTROLLER, 2, TARGET)) {
            cluster.store.startBroker(broker, Optional.empty());
            cluster.executor.runAll();
        }
    }

    private void replicasGetInSync() {
        cluster.store.topic(TOPIC).ifPresent(topic -> topic.partitions().forEach((index, assignment) -> {
            List<Integer> alive = assignment.replicas().stream()
                    .filter(cluster.store::isRegistered)
                    .toList();
            cluster.alterIsr(TOPIC, index, alive);
        }));
    }

    private void assertAllHasEnded(boolean deleted) {
        assertThat(cluster.run(cluster.active().listReassignments(Optional.empty()))
                        .partitions())
                .isEmpty();
        assertThat(cluster.store.legacyReassignment).isEmpty();
        assertThat(cluster.store.isMarkedForDeletion(TOPIC)).isFalse();
        if (deleted) {
            assertThat(cluster.store.topic(TOPIC)).isEmpty();
            assertThat(cluster.create(TOPIC, Map.of(0, List.of(2, 3))).refusal())
                    .isEqualTo(Refusal.NONE);
        } else {
            assertThat(cluster.store
                            .topic(TOPIC)
                            .orElseThrow()
                            .partitions()
                            .get(0)
                            .isBeingReassigned())
                    .isFalse();
            assertThat(cluster.store.state(T0).orElseThrow().leaderAndIsr().leader())
                    .isNotEqualTo(-1);
        }
    }
}
