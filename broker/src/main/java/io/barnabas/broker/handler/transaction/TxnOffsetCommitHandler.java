// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.transaction.PartitionVerification.OffsetsVerdict;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.TxnOffsetCommit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/**
 * TxnOffsetCommit, v0 to v4: offsets that count once their transaction commits. From v3 on the member tells its
 * generation, and is fenced by it (KIP-447).
 */
final class TxnOffsetCommitHandler implements RequestHandler<TxnOffsetCommitRequest> {
    private static final int KNOWS_LOADING_FROM = 2;

    private final GroupCoordinator groups;
    private final PartitionVerification verification;
    private final Supplier<ClusterImage> images;
    private final InstantSource clock;

    TxnOffsetCommitHandler(
            GroupCoordinator groups,
            PartitionVerification verification,
            Supplier<ClusterImage> images,
            InstantSource clock) {
        this.groups = groups;
        this.verification = verification;
        this.images = images;
        this.clock = clock;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.TXN_OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<TxnOffsetCommitResponse> handle(TxnOffsetCommitRequest request, RequestContext context) {
        TxnOffsetCommitRequestData data = request.data();
        ClusterImage image = images.get();
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        Map<TopicPartition, CommittedOffset> offsets = new LinkedHashMap<>();
        data.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            TopicPartition named = new TopicPartition(topic.name(), partition.partitionIndex());
            if (image.contains(named)) {
                offsets.put(named, offset(partition));
            } else {
                answers.put(named, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }));
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(response(answers, request.version()));
        }
        return commit(data, offsets, request.version()).thenApply(outcomes -> {
            answers.putAll(outcomes);
            return response(answers, request.version());
        });
    }

    private CommittedOffset offset(TxnOffsetCommitRequestPartition partition) {
        String metadata = partition.committedMetadata();
        return new CommittedOffset(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata == null ? "" : metadata,
                clock.millis(),
                CommittedOffset.NO_EXPIRY);
    }

    private CompletionStage<Map<TopicPartition, Errors>> commit(
            TxnOffsetCommitRequestData data, Map<TopicPartition, CommittedOffset> offsets, short version) {
        if (data.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(all(offsets, Errors.INVALID_GROUP_ID));
        }
        TopicPartition partition =
                new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, groups.partitionFor(data.groupId()));
        CompletionStage<OffsetsVerdict> verdict = verification.verifyOffsets(
                partition, data.transactionalId(), data.producerId(), data.producerEpoch(), version);
        return verdict.thenCompose(verified -> verified.error() == Errors.NONE
                ? groups.commitTransactionalOffsets(new TxnOffsetCommit(
                        data.producerId(),
                        data.producerEpoch(),
                        verified.guard(),
                        new OffsetCommit(
                                data.groupId(), data.memberId(), data.groupInstanceId(), data.generationId(), offsets)))
                : CompletableFuture.completedFuture(all(offsets, verified.error())));
    }

    private static Map<TopicPartition, Errors> all(Map<TopicPartition, ?> partitions, Errors error) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        partitions.keySet().forEach(partition -> errors.put(partition, error));
        return errors;
    }

    /** Producers before 2.0 crash when told of loading. */
    private static Errors shown(Errors error, short version) {
        return error == Errors.COORDINATOR_LOAD_IN_PROGRESS && version < KNOWS_LOADING_FROM
                ? Errors.COORDINATOR_NOT_AVAILABLE
                : error;
    }

    private static TxnOffsetCommitResponse response(Map<TopicPartition, Errors> answers, short version) {
        Map<String, TxnOffsetCommitResponseTopic> topics = new LinkedHashMap<>();
        answers.forEach((named, error) -> topics.computeIfAbsent(
                        named.topic(), name -> new TxnOffsetCommitResponseTopic().setName(name))
                .partitions()
                .add(new TxnOffsetCommitResponsePartition()
                        .setPartitionIndex(named.partition())
                        .setErrorCode(shown(error, version).code())));
        List<TxnOffsetCommitResponseTopic> listed = new ArrayList<>(topics.values());
        return new TxnOffsetCommitResponse(new TxnOffsetCommitResponseData().setTopics(listed));
    }
}
