// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.protocol.LivenessCodec;
import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.IsrDecision;
import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.ShutdownDecision;
import io.barnabas.coordination.controller.TopicCreation;
import io.barnabas.coordination.liveness.Evidence;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The handlers' answers, given what the controller says. */
class ControllerHandlersTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Deadlines deadlines = new Deadlines(timer);
    private final Map<String, Function<Object[], Object>> says = new HashMap<>();
    private final Controller controller = (Controller) Proxy.newProxyInstance(
            Controller.class.getClassLoader(),
            new Class<?>[] {Controller.class},
            (proxy, method, args) -> says.get(method.getName()).apply(args));

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private final List<Evidence.Reported> reports = new ArrayList<>();

    private void active(boolean active) {
        says.put("isActive", args -> active);
    }

    private CreatableTopicResult[] create(int timeoutMs, String... names) {
        CreatableTopicCollection topics = new CreatableTopicCollection(names.length);
        for (String name : names) {
            topics.add(new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1));
        }
        CreateTopicsRequest request = new CreateTopicsRequest.Builder(
                        new CreateTopicsRequestData().setTimeoutMs(timeoutMs).setTopics(topics))
                .build((short) 7);
        CreateTopicsResponse response =
                (CreateTopicsResponse) new CreateTopicsHandler(controller, configs -> List.of(), deadlines)
                        .handle(request, null)
                        .toCompletableFuture()
                        .join();
        return response.data().topics().toArray(CreatableTopicResult[]::new);
    }

    private void creating(Function<NewTopic, CompletableFuture<TopicCreation>> outcome) {
        says.put("createTopics", args -> {
            Map<String, CompletableFuture<TopicCreation>> outcomes = new HashMap<>();
            ((Collection<?>) args[0])
                    .forEach(topic -> outcomes.put(((NewTopic) topic).name(), outcome.apply((NewTopic) topic)));
            return outcomes;
        });
    }

    @Test
    void refusesToCreateWhereItIsNotTheController() {
        active(false);
        creating(topic -> new CompletableFuture<>());
        assertThat(create(1000, "t")[0].errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());
    }

    @Test
    void tellsIdAndSizeOfACreatedTopicAndRefusesTheMetadataTopic() {
        active(true);
        Uuid id = Uuid.randomUuid();
        creating(topic ->
                CompletableFuture.completedFuture(new TopicCreation(Refusal.NONE, id, Map.of(0, List.of(1, 2)))));
        CreatableTopicResult[] results = create(1000, "t", "__cluster_metadata");
        assertThat(results[0].topicId()).isEqualTo(id);
        assertThat(results[0].replicationFactor()).isEqualTo((short) 2);
        assertThat(results[1].errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void refusesATopicNamedTwice() {
        active(true);
        creating(topic -> new CompletableFuture<>());
        CreatableTopicResult[] results = create(1000, "t", "t");
        assertThat(results).hasSize(2);
        assertThat(results[1].errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(results[1].errorMessage()).isEqualTo("Found multiple entries for this topic.");
    }

    @Test
    void answersByTheDeadlineThatTheTopicIsLate() {
        active(true);
        creating(topic -> new CompletableFuture<>());
        assertThat(create(20, "t")[0].errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(create(0, "t")[0].errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void namesTopicsInAlterPartitionAsTheVersionDoes() {
        Uuid id = Uuid.randomUuid();
        LeaderAndIsr now = new LeaderAndIsr(1, 4, List.of(1, 2), LeaderRecoveryState.RECOVERED, 7);
        says.put("alterPartition", args -> {
            IsrProposal proposal = (IsrProposal) args[0];
            assertThat(proposal.partitions().get(0).isr()).containsExactly(new IsrProposal.Member(1, 11));
            return CompletableFuture.completedFuture(new IsrDecision(
                    Errors.NONE, List.of(new IsrDecision.Partition("t", id, 0, Errors.NONE, Optional.of(now)))));
        });
        AlterPartitionRequestData data = new AlterPartitionRequestData()
                .setBrokerId(1)
                .setBrokerEpoch(11)
                .setTopics(List.of(new AlterPartitionRequestData.TopicData()
                        .setTopicId(id)
                        .setPartitions(List.of(new AlterPartitionRequestData.PartitionData()
                                .setPartitionIndex(0)
                                .setNewIsrWithEpochs(List.of(new AlterPartitionRequestData.BrokerState()
                                        .setBrokerId(1)
                                        .setBrokerEpoch(11)))))));
        AlterPartitionResponse response = (AlterPartitionResponse) new AlterPartitionHandler(controller, reports::add)
                .handle(new AlterPartitionRequest(data, (short) 3), null)
                .toCompletableFuture()
                .join();
        assertThat(response.data().topics().get(0).topicId()).isEqualTo(id);
        assertThat(response.data().topics().get(0).partitions().get(0).partitionEpoch())
                .isEqualTo(7);
    }

    @Test
    void takesAReportOfADeathWithoutAskingTheController() {
        Evidence.Reported report = new Evidence.Reported(new BrokerIncarnation(1, 11), new BrokerIncarnation(2, 12));
        AlterPartitionResponse response = (AlterPartitionResponse) new AlterPartitionHandler(controller, reports::add)
                .handle(LivenessCodec.report(report), null)
                .toCompletableFuture()
                .join();
        assertThat(response.data().errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(reports).containsExactly(report);
    }

    @Test
    void tellsWhatAStoppingBrokerStillLeads() {
        says.put(
                "controlledShutdown",
                args -> CompletableFuture.completedFuture(
                        new ShutdownDecision(Refusal.NONE, Set.of(new TopicPartition("t", 3)))));
        ControlledShutdownRequest request = new ControlledShutdownRequest.Builder(
                        new ControlledShutdownRequestData().setBrokerId(2).setBrokerEpoch(5), (short) 3)
                .build((short) 3);
        ControlledShutdownResponse response = (ControlledShutdownResponse) new ControlledShutdownHandler(controller)
                .handle(request, null)
                .toCompletableFuture()
                .join();
        assertThat(response.data().remainingPartitions().iterator().next().partitionIndex())
                .isEqualTo(3);
    }

    @Test
    void saysWhetherANameOrAnIdIsUnknownWhenDeleting() {
        active(true);
        says.put("deleteTopics", args -> Map.of());
        DeleteTopicsRequest request = new DeleteTopicsRequest.Builder(new DeleteTopicsRequestData()
                        .setTimeoutMs(1000)
                        .setTopics(List.of(
                                new DeleteTopicsRequestData.DeleteTopicState().setName("gone"),
                                new DeleteTopicsRequestData.DeleteTopicState().setTopicId(Uuid.randomUuid()))))
                .build((short) 6);
        DeleteTopicsHandler handler = new DeleteTopicsHandler(controller, () -> ClusterImage.EMPTY, true, deadlines);
        DeleteTopicsResponse response = (DeleteTopicsResponse)
                handler.handle(request, null).toCompletableFuture().join();
        assertThat(response.data().responses().stream().map(r -> Errors.forCode(r.errorCode())))
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
    }
}
