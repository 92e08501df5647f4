// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.Controller.Election;
import io.barnabas.coordination.controller.Controller.Listed;
import io.barnabas.coordination.controller.Controller.ProducerIds;
import io.barnabas.coordination.controller.Controller.Reassigned;
import io.barnabas.coordination.controller.NewPartitions;
import io.barnabas.coordination.controller.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AllocateProducerIdsRequest;
import org.apache.kafka.common.requests.AllocateProducerIdsResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What partitions' handlers ask of the controller, and how they put its answers. */
class PartitionHandlersTest {
    private static final TopicPartition ONE = new TopicPartition("t", 0);
    private static final TopicPartition TWO = new TopicPartition("t", 1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Deadlines deadlines = new Deadlines(timer);
    private final ScriptedController says = new ScriptedController();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static <R extends AbstractRequest, A> A answer(RequestHandler<R> handler, R request, Class<A> type) {
        return type.cast(handler.handle(request, null).toCompletableFuture().join());
    }

    // ---- ElectLeaders

    private Map<TopicPartition, Errors> elect(ElectLeadersRequestData data, int version) {
        ElectLeadersHandler handler = new ElectLeadersHandler(says.controller(), () -> ClusterImage.EMPTY, deadlines);
        ElectLeadersResponse response = answer(handler, request(data, version), ElectLeadersResponse.class);
        Map<TopicPartition, Errors> errors = new HashMap<>();
        response.data().replicaElectionResults().forEach(topic -> topic.partitionResult()
                .forEach(partition -> errors.put(
                        new TopicPartition(topic.topic(), partition.partitionId()),
                        Errors.forCode(partition.errorCode()))));
        return errors;
    }

    private static ElectLeadersRequest request(ElectLeadersRequestData data, int version) {
        return ElectLeadersRequest.parse(MessageUtil.toByteBuffer(data, (short) version), (short) version);
    }

    private static ElectLeadersRequestData electing(ElectionType type, int timeoutMs) {
        ElectLeadersRequestData data =
                new ElectLeadersRequestData().setElectionType(type.value).setTimeoutMs(timeoutMs);
        data.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions().setTopic("t").setPartitions(List.of(0, 1)));
        return data;
    }

    private static Election election(Errors error) {
        return new Election(Refusal.of(error), OptionalInt.empty());
    }

    @Test
    void electsWhatIsNamedAndTellsEachOutcome() {
        says.on("electLeaders", arguments -> {
            assertThat(arguments[0]).isEqualTo(ElectionType.UNCLEAN);
            assertThat(arguments[1]).isEqualTo(Optional.of(Set.of(ONE, TWO)));
            return CompletableFuture.completedFuture(
                    Map.of(ONE, election(Errors.NONE), TWO, election(Errors.ELECTION_NOT_NEEDED)));
        });

        assertThat(elect(electing(ElectionType.UNCLEAN, 1_000), 2))
                .containsOnly(entry(ONE, Errors.NONE), entry(TWO, Errors.ELECTION_NOT_NEEDED));
    }

    @Test
    void knowsOnlyPreferredElectionsInTheFirstVersion() {
        says.on("electLeaders", arguments -> {
            assertThat(arguments[0]).isEqualTo(ElectionType.PREFERRED);
            return CompletableFuture.completedFuture(Map.of());
        });

        elect(electing(ElectionType.PREFERRED, 1_000), 0);
        assertThat(says.asked()).containsExactly("electLeaders");
    }

    @Test
    void leavesOutPartitionsThatNeedNoElectionWhenAskedForAll() {
        says.on(
                "electLeaders",
                arguments -> CompletableFuture.completedFuture(
                        Map.of(ONE, election(Errors.NONE), TWO, election(Errors.ELECTION_NOT_NEEDED))));

        assertThat(elect(electing(ElectionType.PREFERRED, 1_000).setTopicPartitions(null), 2))
                .containsOnly(entry(ONE, Errors.NONE));
    }

    @Test
    void tellsEachPartitionThatItsElectionIsLate() {
        says.on("electLeaders", arguments -> new CompletableFuture<>());

        assertThat(elect(electing(ElectionType.PREFERRED, 20), 2))
                .containsOnly(entry(ONE, Errors.REQUEST_TIMED_OUT), entry(TWO, Errors.REQUEST_TIMED_OUT));
    }

    @Test
    void refusesAKindOfElectionThereIsNot() {
        ElectLeadersHandler handler = new ElectLeadersHandler(says.controller(), () -> ClusterImage.EMPTY, deadlines);
        ElectLeadersRequestData strange =
                electing(ElectionType.PREFERRED, 1_000).setElectionType((byte) 9);

        assertThat(handler.handle(request(strange, 2), null))
                .asInstanceOf(InstanceOfAssertFactories.COMPLETION_STAGE)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(UnknownServerException.class)
                .withMessageContaining("9");
        assertThat(says.asked()).isEmpty();
    }

