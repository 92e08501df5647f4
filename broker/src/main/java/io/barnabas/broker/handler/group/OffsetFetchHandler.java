// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.OffsetFetch.FetchedOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** OffsetFetch, v0 to v9: v0 from ZooKeeper, one group up to v7, many from v8. */
final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequest> {
    private final GroupHandlers.Environment environment;

    OffsetFetchHandler(GroupHandlers.Environment environment) {
        this.environment = environment;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public CompletionStage<OffsetFetchResponse> handle(OffsetFetchRequest request, RequestContext context) {
        List<CompletableFuture<OffsetFetchResponseGroup>> groups = request.groups().stream()
                .map(group -> (request.version() == 0 ? fetchFromZooKeeper(group) : fetch(group, request))
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(groups.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> new OffsetFetchResponse(
                        groups.stream().map(CompletableFuture::join).toList(), request.version()));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup group, OffsetFetchRequest request) {
        Optional<List<TopicPartition>> partitions =
                group.topics() == null ? Optional.empty() : Optional.of(partitions(group));
        return environment
                .coordinator()
                .fetchOffsets(new OffsetFetch.Request(group.groupId(), request.requireStable(), partitions))
                .thenApply(result -> result.error() == Errors.NONE
                        ? response(group.groupId(), result.offsets())
                        : OffsetFetchResponse.groupError(group, result.error(), request.version()));
    }

    private CompletionStage<OffsetFetchResponseGroup> fetchFromZooKeeper(OffsetFetchRequestGroup group) {
        ClusterImage image = environment.images().get();
        Map<TopicPartition, CompletableFuture<FetchedOffset>> reads = new LinkedHashMap<>();
        for (TopicPartition partition : partitions(group)) {
            reads.put(
                    partition,
                    image.contains(partition)
                            ? fetchFromZooKeeper(group.groupId(), partition)
                            : CompletableFuture.completedFuture(FetchedOffset.none(Errors.UNKNOWN_TOPIC_OR_PARTITION)));
        }
        return CompletableFuture.allOf(reads.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    Map<TopicPartition, FetchedOffset> offsets = new LinkedHashMap<>();
                    reads.forEach((partition, read) -> offsets.put(partition, read.join()));
                    return response(group.groupId(), offsets);
                });
    }

    private CompletableFuture<FetchedOffset> fetchFromZooKeeper(String groupId, TopicPartition partition) {
        return environment
                .legacyOffsets()
                .fetch(groupId, partition)
                .handle((offset, error) -> error == null
                        ? legacy(offset)
                        : FetchedOffset.none(Errors.forException(Errors.maybeUnwrapException(error))))
                .toCompletableFuture();
    }

    private static FetchedOffset legacy(OptionalLong offset) {
        FetchedOffset none = FetchedOffset.none(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        return offset.isPresent()
                ? new FetchedOffset(offset.getAsLong(), none.leaderEpoch(), none.metadata(), Errors.NONE)
                : none;
    }

    private static List<TopicPartition> partitions(OffsetFetchRequestGroup group) {
        List<TopicPartition> partitions = new ArrayList<>();
        group.topics().forEach(topic -> topic.partitionIndexes()
                .forEach(index -> partitions.add(new TopicPartition(topic.name(), index))));
        return partitions;
    }

    private static OffsetFetchResponseGroup response(String groupId, Map<TopicPartition, FetchedOffset> offsets) {
        Map<String, OffsetFetchResponseTopics> topics = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> topics.computeIfAbsent(
                        partition.topic(), name -> new OffsetFetchResponseTopics().setName(name))
                .partitions()
                .add(new OffsetFetchResponsePartitions()
                        .setPartitionIndex(partition.partition())
                        .setCommittedOffset(offset.offset())
                        .setCommittedLeaderEpoch(offset.leaderEpoch())
                        .setMetadata(offset.metadata())
                        .setErrorCode(offset.error().code())));
        return new OffsetFetchResponseGroup().setGroupId(groupId).setTopics(new ArrayList<>(topics.values()));
    }
}
