// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.replica.partition.IsrProposals.Answer;
import io.barnabas.replica.partition.IsrProposals.MemberEpoch;
import io.barnabas.replica.partition.IsrProposals.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlterPartitionProposalsTest {
    private static final Uuid ID = new Uuid(4, 4);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong brokerEpoch = new AtomicLong(7);
    private final List<AlterPartitionRequest> sent = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<AbstractResponse>> answers = new CopyOnWriteArrayList<>();
    private final ControllerChannel controller = new ControllerChannel() {
        @Override
        public CompletableFuture<AbstractResponse> send(AbstractRequest request, Duration deadline) {
            CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
            answers.add(answer);
            sent.add((AlterPartitionRequest) request);
            return answer;
        }

        @Override
        public void close() {}
    };
    private final AlterPartitionProposals proposals =
            new AlterPartitionProposals(controller, 3, brokerEpoch::get, ProtocolVersion.IBP_3_9_IV0, timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private static Proposal proposal(int partition) {
        return new Proposal(
                new TopicPartition("t", partition),
                ID,
                new LeaderAndIsr(
                        3, 2, List.of(3, 4), io.barnabas.coordination.cluster.LeaderRecoveryState.RECOVERED, 11),
                List.of(new MemberEpoch(3, 7L), new MemberEpoch(4, 8L)));
    }

    private static AlterPartitionResponse accepting(AlterPartitionRequest request) {
        AlterPartitionResponseData data = new AlterPartitionResponseData();
        for (AlterPartitionRequestData.TopicData topic : request.data().topics()) {
            AlterPartitionResponseData.TopicData answered =
                    new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId());
            topic.partitions().forEach(partition -> answered.partitions()
                    .add(new AlterPartitionResponseData.PartitionData()
                            .setPartitionIndex(partition.partitionIndex())
                            .setLeaderId(3)
                            .setLeaderEpoch(partition.leaderEpoch())
                            .setIsr(List.of(3, 4))
                            .setPartitionEpoch(partition.partitionEpoch() + 1)));
            data.topics().add(answered);
        }
        return new AlterPartitionResponse(data);
    }

    private static AlterPartitionResponse refusing(Errors error) {
        return new AlterPartitionResponse(new AlterPartitionResponseData().setErrorCode(error.code()));
    }

    @Test
    void sendsWhatCameMeanwhileInOneRequestWhenTheFirstIsAnswered() {
        CompletableFuture<Answer> first = proposals.propose(proposal(0));
        CompletableFuture<Answer> second = proposals.propose(proposal(1));
        CompletableFuture<Answer> third = proposals.propose(proposal(2));
        assertThat(sent).hasSize(1);

        answers.get(0).complete(accepting(sent.get(0)));

        assertThat(first.join().state().partitionEpoch()).isEqualTo(12);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).data().topics().get(0).partitions()).hasSize(2);
        answers.get(1).complete(accepting(sent.get(1)));
        assertThat(second.join().error()).isEqualTo(Errors.NONE);
        assertThat(third.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void namesTopicsByIdAndMembersWithTheirEpochs() {
        proposals.propose(proposal(0));

        AlterPartitionRequest request = sent.get(0);
        assertThat(request.version()).isEqualTo((short) 3);
        assertThat(request.data().topics().get(0).topicId()).isEqualTo(ID);
        assertThat(request.data().topics().get(0).partitions().get(0).newIsrWithEpochs())
                .extracting(AlterPartitionRequestData.BrokerState::brokerEpoch)
                .containsExactly(7L, 8L);
    }

    @Test
    void triesAgainWithTheNewBrokerEpochWhenItsOwnWasStale() {
        CompletableFuture<Answer> answer = proposals.propose(proposal(0));
        brokerEpoch.set(20);
        answers.get(0).complete(refusing(Errors.STALE_BROKER_EPOCH));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sent).hasSize(2));
        assertThat(sent.get(1).data().brokerEpoch()).isEqualTo(20);
        assertThat(answer).isNotDone();
        answers.get(1).complete(accepting(sent.get(1)));
        assertThat(answer.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void tellsThePartitionItsOwnError() {
        CompletableFuture<Answer> answer = proposals.propose(proposal(0));
        AlterPartitionResponse response = accepting(sent.get(0));
        response.data().topics().get(0).partitions().get(0).setErrorCode(Errors.INELIGIBLE_REPLICA.code());
        answers.get(0).complete(response);

        assertThat(answer.join()).isEqualTo(Answer.refused(Errors.INELIGIBLE_REPLICA));
    }

    @Test
    void proposesAgainWhatTheControllerLeftOut() {
        CompletableFuture<Answer> answer = proposals.propose(proposal(0));
        answers.get(0).complete(new AlterPartitionResponse(new AlterPartitionResponseData()));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sent).hasSize(2));
        answers.get(1).complete(accepting(sent.get(1)));
        assertThat(answer.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void allowsOneProposalPerPartition() {
        proposals.propose(proposal(0));
        assertThat(proposals.propose(proposal(0)).join()).isEqualTo(Answer.refused(Errors.OPERATION_NOT_ATTEMPTED));
    }
}
