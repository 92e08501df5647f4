// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.coordination.command.StopReplicaCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaPartitionState;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaTopicState;
import org.apache.kafka.common.message.StopReplicaResponseData;
import org.apache.kafka.common.message.StopReplicaResponseData.StopReplicaPartitionError;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;

/** StopReplica (API 5), versions 0 to 4. */
public final class StopReplicaCodec {
    private static final short FIRST_VERSION_WITH_DELETE_PER_PARTITION = 3;

    private StopReplicaCodec() {}

    /**
     * The requests for a command: one, or below version 3, where a request either deletes all its partitions or none, up to
     * two, in the order they are to be sent. A command without partitions gives one request.
     */
    public static List<StopReplicaRequest> toRequests(StopReplicaCommand command, short version) {
        if (version >= FIRST_VERSION_WITH_DELETE_PER_PARTITION) {
            return List.of(toRequest(command, command.partitions(), false, version));
        }
        List<StopReplicaRequest> requests = new ArrayList<>(2);
        for (boolean delete : new boolean[] {false, true}) {
            List<StopReplicaCommand.Partition> chosen = command.partitions().stream()
                    .filter(partition -> partition.delete() == delete)
                    .toList();
            if (!chosen.isEmpty()) {
                requests.add(toRequest(command, chosen, delete, version));
            }
        }
        return requests.isEmpty() ? List.of(toRequest(command, List.of(), false, version)) : requests;
    }

    private static StopReplicaRequest toRequest(
            StopReplicaCommand command, List<StopReplicaCommand.Partition> partitions, boolean delete, short version) {
        Map<String, StopReplicaTopicState> topics = new LinkedHashMap<>();
        for (StopReplicaCommand.Partition partition : partitions) {
            topics.computeIfAbsent(
                            partition.topicPartition().topic(), name -> new StopReplicaTopicState().setTopicName(name))
                    .partitionStates()
                    .add(new StopReplicaPartitionState()
                            .setPartitionIndex(partition.topicPartition().partition())
                            .setLeaderEpoch(partition.leaderEpoch())
                            .setDeletePartition(partition.delete()));
        }
        return new StopReplicaRequest.Builder(
                        version,
                        command.controllerId(),
                        command.controllerEpoch(),
                        command.brokerEpoch(),
                        delete,
                        new ArrayList<>(topics.values()))
                .build(version);
    }

    /** The command in a request. */
    public static StopReplicaCommand toCommand(StopReplicaRequest request) {
        List<StopReplicaCommand.Partition> partitions = new ArrayList<>();
        request.partitionStates()
                .forEach((partition, state) -> partitions.add(
                        new StopReplicaCommand.Partition(partition, state.leaderEpoch(), state.deletePartition())));
        return new StopReplicaCommand(
                request.controllerId(), request.controllerEpoch(), request.brokerEpoch(), partitions);
    }

    /** The response for an outcome. */
    public static StopReplicaResponse toResponse(StopReplicaCommand.Outcome outcome) {
        StopReplicaResponseData data =
                new StopReplicaResponseData().setErrorCode(outcome.error().code());
        outcome.partitionErrors().forEach((partition, error) -> data.partitionErrors()
                .add(new StopReplicaPartitionError()
                        .setTopicName(partition.topic())
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.code())));
        return new StopReplicaResponse(data);
    }

    /** The outcome in a response. */
    public static StopReplicaCommand.Outcome toOutcome(StopReplicaResponse response) {
        if (response.error() != Errors.NONE) {
            return new StopReplicaCommand.Outcome(response.error(), Map.of());
        }
        Map<TopicPartition, Errors> errors = new HashMap<>();
        for (StopReplicaPartitionError error : response.partitionErrors()) {
            errors.put(
                    new TopicPartition(error.topicName(), error.partitionIndex()), Errors.forCode(error.errorCode()));
        }
        return new StopReplicaCommand.Outcome(Errors.NONE, errors);
    }
}
