// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.DeleteRecordsResult;
import io.barnabas.replica.ReplicaManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/** DeleteRecords (API 21): answered once every live replica dropped what was to go. */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequest> {
    private final ReplicaManager replicas;
    private final Supplier<ClusterImage> clusterImage;

    DeleteRecordsHandler(ReplicaManager replicas, Supplier<ClusterImage> clusterImage) {
        this.replicas = replicas;
        this.clusterImage = clusterImage;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponse> handle(DeleteRecordsRequest request, RequestContext context) {
        Map<TopicPartition, DeleteRecordsResult> refused = new LinkedHashMap<>();
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        ClusterImage image = clusterImage.get();
        for (DeleteRecordsTopic topic : request.data().topics()) {
            for (DeleteRecordsPartition partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                if (image.contains(name)) {
                    offsets.put(name, partition.offset());
                } else {
                    refused.put(name, DeleteRecordsResult.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION));
                }
            }
        }
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(response(refused));
        }
        return replicas.deleteRecords(request.data().timeoutMs(), offsets).thenApply(results -> {
            refused.putAll(results);
            return response(refused);
        });
    }

    private static DeleteRecordsResponse response(Map<TopicPartition, DeleteRecordsResult> results) {
        DeleteRecordsResponseData data = new DeleteRecordsResponseData();
        results.forEach((name, result) -> {
            DeleteRecordsTopicResult topic = data.topics().find(name.topic());
            if (topic == null) {
                topic = new DeleteRecordsTopicResult().setName(name.topic());
                data.topics().add(topic);
            }
            topic.partitions()
                    .add(new DeleteRecordsPartitionResult()
                            .setPartitionIndex(name.partition())
                            .setErrorCode(result.error().code())
                            .setLowWatermark(result.lowWatermark()));
        });
        return new DeleteRecordsResponse(data);
    }
}
