// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;

/** AlterReplicaLogDirs: moves replicas between this broker's disks (KIP-113). */
final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequest> {
    private final ControlPlane control;

    AlterReplicaLogDirsHandler(ControlPlane control) {
        this.control = control;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public CompletionStage<AlterReplicaLogDirsResponse> handle(
            AlterReplicaLogDirsRequest request, RequestContext context) {
        return control.alterReplicaLogDirs(request.partitionDirs()).thenApply(AlterReplicaLogDirsHandler::responseOf);
    }

    private static AlterReplicaLogDirsResponse responseOf(Map<TopicPartition, Errors> outcome) {
        Map<String, AlterReplicaLogDirTopicResult> topics = new LinkedHashMap<>();
        outcome.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                .partitions()
                .add(new AlterReplicaLogDirPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.code())));
        AlterReplicaLogDirsResponseData data = new AlterReplicaLogDirsResponseData();
        data.results().addAll(topics.values());
        return new AlterReplicaLogDirsResponse(data);
    }
}
