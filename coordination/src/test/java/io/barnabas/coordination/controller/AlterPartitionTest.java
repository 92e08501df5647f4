// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controller's answers to what leaders propose, by Kafka's error codes. */
class AlterPartitionTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private final Cluster cluster = new Cluster().start(1, 2, 3);

    @BeforeEach
    void createTopic() {
        cluster.create("t", Map.of(0, List.of(1, 2, 3)));
    }

    private LeaderAndIsr now() {
        return cluster.store.state(T0).orElseThrow().leaderAndIsr();
    }

    private Uuid id() {
        return cluster.store.topic("t").orElseThrow().id().orElseThrow();
    }

    private IsrProposal.Partition change(int leaderEpoch, int partitionEpoch, List<IsrProposal.Member> isr) {
        return new IsrProposal.Partition("t", id(), 0, leaderEpoch, isr, LeaderRecoveryState.RECOVERED, partitionEpoch);
    }

    private static List<IsrProposal.Member> isr(int... ids) {
        List<IsrProposal.Member> members = new ArrayList<>();
        for (int id : ids) {
            members.add(new IsrProposal.Member(id, -1));
        }
        return members;
    }

    private IsrDecision ask(IsrProposal.Partition change, boolean byId) {
        return cluster.run(cluster.active()
                .alterPartition(new IsrProposal(1, cluster.store.brokerEpoch(1), byId, List.of(change))));
    }

    private Errors error(IsrProposal.Partition change) {
        return ask(change, true).partitions().get(0).error();
    }

    @Test
    void writesWhatALeaderProposesUnderTheSameLeaderEpoch() {
        IsrDecision.Partition answer =
                ask(change(0, 0, isr(1, 2)), true).partitions().get(0);

        assertThat(answer.leaderAndIsr())
                .contains(new LeaderAndIsr(1, 0, List.of(1, 2), LeaderRecoveryState.RECOVERED, 1));
        assertThat(now()).isEqualTo(answer.leaderAndIsr().orElseThrow());
    }

    @Test
    void answersARepeatedProposalWithWhatStandsAndWritesNothing() {
        ask(change(0, 0, isr(1, 2)), true);

        IsrDecision.Partition again =
                ask(change(0, 0, isr(1, 2)), true).partitions().get(0);

        assertThat(again.error()).isEqualTo(Errors.NONE);
        assertThat(again.leaderAndIsr().orElseThrow().partitionEpoch()).isEqualTo(1);
        assertThat(now().partitionEpoch()).isEqualTo(1);
    }

    @Test
    void refusesByEpochsAsKafkaDoes() {
        ask(change(0, 0, isr(1, 2)), true);
        cluster.run(cluster.active().controlledShutdown(1, cluster.store.brokerEpoch(1)));
        int leaderEpoch = now().leaderEpoch();
        int version = now().partitionEpoch();

        assertThat(error(change(leaderEpoch - 1, version, isr(1)))).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(error(change(leaderEpoch + 1, version, isr(1)))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(error(change(leaderEpoch, version + 1, isr(1)))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(error(change(leaderEpoch, version - 1, isr(1)))).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    }

    @Test
    void refusesAStaleOrUnknownProposer() {
        long epoch = cluster.store.brokerEpoch(1);
        IsrProposal.Partition change = change(0, 0, isr(1));

        assertThat(cluster.run(cluster.active().alterPartition(new IsrProposal(1, epoch - 1, true, List.of(change))))
                        .error())
                .isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(cluster.run(cluster.active().alterPartition(new IsrProposal(9, epoch, true, List.of(change))))
                        .error())
                .isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    @Test
    void refusesWhereItIsNotTheController() {
        IsrProposal proposal = new IsrProposal(1, cluster.store.brokerEpoch(1), true, List.of());
        assertThat(cluster.run(cluster.controllers.get(2).alterPartition(proposal))
                        .error())
                .isEqualTo(Errors.NOT_CONTROLLER);
    }

    @Test
    void namesAnUnknownTopicByHowItWasNamed() {
        IsrProposal.Partition unknown =
                new IsrProposal.Partition("x", Uuid.randomUuid(), 0, 0, isr(1), LeaderRecoveryState.RECOVERED, 0);
        assertThat(ask(unknown, true).partitions().get(0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(ask(unknown, false).partitions().get(0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void refusesAReplicaThatIsNotAliveWithTheCodeOfTheVersion() {
        cluster.kill(3);
        LeaderAndIsr now = now();
        IsrProposal.Partition change = change(now.leaderEpoch(), now.partitionEpoch(), isr(1, 2, 3));

        assertThat(ask(change, true).partitions().get(0).error()).isEqualTo(Errors.INELIGIBLE_REPLICA);
        assertThat(ask(change, false).partitions().get(0).error()).isEqualTo(Errors.OPERATION_NOT_ATTEMPTED);
    }

    @Test
    void refusesAReplicaOfAnEarlierIncarnation() {
        ask(change(0, 0, isr(1, 2)), true);
        long former = cluster.store.brokerEpoch(3);
        cluster.store.startBroker(3, Optional.empty());
        cluster.executor.runAll();
        LeaderAndIsr now = now();
        List<IsrProposal.Member> members = new ArrayList<>(isr(1, 2));
        members.add(new IsrProposal.Member(3, former));

        assertThat(error(change(now.leaderEpoch(), now.partitionEpoch(), members)))
                .isEqualTo(Errors.INELIGIBLE_REPLICA);
    }

    @Test
    void refusesRecoveringStatesThatCannotBe() {
        IsrProposal.Partition recovering =
                new IsrProposal.Partition("t", id(), 0, 0, isr(1), LeaderRecoveryState.RECOVERING, 0);
        assertThat(error(recovering)).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void decidesTwoProposalsForOnePartitionOneAfterTheOther() {
        long epoch = cluster.store.brokerEpoch(1);
        CompletableFuture<IsrDecision> first =
                cluster.active().alterPartition(new IsrProposal(1, epoch, true, List.of(change(0, 0, isr(1, 2)))));
        CompletableFuture<IsrDecision> second =
                cluster.active().alterPartition(new IsrProposal(1, epoch, true, List.of(change(0, 0, isr(1)))));
        cluster.executor.runAll();

        assertThat(first.join().partitions().get(0).error()).isEqualTo(Errors.NONE);
        assertThat(second.join().partitions().get(0).error()).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        assertThat(now().isr()).containsExactly(1, 2);
    }
}