    // ---- reassignments

    private AlterPartitionReassignmentsResponseData reassign(int timeoutMs) {
        AlterPartitionReassignmentsRequestData data = new AlterPartitionReassignmentsRequestData()
                .setTimeoutMs(timeoutMs)
                .setTopics(List.of(new ReassignableTopic()
                        .setName("t")
                        .setPartitions(List.of(
                                new ReassignablePartition().setPartitionIndex(0).setReplicas(List.of(3, 1)),
                                new ReassignablePartition().setPartitionIndex(1).setReplicas(null)))));
        AlterPartitionReassignmentsRequest request =
                new AlterPartitionReassignmentsRequest.Builder(data).build((short) 0);
        return answer(
                        new AlterPartitionReassignmentsHandler(says.controller(), deadlines),
                        request,
                        AlterPartitionReassignmentsResponse.class)
                .data();
    }

    @Test
    void asksForNewReplicasAndForCancellationsAndTellsEachOutcome() {
        says.on("alterReassignments", arguments -> {
            assertThat(arguments[0]).isEqualTo(Map.of(ONE, Optional.of(List.of(3, 1)), TWO, Optional.empty()));
            Map<TopicPartition, Refusal> outcomes = new LinkedHashMap<>();
            outcomes.put(ONE, Refusal.NONE);
            outcomes.put(TWO, Refusal.of(Errors.NO_REASSIGNMENT_IN_PROGRESS));
            return CompletableFuture.completedFuture(new Reassigned(Refusal.NONE, outcomes));
        });

        var partitions = reassign(1_000).responses().get(0).partitions();
        assertThat(partitions.get(0).errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(partitions.get(0).errorMessage()).isNull();
        assertThat(partitions.get(1).errorCode()).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS.code());
        assertThat(partitions.get(1).errorMessage()).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
    }

