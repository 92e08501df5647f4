// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.replica.EpochEndResult;
import io.barnabas.replica.ReplicaManager;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/** OffsetForLeaderEpoch (API 23): where leader epochs end, for followers and consumers that may have diverged. */
public final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetsForLeaderEpochRequest> {
    private final ReplicaManager replicas;

    OffsetForLeaderEpochHandler(ReplicaManager replicas) {
        this.replicas = replicas;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<OffsetsForLeaderEpochResponse> handle(
            OffsetsForLeaderEpochRequest request, RequestContext context) {
        OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : request.data().topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                EpochEndResult end = replicas.endOffsetForEpoch(
                        new TopicPartition(topic.topic(), asked.partition()),
                        asked.currentLeaderEpoch(),
                        asked.leaderEpoch());
                answers.partitions()
                        .add(new EpochEndOffset()
                                .setPartition(asked.partition())
                                .setErrorCode(end.error().code())
                                .setLeaderEpoch(end.leaderEpoch())
                                .setEndOffset(end.endOffset()));
            }
            data.topics().add(answers);
        }
        return CompletableFuture.completedFuture(new OffsetsForLeaderEpochResponse(data));
    }
}
