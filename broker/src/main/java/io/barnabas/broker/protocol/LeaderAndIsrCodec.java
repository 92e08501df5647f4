// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrLiveLeader;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.message.LeaderAndIsrResponseData;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrPartitionError;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrTopicError;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractControlRequest;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** LeaderAndIsr (API 4), versions 0 to 7. */
public final class LeaderAndIsrCodec {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 5;

    private LeaderAndIsrCodec() {}

    /**
     * The request for a command.
     *
     * @param listener the listener leaders are to be reached at; leaders without it are left out
     */
    public static LeaderAndIsrRequest toRequest(LeaderAndIsrCommand command, String listener, short version) {
        List<LeaderAndIsrPartitionState> states =
                new ArrayList<>(command.partitions().size());
        Map<String, Uuid> topicIds = new HashMap<>();
        for (LeaderAndIsrCommand.Partition partition : command.partitions()) {
            states.add(stateOf(partition, version));
            topicIds.put(partition.topicPartition().topic(), partition.topicId());
        }
        return new LeaderAndIsrRequest.Builder(
                        version,
                        command.controllerId(),
                        command.controllerEpoch(),
                        command.brokerEpoch(),
                        states,
                        topicIds,
                        leaderNodes(command, listener),
                        false,
                        command.full() ? AbstractControlRequest.Type.FULL : AbstractControlRequest.Type.UNKNOWN)
                .build(version);
    }

    private static LeaderAndIsrPartitionState stateOf(LeaderAndIsrCommand.Partition partition, short version) {
        LeaderAndIsr state = partition.leaderAndIsr();
        LeaderAndIsrPartitionState target = new LeaderAndIsrPartitionState()
                .setTopicName(partition.topicPartition().topic())
                .setPartitionIndex(partition.topicPartition().partition())
                .setControllerEpoch(partition.controllerEpoch())
                .setLeader(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setIsr(state.isr())
                .setPartitionEpoch(state.partitionEpoch())
                .setReplicas(partition.assignment().replicas())
                .setAddingReplicas(partition.assignment().adding())
                .setRemovingReplicas(partition.assignment().removing())
                .setIsNew(partition.isNew());
        if (version >= 6) {
            target.setLeaderRecoveryState(state.recoveryState().value());
        }
        return target;
    }

    private static List<Node> leaderNodes(LeaderAndIsrCommand command, String listener) {
        List<Node> nodes = new ArrayList<>(command.liveLeaders().size());
        for (BrokerInfo leader : command.liveLeaders()) {
            Optional<Endpoint> endpoint = leader.endpoint(listener);
            endpoint.ifPresent(e -> nodes.add(
                    new Node(leader.id(), e.host(), e.port(), leader.rack().orElse(null))));
        }
        return nodes;
    }

    /**
     * The command in a request.
     *
     * @param listener the listener the leaders' addresses belong to: that of the inter-broker traffic
     * @param securityProtocol its protocol
     */
    public static LeaderAndIsrCommand toCommand(
            LeaderAndIsrRequest request, String listener, SecurityProtocol securityProtocol) {
        Map<String, Uuid> topicIds = request.topicIds();
        List<LeaderAndIsrCommand.Partition> partitions = new ArrayList<>();
        for (LeaderAndIsrPartitionState state : request.partitionStates()) {
            partitions.add(partitionOf(state, topicIds.getOrDefault(state.topicName(), Uuid.ZERO_UUID)));
        }
        List<BrokerInfo> leaders = new ArrayList<>(request.liveLeaders().size());
        for (LeaderAndIsrLiveLeader leader : request.liveLeaders()) {
            Endpoint endpoint = new Endpoint(listener, securityProtocol, leader.hostName(), leader.port());
            leaders.add(
                    new BrokerInfo(leader.brokerId(), BrokerInfo.UNKNOWN_EPOCH, List.of(endpoint), Optional.empty()));
        }
        return new LeaderAndIsrCommand(
                request.controllerId(),
                request.controllerEpoch(),
                request.brokerEpoch(),
                request.requestType() == AbstractControlRequest.Type.FULL,
                partitions,
                leaders);
    }

    private static LeaderAndIsrCommand.Partition partitionOf(LeaderAndIsrPartitionState state, Uuid topicId) {
        return new LeaderAndIsrCommand.Partition(
                new TopicPartition(state.topicName(), state.partitionIndex()),
                topicId,
                state.controllerEpoch(),
                new LeaderAndIsr(
                        state.leader(),
                        state.leaderEpoch(),
                        state.isr(),
                        LeaderRecoveryState.of(state.leaderRecoveryState()),
                        state.partitionEpoch()),
                new ReplicaAssignment(state.replicas(), state.addingReplicas(), state.removingReplicas()),
                state.isNew());
    }

    /** The response for an outcome; topics are named by id from version 5 on, so the request's ids are needed. */
    public static LeaderAndIsrResponse toResponse(
            LeaderAndIsrCommand.Outcome outcome, Map<String, Uuid> topicIds, short version) {
        LeaderAndIsrResponseData data =
                new LeaderAndIsrResponseData().setErrorCode(outcome.error().code());
        outcome.partitionErrors().forEach((partition, error) -> {
            LeaderAndIsrPartitionError partitionError = new LeaderAndIsrPartitionError()
                    .setPartitionIndex(partition.partition())
                    .setErrorCode(error.code());
            if (version < FIRST_VERSION_WITH_TOPIC_IDS) {
                data.partitionErrors().add(partitionError.setTopicName(partition.topic()));
            } else {
                topicOf(data, topicIds.getOrDefault(partition.topic(), Uuid.ZERO_UUID))
                        .partitionErrors()
                        .add(partitionError);
            }
        });
        return new LeaderAndIsrResponse(data, version);
    }

    private static LeaderAndIsrTopicError topicOf(LeaderAndIsrResponseData data, Uuid topicId) {
        LeaderAndIsrTopicError topic = data.topics().find(topicId);
        if (topic == null) {
            topic = new LeaderAndIsrTopicError().setTopicId(topicId);
            data.topics().add(topic);
        }
        return topic;
    }

    /** The outcome in a response to the given command. */
    public static LeaderAndIsrCommand.Outcome toOutcome(LeaderAndIsrResponse response, LeaderAndIsrCommand command) {
        if (response.error() != Errors.NONE) {
            return new LeaderAndIsrCommand.Outcome(response.error(), Map.of());
        }
        Map<Uuid, String> names = new HashMap<>();
        command.partitions()
                .forEach(partition -> names.put(
                        partition.topicId(), partition.topicPartition().topic()));
        return new LeaderAndIsrCommand.Outcome(Errors.NONE, response.partitionErrors(names));
    }
}
