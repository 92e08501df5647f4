// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.FetchIsolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/** ListOffsets (API 2). Version 0 goes by the files' times and may give several offsets; later ones by the records'. */
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequest> {
    private static final short LEADER_EPOCHS = 4;
    private static final short KNOWS_OFFSET_NOT_AVAILABLE = 5;
    /** The first version each special timestamp may be asked with. */
    private static final Map<Long, Integer> SPECIAL_FROM_VERSION = Map.of(
            OffsetQuery.EARLIEST, 0,
            OffsetQuery.LATEST, 0,
            OffsetQuery.MAX_TIMESTAMP, 7,
            OffsetQuery.EARLIEST_LOCAL, 8,
            OffsetQuery.LATEST_TIERED, 9);

    private final ReplicaManager replicas;

    ListOffsetsHandler(ReplicaManager replicas) {
        this.replicas = replicas;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ListOffsetsResponse> handle(ListOffsetsRequest request, RequestContext context) {
        ListOffsetsResponseData data = new ListOffsetsResponseData();
        List<CompletableFuture<?>> sought = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                ListOffsetsPartitionResponse answer =
                        new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
                answers.partitions().add(answer);
                if (context.apiVersion() == 0) {
                    legacy(name, partition, request, answer);
                } else {
                    sought.add(fill(answer, name, partition, request, context.apiVersion()));
                }
            }
            data.topics().add(answers);
        }
        return CompletableFuture.allOf(sought.toArray(CompletableFuture[]::new))
                .thenApply(all -> new ListOffsetsResponse(data));
    }

    private CompletableFuture<ListOffsetsPartitionResponse> fill(
            ListOffsetsPartitionResponse answer,
            TopicPartition name,
            ListOffsetsPartition asked,
            ListOffsetsRequest request,
            short version) {
        if (request.duplicatePartitions().contains(name)) {
            return CompletableFuture.completedFuture(answer.setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        if (isUnknown(asked.timestamp(), version)) {
            return CompletableFuture.completedFuture(answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        }
        return replicas.listOffsets(name, query(asked, request)).thenApply(result -> tell(answer, result, version));
    }

    private static ListOffsetsPartitionResponse tell(
            ListOffsetsPartitionResponse answer, OffsetResult result, short version) {
        answer.setErrorCode(errorFor(result.error(), version).code())
                .setTimestamp(result.timestamp())
                .setOffset(result.offset());
        return version >= LEADER_EPOCHS ? answer.setLeaderEpoch(result.leaderEpoch()) : answer;
    }

    private static boolean isUnknown(long timestamp, short version) {
        return timestamp < 0 && SPECIAL_FROM_VERSION.getOrDefault(timestamp, Integer.MAX_VALUE) > version;
    }

    private static OffsetQuery query(ListOffsetsPartition asked, ListOffsetsRequest request) {
        FetchIsolation isolation = FetchIsolation.LOG_END;
        if (request.replicaId() == ListOffsetsRequest.CONSUMER_REPLICA_ID) {
            isolation = request.isolationLevel() == IsolationLevel.READ_COMMITTED
                    ? FetchIsolation.TXN_COMMITTED
                    : FetchIsolation.HIGH_WATERMARK;
        }
        boolean leaderOnly = request.replicaId() != ListOffsetsRequest.DEBUGGING_REPLICA_ID;
        return new OffsetQuery(asked.timestamp(), isolation, asked.currentLeaderEpoch(), leaderOnly);
    }

    private static Errors errorFor(Errors error, short version) {
        return error == Errors.OFFSET_NOT_AVAILABLE && version < KNOWS_OFFSET_NOT_AVAILABLE
                ? Errors.LEADER_NOT_AVAILABLE
                : error;
    }

    private void legacy(
            TopicPartition name,
            ListOffsetsPartition asked,
            ListOffsetsRequest request,
            ListOffsetsPartitionResponse answer) {
        if (isUnknown(asked.timestamp(), request.version())) {
            answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
            return;
        }
        try {
            answer.setOldStyleOffsets(replicas.legacyOffsetsBefore(name, query(asked, request), asked.maxNumOffsets()));
        } catch (RuntimeException e) {
            answer.setErrorCode(Errors.forException(e).code());
        }
    }
}
