// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataTopicState;
import org.apache.kafka.common.message.UpdateMetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** UpdateMetadata (API 6), versions 0 to 8. */
public final class UpdateMetadataCodec {
    private UpdateMetadataCodec() {}

    /** The request for a command. Version 0 knows only PLAINTEXT listeners; other endpoints are left out there. */
    public static UpdateMetadataRequest toRequest(UpdateMetadataCommand command, short version) {
        List<UpdateMetadataPartitionState> states =
                new ArrayList<>(command.partitions().size());
        Map<String, Uuid> topicIds = new HashMap<>();
        for (UpdateMetadataCommand.Partition partition : command.partitions()) {
            states.add(stateOf(partition));
            if (!partition.topicId().equals(Uuid.ZERO_UUID)) {
                topicIds.put(partition.topicPartition().topic(), partition.topicId());
            }
        }
        List<UpdateMetadataBroker> brokers =
                new ArrayList<>(command.liveBrokers().size());
        for (BrokerInfo broker : command.liveBrokers()) {
            brokers.add(new UpdateMetadataBroker()
                    .setId(broker.id())
                    .setEndpoints(endpointsOf(broker, version))
                    .setRack(broker.rack().orElse(null)));
        }
        return new UpdateMetadataRequest.Builder(
                        version,
                        command.controllerId(),
                        command.controllerEpoch(),
                        command.brokerEpoch(),
                        states,
                        brokers,
                        topicIds)
                .build(version);
    }

    private static UpdateMetadataPartitionState stateOf(UpdateMetadataCommand.Partition partition) {
        LeaderAndIsr state = partition.leaderAndIsr();
        return new UpdateMetadataPartitionState()
                .setTopicName(partition.topicPartition().topic())
                .setPartitionIndex(partition.topicPartition().partition())
                .setControllerEpoch(partition.controllerEpoch())
                .setLeader(state.leader())
                .setLeaderEpoch(state.leaderEpoch())
                .setIsr(state.isr())
                .setZkVersion(state.partitionEpoch())
                .setReplicas(partition.replicas())
                .setOfflineReplicas(partition.offlineReplicas());
    }

    private static List<UpdateMetadataEndpoint> endpointsOf(BrokerInfo broker, short version) {
        List<UpdateMetadataEndpoint> endpoints =
                new ArrayList<>(broker.endpoints().size());
        for (Endpoint endpoint : broker.endpoints()) {
            if (version > 0 || endpoint.listener().equals(SecurityProtocol.PLAINTEXT.name)) {
                endpoints.add(new UpdateMetadataEndpoint()
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setSecurityProtocol(endpoint.securityProtocol().id)
                        .setListener(endpoint.listener()));
            }
        }
        return endpoints;
    }

    /** The command in a request. */
    public static UpdateMetadataCommand toCommand(UpdateMetadataRequest request) {
        Map<String, Uuid> topicIds = new HashMap<>();
        for (UpdateMetadataTopicState topic : request.topicStates()) {
            topicIds.put(topic.topicName(), topic.topicId());
        }
        List<UpdateMetadataCommand.Partition> partitions = new ArrayList<>();
        for (UpdateMetadataPartitionState state : request.partitionStates()) {
            partitions.add(partitionOf(state, topicIds.getOrDefault(state.topicName(), Uuid.ZERO_UUID)));
        }
        List<BrokerInfo> brokers = new ArrayList<>(request.liveBrokers().size());
        for (UpdateMetadataBroker broker : request.liveBrokers()) {
            brokers.add(brokerOf(broker));
        }
        return new UpdateMetadataCommand(
                request.controllerId(), request.controllerEpoch(), request.brokerEpoch(), brokers, partitions);
    }

    private static UpdateMetadataCommand.Partition partitionOf(UpdateMetadataPartitionState state, Uuid topicId) {
        return new UpdateMetadataCommand.Partition(
                new TopicPartition(state.topicName(), state.partitionIndex()),
                topicId,
                state.controllerEpoch(),
                new LeaderAndIsr(
                        state.leader(),
                        state.leaderEpoch(),
                        state.isr(),
                        LeaderRecoveryState.RECOVERED,
                        state.zkVersion()),
                state.replicas(),
                state.offlineReplicas());
    }

    private static BrokerInfo brokerOf(UpdateMetadataBroker broker) {
        List<Endpoint> endpoints = new ArrayList<>(broker.endpoints().size());
        for (UpdateMetadataEndpoint endpoint : broker.endpoints()) {
            endpoints.add(new Endpoint(
                    endpoint.listener(),
                    SecurityProtocol.forId(endpoint.securityProtocol()),
                    endpoint.host(),
                    endpoint.port()));
        }
        return new BrokerInfo(broker.id(), BrokerInfo.UNKNOWN_EPOCH, endpoints, rackOf(broker));
    }

    /** Below version 2 there is no rack, and the generated class shows that as an empty one. */
    private static Optional<String> rackOf(UpdateMetadataBroker broker) {
        return Optional.ofNullable(broker.rack()).filter(rack -> !rack.isEmpty());
    }

    /** The answer to the request. */
    public static UpdateMetadataResponse toResponse(Errors error) {
        return new UpdateMetadataResponse(new UpdateMetadataResponseData().setErrorCode(error.code()));
    }
}
