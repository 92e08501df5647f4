// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.event.EventLine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the controller does when a broker is suspected, and when it answers again. */
class SuspicionTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);
    private static final TopicPartition ORDERS_1 = new TopicPartition("orders", 1);

    private final Cluster cluster = new Cluster().start(1, 2, 3);

    @BeforeEach
    void createOrders() {
        title("topic orders is created");
        assertThat(cluster.create("orders", Map.of(0, List.of(2, 3, 1), 1, List.of(3, 2, 1)))
                        .refusal())
                .isEqualTo(Refusal.NONE);
    }

    private void title(String what) {
        cluster.executor.runAll();
        cluster.transcript.title(what);
    }

    private BrokerIncarnation incarnation(int id) {
        return new BrokerIncarnation(id, cluster.store.brokerEpoch(id));
    }

    private void suspect(int id) {
        cluster.active().brokerSuspected(incarnation(id), "it is silent");
        cluster.executor.runAll();
    }

    private void answers(int id) {
        cluster.active().brokerAnswered(incarnation(id));
        cluster.executor.runAll();
    }

    private LeaderAndIsr state(TopicPartition partition) {
        return cluster.store.state(partition).orElseThrow().leaderAndIsr();
    }

    private List<String> events() {
        return cluster.events.stream().map(EventLine::of).toList();
    }

    @Test
    void aSuspectedBrokerLeadsNothingUntilItAnswersAndCatchesUp() {
        title("broker 2 is suspected");
        suspect(2);
        title("broker 2 answers");
        answers(2);
        title("the leader proposes it for the ISR");
        assertThat(cluster.alterIsr("orders", 0, List.of(3, 1, 2)).error()).isEqualTo(Errors.NONE);
        title("its preferred leadership comes back by itself");
        cluster.executor.advance(5000);

        assertThat(state(ORDERS_0).leader()).isEqualTo(2);
        assertThat(events())
                .contains(
                        "broker-suspected broker=2 brokerEpoch=" + cluster.store.brokerEpoch(2)
                                + " led=1 controllerEpoch=1 why=\"it is silent\"",
                        "broker-trusted broker=2 brokerEpoch=" + cluster.store.brokerEpoch(2)
                                + " leads=0 controllerEpoch=1 why=\"it answered\"");
        cluster.transcript.assertMatches("broker-suspected-and-answers");
    }

    @Test
    void theDeathOfASuspectedBrokerMovesNothingMore() {
        title("broker 2 is suspected");
        suspect(2);
        LeaderAndIsr suspected = state(ORDERS_0);
        title("broker 2 dies");
        cluster.kill(2);

        assertThat(state(ORDERS_0)).isEqualTo(suspected);
        cluster.transcript.assertMatches("suspected-broker-dies");
    }

    @Test
    void aSuspectedLeaderThatIsAloneInSyncStaysUntilItIsGone() {
        cluster.store.config("orders", "unclean.leader.election.enable", "true");
        title("only 2 is in sync");
        cluster.alterIsr("orders", 0, List.of(2));
        title("broker 2 is suspected");
        suspect(2);
        assertThat(state(ORDERS_0).leader()).isEqualTo(2);
        title("3 has caught up");
        assertThat(cluster.alterIsr("orders", 0, List.of(2, 3)).error()).isEqualTo(Errors.NONE);
        assertThat(cluster.alterIsr("orders", 0, List.of(2)).error()).isEqualTo(Errors.NONE);
        title("broker 2 answers");
        answers(2);
        title("broker 2 is suspected again, and dies");
        suspect(2);
        cluster.kill(2);

        assertThat(state(ORDERS_0).leader()).isEqualTo(3);
        cluster.transcript.assertMatches("suspected-leader-alone-in-sync");
    }

    @Test
    void nobodyOutOfSyncLeadsWhileTheOneInSyncIsSuspectedAndShutsDown() {
        cluster.store.config("orders", "unclean.leader.election.enable", "true");
        cluster.alterIsr("orders", 0, List.of(2));
        cluster.run(cluster.active().controlledShutdown(2, cluster.store.brokerEpoch(2)));
        LeaderAndIsr before = state(ORDERS_0);
        suspect(2);
        assertThat(before.leader()).isEqualTo(2);
        assertThat(state(ORDERS_0)).isEqualTo(before);
    }

    @Test
    void aSuspectedBrokerMayNotEnterAnIsr() {
        suspect(2);
        assertThat(cluster.alterIsr("orders", 0, List.of(3, 1, 2)).error()).isEqualTo(Errors.INELIGIBLE_REPLICA);
        answers(2);
        assertThat(cluster.alterIsr("orders", 0, List.of(3, 1, 2)).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void noMoreThanHalfOfTheBrokersAreSuspected() {
        suspect(2);
        suspect(3);
        assertThat(state(ORDERS_1).leader()).isEqualTo(3);
        assertThat(events())
                .anyMatch(line -> line.startsWith("broker-not-suspected broker=3")
                        && line.endsWith("why=\"with it 2 of 3 brokers would be suspected\""));
        answers(2);
        suspect(3);
        assertThat(state(ORDERS_1).leader()).isEqualTo(1);
    }

    @Test
    void neverTheControllerItselfNorAnotherIncarnation() {
        LeaderAndIsr before = state(ORDERS_0);
        suspect(1);
        cluster.active().brokerSuspected(new BrokerIncarnation(2, cluster.store.brokerEpoch(2) - 1), "it is silent");
        cluster.executor.runAll();
        assertThat(state(ORDERS_0)).isEqualTo(before);
        assertThat(events().stream().filter(line -> line.startsWith("broker-not-suspected")))
                .hasSize(2);
    }

    @Test
    void anotherIncarnationIsNotSuspected() {
        suspect(2);
        BrokerIncarnation former = incarnation(2);
        cluster.store.startBroker(2, Optional.empty());
        cluster.executor.runAll();
        assertThat(incarnation(2)).isNotEqualTo(former);
        cluster.active().brokerSuspected(former, "it was silent");
        cluster.executor.runAll();

        assertThat(cluster.alterIsr("orders", 0, List.of(3, 1, 2)).error()).isEqualTo(Errors.NONE);
        cluster.executor.advance(5000);
        assertThat(state(ORDERS_0).leader()).isEqualTo(2);
    }

    @Test
    void aNewControllerStartsWithoutSuspicions() {
        suspect(3);
        title("broker 1, the controller, dies");
        cluster.kill(1);
        assertThat(cluster.alterIsr("orders", 0, List.of(2, 3)).error()).isEqualTo(Errors.NONE);
        cluster.create("more", Map.of(0, List.of(3, 2)));
        assertThat(state(new TopicPartition("more", 0)).leader()).isEqualTo(3);
        cluster.transcript.assertMatches("suspicion-ends-with-the-term");
    }

    @Test
    void newPartitionsAreAssignedToASuspectedBrokerButLedByOthers() {
        suspect(2);
        assertThat(cluster.create("more", Map.of(0, List.of(2, 3))).refusal()).isEqualTo(Refusal.NONE);
        assertThat(state(new TopicPartition("more", 0)).leader()).isEqualTo(3);
        assertThat(state(new TopicPartition("more", 0)).isr()).containsExactly(3);
    }

    @Test
    void aDeletionWaitsForTheAnswerOfASuspectedBroker() {
        cluster.sender.hanging.add(2);
        suspect(2);
        assertThat(cluster.run(cluster.active().deleteTopics(Set.of("orders")).get("orders")))
                .isEqualTo(Refusal.NONE);
        assertThat(cluster.store.topic("orders")).isPresent();
        cluster.sender.hanging.remove(2);
        cluster.store.startBroker(2, Optional.empty());
        cluster.executor.runAll();
        assertThat(cluster.store.topic("orders")).isEmpty();
    }
}
