// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Commands through bytes and back: nothing a version can carry is lost, what it cannot has the protocol's default. */
class ControlCodecsTest {
    private static final String LISTENER = "PLAINTEXT";

    @Property(tries = 200)
    void leaderAndIsrSurvivesEveryVersion(@ForAll long seed, @ForAll @IntRange(max = 7) int version) {
        LeaderAndIsrCommand command = leaderAndIsr(new Random(seed));
        LeaderAndIsrRequest sent = LeaderAndIsrCodec.toRequest(command, LISTENER, (short) version);

        LeaderAndIsrCommand received = LeaderAndIsrCodec.toCommand(
                (LeaderAndIsrRequest) overTheWire(sent), LISTENER, SecurityProtocol.PLAINTEXT);

        assertThat(received.controllerId()).isEqualTo(command.controllerId());
        assertThat(received.controllerEpoch()).isEqualTo(command.controllerEpoch());
        assertThat(received.brokerEpoch()).isEqualTo(version >= 2 ? command.brokerEpoch() : -1L);
        assertThat(received.full()).isEqualTo(version >= 5 && command.full());
        assertThat(received.partitions())
                .containsExactlyInAnyOrderElementsOf(command.partitions().stream()
                        .map(partition -> asOf(partition, version))
                        .toList());
        assertThat(received.liveLeaders()).extracting(BrokerInfo::id).containsExactlyInAnyOrder(1, 2);
        assertThat(received.liveLeaders().get(0).endpoints())
                .isEqualTo(endpoints(received.liveLeaders().get(0).id()));
    }

    private static LeaderAndIsrCommand.Partition asOf(LeaderAndIsrCommand.Partition partition, int version) {
        LeaderAndIsr state = partition.leaderAndIsr();
        ReplicaAssignment assignment = partition.assignment();
        return new LeaderAndIsrCommand.Partition(
                partition.topicPartition(),
                version >= 5 ? partition.topicId() : Uuid.ZERO_UUID,
                partition.controllerEpoch(),
                new LeaderAndIsr(
                        state.leader(),
                        state.leaderEpoch(),
                        state.isr(),
                        version >= 6 ? state.recoveryState() : LeaderRecoveryState.RECOVERED,
                        state.partitionEpoch()),
                version >= 3 ? assignment : ReplicaAssignment.of(assignment.replicas()),
                version >= 1 && partition.isNew());
    }

    @Property(tries = 100)
    void leaderAndIsrOutcomesSurviveEveryVersion(@ForAll long seed, @ForAll @IntRange(max = 7) int version) {
        LeaderAndIsrCommand command = leaderAndIsr(new Random(seed));
        Map<TopicPartition, Errors> errors = new HashMap<>();
        Map<String, Uuid> ids = new HashMap<>();
        command.partitions().forEach(partition -> {
            errors.put(partition.topicPartition(), partition.isNew() ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR);
            ids.put(partition.topicPartition().topic(), partition.topicId());
        });
        LeaderAndIsrCommand.Outcome outcome = new LeaderAndIsrCommand.Outcome(Errors.NONE, errors);

        LeaderAndIsrResponse received = (LeaderAndIsrResponse) overTheWire(
                LeaderAndIsrCodec.toResponse(outcome, ids, (short) version), ApiKeys.LEADER_AND_ISR, version);

        assertThat(LeaderAndIsrCodec.toOutcome(received, command)).isEqualTo(outcome);
    }

    @Property(tries = 200)
    void stopReplicaSurvivesEveryVersion(@ForAll long seed, @ForAll @IntRange(max = 4) int version) {
        StopReplicaCommand command = stopReplica(new Random(seed));

        List<StopReplicaCommand.Partition> received = new ArrayList<>();
        for (StopReplicaRequest sent : StopReplicaCodec.toRequests(command, (short) version)) {
            StopReplicaCommand part = StopReplicaCodec.toCommand((StopReplicaRequest) overTheWire(sent));
            assertThat(part.controllerEpoch()).isEqualTo(command.controllerEpoch());
            assertThat(part.brokerEpoch()).isEqualTo(version >= 1 ? command.brokerEpoch() : -1L);
            received.addAll(part.partitions());
        }

        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(command.partitions().stream()
                        .map(partition -> new StopReplicaCommand.Partition(
                                partition.topicPartition(),
                                version >= 3 ? partition.leaderEpoch() : -1,
                                partition.delete()))
                        .toList());
    }

    @Property(tries = 50)
    void stopReplicaOutcomesSurviveEveryVersion(@ForAll long seed, @ForAll @IntRange(max = 4) int version) {
        Map<TopicPartition, Errors> errors = new HashMap<>();
        stopReplica(new Random(seed))
                .partitions()
                .forEach(partition -> errors.put(partition.topicPartition(), Errors.FENCED_LEADER_EPOCH));
        StopReplicaCommand.Outcome outcome = new StopReplicaCommand.Outcome(Errors.NONE, errors);

        StopReplicaResponse received =
                (StopReplicaResponse) overTheWire(StopReplicaCodec.toResponse(outcome), ApiKeys.STOP_REPLICA, version);

        assertThat(StopReplicaCodec.toOutcome(received)).isEqualTo(outcome);
    }