    @Test
    void refusesAReassignmentAsAWholeWhereItIsNotTheControllerOrIsLate() {
        says.on(
                "alterReassignments",
                arguments -> CompletableFuture.completedFuture(new Reassigned(Refusal.NOT_CONTROLLER, Map.of())));
        assertThat(reassign(1_000).errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());

        says.on("alterReassignments", arguments -> new CompletableFuture<>());
        AlterPartitionReassignmentsResponseData late = reassign(20);
        assertThat(late.errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(late.responses()).isEmpty();
    }

    private ListPartitionReassignmentsResponseData list(List<ListPartitionReassignmentsTopics> topics) {
        ListPartitionReassignmentsRequest request = new ListPartitionReassignmentsRequest.Builder(
                        new ListPartitionReassignmentsRequestData()
                                .setTimeoutMs(1_000)
                                .setTopics(topics))
                .build((short) 0);
        return answer(
                        new ListPartitionReassignmentsHandler(says.controller(), deadlines),
                        request,
                        ListPartitionReassignmentsResponse.class)
                .data();
    }

    @Test
    void listsTheReassignmentsAskedForOrAll() {
        List<Object> asked = new ArrayList<>();
        says.on("listReassignments", arguments -> {
            asked.add(arguments[0]);
            return CompletableFuture.completedFuture(new Listed(
                    Refusal.NONE, Map.of(TWO, new ReplicaAssignment(List.of(3, 1, 2), List.of(3), List.of(2)))));
        });

        list(null);
        var found = list(List.of(
                        new ListPartitionReassignmentsTopics().setName("t").setPartitionIndexes(List.of(1))))
                .topics()
                .get(0)
                .partitions()
                .get(0);

        assertThat(asked).containsExactly(Optional.empty(), Optional.of(Set.of(TWO)));
        assertThat(found.partitionIndex()).isEqualTo(1);
        assertThat(found.replicas()).containsExactly(3, 1, 2);
        assertThat(found.addingReplicas()).containsExactly(3);
        assertThat(found.removingReplicas()).containsExactly(2);
    }

    @Test
    void listsNothingWhereItIsNotTheController() {
        says.on(
                "listReassignments",
                arguments -> CompletableFuture.completedFuture(new Listed(Refusal.NOT_CONTROLLER, Map.of())));

        assertThat(list(null).errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());
    }

    // ---- CreatePartitions

    private Map<String, Errors> extend(int timeoutMs, boolean validateOnly, CreatePartitionsTopic... topics) {
        CreatePartitionsTopicCollection wanted = new CreatePartitionsTopicCollection(topics.length);
        Arrays.stream(topics).forEach(wanted::mustAdd);
        CreatePartitionsRequest request = new CreatePartitionsRequest.Builder(new CreatePartitionsRequestData()
                        .setTimeoutMs(timeoutMs)
                        .setValidateOnly(validateOnly)
                        .setTopics(wanted))
                .build((short) 3);
        CreatePartitionsResponse response = answer(
                new CreatePartitionsHandler(says.controller(), deadlines), request, CreatePartitionsResponse.class);
        Map<String, Errors> errors = new HashMap<>();
        for (CreatePartitionsTopicResult result : response.data().results()) {
            assertThat(errors.put(result.name(), Errors.forCode(result.errorCode())))
                    .isNull();
        }
        return errors;
    }

    private void extending(List<NewPartitions> seen, CompletableFuture<Refusal> outcome) {
        says.on("createPartitions", arguments -> {
            Map<String, CompletableFuture<Refusal>> outcomes = new HashMap<>();
            ((Collection<?>) arguments[0]).forEach(topic -> {
                seen.add((NewPartitions) topic);
                outcomes.put(((NewPartitions) topic).topic(), outcome);
            });
            return outcomes;
        });
    }

    @Test
    void addsPartitionsWhereTheAskerWantsThem() {
        List<NewPartitions> seen = new ArrayList<>();
        says.active(true);
        extending(seen, CompletableFuture.completedFuture(Refusal.NONE));

        Map<String, Errors> errors = extend(
                1_000,
                false,
                new CreatePartitionsTopic().setName("free").setCount(4).setAssignments(null),
                new CreatePartitionsTopic()
                        .setName("chosen")
                        .setCount(2)
                        .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(2, 3)))));

        assertThat(errors).containsOnly(entry("free", Errors.NONE), entry("chosen", Errors.NONE));
        assertThat(seen)
                .containsExactly(
                        new NewPartitions("free", 4, Optional.empty()),
                        new NewPartitions("chosen", 2, Optional.of(List.of(List.of(2, 3)))));
    }

    @Test
    void addsNoPartitionsToATopicNamedTwiceNorWhereItIsNotTheController() {
        List<NewPartitions> seen = new ArrayList<>();
        extending(seen, CompletableFuture.completedFuture(Refusal.NONE));
        CreatePartitionsTopic first = new CreatePartitionsTopic().setName("t").setCount(4);
        CreatePartitionsTopic again = new CreatePartitionsTopic().setName("t").setCount(5);

        says.active(true);
        assertThat(extend(1_000, false, first, again)).containsOnly(entry("t", Errors.INVALID_REQUEST));
        says.active(false);
        assertThat(extend(1_000, false, first.duplicate())).containsOnly(entry("t", Errors.NOT_CONTROLLER));
        assertThat(seen).isEmpty();
    }

    @Test
    void tellsThatPartitionsAreLateUnlessItOnlyValidates() {
        CompletableFuture<Refusal> slow = new CompletableFuture<>();
        says.active(true);
        extending(new ArrayList<>(), slow);
        CreatePartitionsTopic topic = new CreatePartitionsTopic().setName("t").setCount(4);
        assertThat(extend(20, false, topic)).containsOnly(entry("t", Errors.REQUEST_TIMED_OUT));

        extending(new ArrayList<>(), CompletableFuture.completedFuture(Refusal.of(Errors.INVALID_PARTITIONS)));
        assertThat(extend(0, true, topic.duplicate())).containsOnly(entry("t", Errors.INVALID_PARTITIONS));
    }

    // ---- AllocateProducerIds

    private AllocateProducerIdsResponse allocate() {
        AllocateProducerIdsRequest request = new AllocateProducerIdsRequest.Builder(
                        new AllocateProducerIdsRequestData().setBrokerId(2).setBrokerEpoch(17))
                .build((short) 0);
        return answer(new AllocateProducerIdsHandler(says.controller()), request, AllocateProducerIdsResponse.class);
    }

    @Test
    void givesABlockOfProducerIdsToTheBrokerThatAsks() {
        says.on("allocateProducerIds", arguments -> {
            assertThat(arguments).containsExactly(2, 17L);
            return CompletableFuture.completedFuture(new ProducerIds(Refusal.NONE, 5_000, 1_000));
        });

        assertThat(allocate().data().producerIdStart()).isEqualTo(5_000);
        assertThat(allocate().data().producerIdLen()).isEqualTo(1_000);
        assertThat(allocate().data().errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void givesNoProducerIdsToAFormerSelfOfABroker() {
        says.on(
                "allocateProducerIds",
                arguments -> CompletableFuture.completedFuture(
                        new ProducerIds(Refusal.of(Errors.STALE_BROKER_EPOCH), 0, 0)));

        assertThat(allocate().data().errorCode()).isEqualTo(Errors.STALE_BROKER_EPOCH.code());
        assertThat(allocate().data().producerIdLen()).isZero();
    }
}
