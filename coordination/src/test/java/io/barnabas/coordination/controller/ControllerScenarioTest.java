// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Whole scenarios against texts one can review: every write to the store and every command to a broker, in order. */
class ControllerScenarioTest {
    private final Cluster cluster = new Cluster().start(1, 2, 3);
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);

    private void title(String what) {
        cluster.executor.runAll();
        cluster.transcript.title(what);
    }

    private void createOrders() {
        title("topic orders is created");
        assertThat(cluster.create("orders", Map.of(0, List.of(2, 3, 1), 1, List.of(3, 2, 1)))
                        .refusal())
                .isEqualTo(Refusal.NONE);
    }

    @Test
    void aBrokerDiesAndReturns() {
        createOrders();
        title("broker 2 dies");
        cluster.kill(2);
        title("broker 2 returns");
        cluster.store.startBroker(2, Optional.empty());
        cluster.join(2);
        title("the leader proposes it for the ISR");
        assertThat(cluster.alterIsr("orders", 0, List.of(3, 1, 2)).error()).isEqualTo(Errors.NONE);
        title("its preferred leadership comes back by itself");
        cluster.executor.advance(5000);
        cluster.transcript.assertMatches("broker-dies-and-returns");
    }

    @Test
    void aBrokerStopsInGoodOrder() {
        createOrders();
        title("broker 2 asks to stop");
        ShutdownDecision decision = cluster.run(cluster.active().controlledShutdown(2, cluster.store.brokerEpoch(2)));
        assertThat(decision.refusal()).isEqualTo(Refusal.NONE);
        assertThat(decision.remaining()).isEmpty();
        title("broker 2 is gone");
        cluster.kill(2);
        cluster.transcript.assertMatches("controlled-shutdown");
    }

    @Test
    void theControllerDies() {
        createOrders();
        title("broker 1, the controller, dies");
        cluster.kill(1);
        assertThat(cluster.store.controller()).isEqualTo(OptionalInt.of(2));
        assertThat(cluster.active().epoch()).isEqualTo(2);
        cluster.transcript.assertMatches("controller-failover");
    }

    @Test
    void aPartitionIsReassigned() {
        cluster.store.startBroker(4, Optional.empty());
        cluster.executor.runAll();
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(1, 2)));
        title("its replicas are asked to be 3 and 4");
        Map<TopicPartition, Optional<List<Integer>>> target = Map.of(ORDERS_0, Optional.of(List.of(3, 4)));
        assertThat(cluster.run(cluster.active().alterReassignments(target)).partitions())
                .containsExactly(Map.entry(ORDERS_0, Refusal.NONE));
        assertThat(cluster.run(cluster.active().listReassignments(Optional.empty()))
                        .partitions())
                .containsOnlyKeys(ORDERS_0);
        title("3 is in sync");
        cluster.alterIsr("orders", 0, List.of(1, 2, 3));
        title("4 is in sync too");
        cluster.alterIsr("orders", 0, List.of(1, 2, 3, 4));
        assertThat(cluster.run(cluster.active().listReassignments(Optional.empty()))
                        .partitions())
                .isEmpty();
        cluster.transcript.assertMatches("reassignment");
    }

    @Test
    void aReassignmentIsCancelled() {
        createOrders();
        cluster.store.startBroker(4, Optional.empty());
        title("orders-0 is to move from 1 to 4");
        cluster.run(cluster.active().alterReassignments(Map.of(ORDERS_0, Optional.of(List.of(2, 3, 4)))));
        title("it is cancelled");
        cluster.run(cluster.active().alterReassignments(Map.of(ORDERS_0, Optional.empty())));
        cluster.transcript.assertMatches("reassignment-cancelled");
    }

    @Test
    void aTopicIsDeletedWhileABrokerIsDead() {
        createOrders();
        title("broker 3 dies");
        cluster.kill(3);
        title("orders is deleted");
        assertThat(cluster.run(cluster.active().deleteTopics(Set.of("orders")).get("orders")))
                .isEqualTo(Refusal.NONE);
        title("broker 3 returns");
        cluster.store.startBroker(3, Optional.empty());
        cluster.executor.runAll();
        assertThat(cluster.store.topic("orders")).isEmpty();
        cluster.transcript.assertMatches("deletion-with-a-dead-broker");
    }

    @Test
    void anUncleanLeaderIsElectedOnlyWhereAllowed() {
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(2, 3)));
        title("3 leaves the ISR");
        cluster.alterIsr("orders", 0, List.of(2));
        title("2 dies");
        cluster.kill(2);
        assertThat(cluster.store.state(ORDERS_0).orElseThrow().leaderAndIsr().leader())
                .isEqualTo(-1);
        title("unclean election is allowed");
        cluster.store.config("orders", "unclean.leader.election.enable", "true");
        cluster.active().uncleanElectionEnabled("orders");
        cluster.executor.runAll();
        cluster.transcript.assertMatches("unclean-election");
    }

    @Test
    void aReassignmentThroughTheNodeWaitsForADeadBroker() {
        createToMoveTo2();
        title("broker 2 dies");
        cluster.kill(2);
        title("its replica is asked to be 2, at /admin/reassign_partitions");
        cluster.store.askReassignment(Map.of(ORDERS_0, List.of(2)));
        cluster.executor.runAll();
        assertThat(cluster.store.legacyReassignment).contains(Map.of(ORDERS_0, List.of(2)));
        assertThat(leaderAndIsr().leaderEpoch()).isEqualTo(1);
        returnOf2CompletesIt();
        assertThat(leaderAndIsr().leaderEpoch()).isEqualTo(4);
        cluster.transcript.assertMatches("reassignment-to-a-dead-broker");
    }

    @Test
    void aReassignmentThroughTheNodeWaitsUnderANewControllerToo() {
        createToMoveTo2();
        cluster.kill(2);
        cluster.store.askReassignment(Map.of(ORDERS_0, List.of(2)));
        title("broker 1, the controller, dies while it waits");
        cluster.kill(1);
        assertThat(cluster.store.legacyReassignment).contains(Map.of(ORDERS_0, List.of(2)));
        assertThat(leaderAndIsr().leaderEpoch()).as("raised once").isEqualTo(2);
        returnOf2CompletesIt();
        assertThat(leaderAndIsr().leaderEpoch()).isEqualTo(5);
        cluster.transcript.assertMatches("reassignment-to-a-dead-broker-and-a-new-controller");
    }

    private void createToMoveTo2() {
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(3)));
    }

    private void returnOf2CompletesIt() {
        title("broker 2 returns");
        cluster.store.startBroker(2, Optional.empty());
        cluster.join(2);
        title("it is in sync");
        cluster.alterIsr("orders", 0, List.of(3, 2));
        assertThat(cluster.store.legacyReassignment).isEmpty();
        assertThat(leaderAndIsr().leader()).isEqualTo(2);
    }

    private LeaderAndIsr leaderAndIsr() {
        return cluster.store.state(ORDERS_0).orElseThrow().leaderAndIsr();
    }

    @Test
    void aDeletionEndsTheReassignmentOfItsTopic() {
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(1)));
        title("its replicas are asked to be 2 and 3, which never get in sync");
        cluster.run(cluster.active().alterReassignments(Map.of(ORDERS_0, Optional.of(List.of(2, 3)))));
        title("orders is deleted");
        assertThat(delete("orders")).isEqualTo(Refusal.NONE);
        assertThat(cluster.store.topic("orders")).isEmpty();
        assertThat(reassigning()).isEmpty();
        title("it is created again");
        cluster.create("orders", Map.of(0, List.of(1)));
        cluster.transcript.assertMatches("deletion-ends-a-reassignment");
    }

    @Test
    void aDeletionThatWaitsForADeadBrokerEndsTheReassignmentToItAndSaysSo() {
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(2)));
        cluster.kill(3);
        title("its replica is asked to be 3, which is dead, at /admin/reassign_partitions");
        cluster.store.askReassignment(Map.of(ORDERS_0, List.of(3)));
        title("orders is deleted");
        assertThat(delete("orders")).isEqualTo(Refusal.NONE);
        assertThat(reassigning()).isEmpty();
        assertThat(cluster.store.legacyReassignment).isEmpty();
        title("it is created again, in vain");
        Refusal marked = new Refusal(
                Errors.TOPIC_ALREADY_EXISTS, "Topic 'orders' is marked for deletion. It waits: brokers [3] are down.");
        assertThat(cluster.create("orders", Map.of(0, List.of(2))).refusal()).isEqualTo(marked);
        title("broker 1, the controller, dies");
        cluster.kill(1);
        assertThat(reassigning()).isEmpty();
        assertThat(cluster.create("orders", Map.of(0, List.of(2))).refusal()).isEqualTo(marked);
        title("broker 3 returns");
        cluster.store.startBroker(3, Optional.empty());
        cluster.join(3);
        assertThat(cluster.store.topic("orders")).isEmpty();
        assertThat(cluster.create("orders", Map.of(0, List.of(2))).refusal()).isEqualTo(Refusal.NONE);
        cluster.transcript.assertMatches("deletion-ends-a-reassignment-to-a-dead-broker");
    }

    @Test
    void anUncleanElectionCompletesAReassignment() {
        title("topic orders is created");
        cluster.create("orders", Map.of(0, List.of(3)));
        title("its replica is asked to be 2");
        cluster.run(cluster.active().alterReassignments(Map.of(ORDERS_0, Optional.of(List.of(2)))));
        title("3, the only one in sync, dies");
        cluster.kill(3);
        title("unclean election is allowed");
        cluster.store.config("orders", "unclean.leader.election.enable", "true");
        cluster.active().uncleanElectionEnabled("orders");
        cluster.executor.runAll();
        assertThat(reassigning()).isEmpty();
        cluster.transcript.assertMatches("unclean-election-completes-a-reassignment");
    }

    private Refusal delete(String topic) {
        return cluster.run(cluster.active().deleteTopics(Set.of(topic)).get(topic));
    }

    private Map<TopicPartition, ReplicaAssignment> reassigning() {
        return cluster.run(cluster.active().listReassignments(Optional.empty())).partitions();
    }

    @Test
    void metadataTellsOfALeaderOnceItHasAnswered() {
        cluster.sender.slow.add(2);
        title("topic orders is created; its leader 2 is slow");
        var created = cluster.active()
                .createTopics(
                        List.of(new NewTopic("orders", -1, (short) -1, Map.of(0, List.of(2, 3)), Map.of())), false)
                .get("orders");
        cluster.executor.runAll();
        cluster.executor.advance(249);
        assertThat(created).isNotDone();
        title("it answers");
        cluster.sender.answerLate(2);
        assertThat(cluster.run(created).refusal()).isEqualTo(Refusal.NONE);
        cluster.sender.slow.add(3);
        title("broker 2 dies; the new leader 3 is slow");
        cluster.kill(2);
        title("another topic, led by 1, is created meanwhile");
        cluster.active()
                .createTopics(List.of(new NewTopic("other", -1, (short) -1, Map.of(0, List.of(1)), Map.of())), false);
        title("3 answers");
        cluster.sender.answerLate(3);
        title("all is said");
        cluster.transcript.assertMatches("leader-answers-late");
    }

    @Test
    void aLeaderThatDoesNotAnswerHoldsMetadataBackOnce() {
        cluster.sender.slow.add(2);
        title("topic orders is created; its leader 2 does not answer");
        cluster.active()
                .createTopics(
                        List.of(new NewTopic("orders", -1, (short) -1, Map.of(0, List.of(2, 3)), Map.of())), false);
        cluster.executor.runAll();
        cluster.executor.advance(249);
        title("250 ms are over");
        cluster.executor.advance(1);
        title("another topic with that leader is created");
        cluster.create("second", Map.of(0, List.of(2, 3)));
        title("2 answers, and is slow again with a third topic");
        cluster.sender.answerLate(2);
        cluster.executor.runAll();
        cluster.sender.slow.add(2);
        cluster.active()
                .createTopics(
                        List.of(new NewTopic("third", -1, (short) -1, Map.of(0, List.of(2, 3)), Map.of())), false);
        title("it answers");
        cluster.sender.answerLate(2);
        title("all is said");
        cluster.transcript.assertMatches("leader-does-not-answer");
    }
}