    @Property(tries = 200)
    void updateMetadataSurvivesEveryVersion(@ForAll long seed, @ForAll @IntRange(max = 8) int version) {
        UpdateMetadataCommand command = updateMetadata(new Random(seed));

        UpdateMetadataCommand received = UpdateMetadataCodec.toCommand(
                (UpdateMetadataRequest) overTheWire(UpdateMetadataCodec.toRequest(command, (short) version)));

        assertThat(received.controllerId()).isEqualTo(command.controllerId());
        assertThat(received.brokerEpoch()).isEqualTo(version >= 5 ? command.brokerEpoch() : -1L);
        assertThat(received.liveBrokers())
                .containsExactlyElementsOf(command.liveBrokers().stream()
                        .map(broker -> new BrokerInfo(
                                broker.id(),
                                BrokerInfo.UNKNOWN_EPOCH,
                                broker.endpoints(),
                                version >= 2 ? broker.rack() : Optional.empty()))
                        .toList());
        assertThat(received.partitions())
                .containsExactlyInAnyOrderElementsOf(command.partitions().stream()
                        .map(partition -> new UpdateMetadataCommand.Partition(
                                partition.topicPartition(),
                                version >= 7 ? partition.topicId() : Uuid.ZERO_UUID,
                                partition.controllerEpoch(),
                                partition.leaderAndIsr(),
                                partition.replicas(),
                                version >= 4 ? partition.offlineReplicas() : List.of()))
                        .toList());
    }

    @Property(tries = 9)
    void updateMetadataErrorsSurvive(@ForAll @IntRange(max = 8) int version) {
        UpdateMetadataResponse received = (UpdateMetadataResponse) overTheWire(
                UpdateMetadataCodec.toResponse(Errors.STALE_BROKER_EPOCH), ApiKeys.UPDATE_METADATA, version);
        assertThat(received.error()).isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    private static AbstractRequest overTheWire(AbstractRequest request) {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "test", 1);
        ByteBuffer bytes = request.serializeWithHeader(header);
        RequestHeader.parse(bytes);
        return AbstractRequest.parseRequest(request.apiKey(), request.version(), bytes).request;
    }

    private static AbstractResponse overTheWire(AbstractResponse response, ApiKeys api, int version) {
        ByteBuffer bytes = org.apache.kafka.common.protocol.MessageUtil.toByteBuffer(response.data(), (short) version);
        return AbstractResponse.parseResponse(api, bytes, (short) version);
    }

    private static List<Endpoint> endpoints(int brokerId) {
        return List.of(new Endpoint(LISTENER, SecurityProtocol.PLAINTEXT, "host" + brokerId, 9092));
    }

    private static List<BrokerInfo> brokers() {
        return List.of(
                new BrokerInfo(1, 100L, endpoints(1), Optional.of("r1")),
                new BrokerInfo(2, 200L, endpoints(2), Optional.empty()));
    }

    private static Uuid idOf(String topic) {
        return new Uuid(11, topic.hashCode());
    }

    private static List<TopicPartition> partitions(Random random) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> new TopicPartition("topic" + i % 3, i))
                .toList();
    }

    private static LeaderAndIsr state(Random random) {
        return new LeaderAndIsr(1, random.nextInt(9), List.of(1, 2), LeaderRecoveryState.RECOVERED, random.nextInt(9));
    }

    private static LeaderAndIsrCommand leaderAndIsr(Random random) {
        List<LeaderAndIsrCommand.Partition> partitions = partitions(random).stream()
                .map(partition -> new LeaderAndIsrCommand.Partition(
                        partition,
                        idOf(partition.topic()),
                        random.nextInt(5),
                        new LeaderAndIsr(1, 3, List.of(1), LeaderRecoveryState.of((byte) random.nextInt(2)), 7),
                        new ReplicaAssignment(List.of(1, 2, 3), List.of(3), List.of(2)),
                        random.nextBoolean()))
                .toList();
        return new LeaderAndIsrCommand(1, 5, 77L, random.nextBoolean(), partitions, brokers());
    }

    private static StopReplicaCommand stopReplica(Random random) {
        List<StopReplicaCommand.Partition> partitions = partitions(random).stream()
                .map(partition -> new StopReplicaCommand.Partition(partition, random.nextInt(5), random.nextBoolean()))
                .toList();
        return new StopReplicaCommand(1, 5, 77L, partitions);
    }

    private static UpdateMetadataCommand updateMetadata(Random random) {
        List<UpdateMetadataCommand.Partition> partitions = partitions(random).stream()
                .map(partition -> new UpdateMetadataCommand.Partition(
                        partition, idOf(partition.topic()), 4, state(random), List.of(1, 2, 3), List.of(3)))
                .toList();
        return new UpdateMetadataCommand(1, 5, 77L, brokers(), partitions);
    }
}
