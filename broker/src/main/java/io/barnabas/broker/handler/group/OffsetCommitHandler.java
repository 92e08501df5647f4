// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.OffsetCommit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/**
 * OffsetCommit, v0 to v9. v0 goes to ZooKeeper, all others to the coordinator; v1 may tell when the commit was made, v2 to
 * v4 how long it is to be kept.
 */
final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequest> {
    private final GroupHandlers.Environment environment;

    OffsetCommitHandler(GroupHandlers.Environment environment) {
        this.environment = environment;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<OffsetCommitResponse> handle(OffsetCommitRequest request, RequestContext context) {
        OffsetCommitRequestData data = request.data();
        StaticMembership.check(data.groupInstanceId(), environment.staticMembership());
        ClusterImage image = environment.images().get();
        Map<TopicPartition, OffsetCommitRequestPartition> known = new LinkedHashMap<>();
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        data.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            TopicPartition named = new TopicPartition(topic.name(), partition.partitionIndex());
            if (image.contains(named)) {
                known.put(named, partition);
            } else {
                answers.put(named, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }));
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(response(answers));
        }
        CompletionStage<Map<TopicPartition, Errors>> committed = request.version() == 0
                ? commitToZooKeeper(data.groupId(), known)
                : environment.coordinator().commitOffsets(commit(data, known));
        return committed.thenApply(outcomes -> {
            answers.putAll(outcomes);
            return response(answers);
        });
    }

    private OffsetCommit commit(
            OffsetCommitRequestData data, Map<TopicPartition, OffsetCommitRequestPartition> partitions) {
        long nowMs = environment.clock().millis();
        long retentionMs = data.retentionTimeMs();
        long expireMs = retentionMs == OffsetCommitRequest.DEFAULT_RETENTION_TIME
                ? CommittedOffset.NO_EXPIRY
                : nowMs + retentionMs;
        Map<TopicPartition, CommittedOffset> offsets = new LinkedHashMap<>();
        partitions.forEach((named, partition) -> offsets.put(
                named,
                new CommittedOffset(
                        partition.committedOffset(),
                        partition.committedLeaderEpoch(),
                        partition.committedMetadata() == null ? "" : partition.committedMetadata(),
                        partition.commitTimestamp() == OffsetCommitRequest.DEFAULT_TIMESTAMP
                                ? nowMs
                                : partition.commitTimestamp(),
                        expireMs)));
        return new OffsetCommit(
                data.groupId(), data.memberId(), data.groupInstanceId(), data.generationIdOrMemberEpoch(), offsets);
    }

    private CompletionStage<Map<TopicPartition, Errors>> commitToZooKeeper(
            String groupId, Map<TopicPartition, OffsetCommitRequestPartition> partitions) {
        Map<TopicPartition, CompletableFuture<Errors>> commits = new LinkedHashMap<>();
        partitions.forEach((named, partition) -> commits.put(named, commitToZooKeeper(groupId, named, partition)));
        return CompletableFuture.allOf(commits.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    Map<TopicPartition, Errors> outcomes = new LinkedHashMap<>();
                    commits.forEach((named, outcome) -> outcomes.put(named, outcome.join()));
                    return outcomes;
                });
    }

    private CompletableFuture<Errors> commitToZooKeeper(
            String groupId, TopicPartition named, OffsetCommitRequestPartition partition) {
        String metadata = partition.committedMetadata();
        if (metadata != null && metadata.length() > environment.offsetMetadataMaxBytes()) {
            return CompletableFuture.completedFuture(Errors.OFFSET_METADATA_TOO_LARGE);
        }
        return environment
                .legacyOffsets()
                .commit(groupId, named, partition.committedOffset())
                .handle((nothing, error) ->
                        error == null ? Errors.NONE : Errors.forException(Errors.maybeUnwrapException(error)))
                .toCompletableFuture();
    }

    private static OffsetCommitResponse response(Map<TopicPartition, Errors> answers) {
        Map<String, OffsetCommitResponseTopic> topics = new LinkedHashMap<>();
        answers.forEach((named, error) -> topics.computeIfAbsent(
                        named.topic(), name -> new OffsetCommitResponseTopic().setName(name))
                .partitions()
                .add(new OffsetCommitResponsePartition()
                        .setPartitionIndex(named.partition())
                        .setErrorCode(error.code())));
        List<OffsetCommitResponseTopic> listed = new ArrayList<>(topics.values());
        return new OffsetCommitResponse(new OffsetCommitResponseData().setTopics(listed));
    }
}
