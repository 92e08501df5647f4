// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * AddPartitionsToTxn, v0 to v5: up to v3 one producer's request, from v4 on several transactions at once from another
 * broker, which may only want to know whether the partitions take part (KIP-890).
 */
final class AddPartitionsToTxnHandler implements RequestHandler<AddPartitionsToTxnRequest> {
    private static final int BATCHED_FROM = 4;
    private static final int KNOWS_FENCED_FROM = 2;

    private final TransactionCoordinator coordinator;
    private final Supplier<ClusterImage> images;

    AddPartitionsToTxnHandler(TransactionCoordinator coordinator, Supplier<ClusterImage> images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public CompletionStage<AddPartitionsToTxnResponse> handle(
            AddPartitionsToTxnRequest request, RequestContext context) {
        AddPartitionsToTxnRequestData data = request.data();
        if (request.version() < BATCHED_FROM) {
            AddPartitionsToTxnTransaction only = new AddPartitionsToTxnTransaction()
                    .setTransactionalId(data.v3AndBelowTransactionalId())
                    .setProducerId(data.v3AndBelowProducerId())
                    .setProducerEpoch(data.v3AndBelowProducerEpoch())
                    .setTopics(data.v3AndBelowTopics());
            return answer(only, request.version())
                    .thenApply(result -> new AddPartitionsToTxnResponse(
                            new AddPartitionsToTxnResponseData().setResultsByTopicV3AndBelow(result.topicResults())));
        }
        List<CompletableFuture<AddPartitionsToTxnResult>> results = new ArrayList<>();
        data.transactions().forEach(transaction -> results.add(answer(transaction, request.version())));
        return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    AddPartitionsToTxnResultCollection answers = new AddPartitionsToTxnResultCollection();
                    results.forEach(result -> answers.add(result.join()));
                    return new AddPartitionsToTxnResponse(
                            new AddPartitionsToTxnResponseData().setResultsByTransaction(answers));
                });
    }

    private CompletableFuture<AddPartitionsToTxnResult> answer(AddPartitionsToTxnTransaction asked, short version) {
        String transactionalId = asked.transactionalId();
        Set<TopicPartition> partitions = new LinkedHashSet<>(AddPartitionsToTxnRequest.getPartitions(asked.topics()));
        ClusterImage image = images.get();
        if (!partitions.stream().allMatch(image::contains)) {
            return CompletableFuture.completedFuture(
                    AddPartitionsToTxnResponse.resultForTransaction(transactionalId, refusal(partitions, image)));
        }
        CompletionStage<Map<TopicPartition, Errors>> outcome = asked.verifyOnly()
                ? coordinator.verifyPartitions(transactionalId, asked.producerId(), asked.producerEpoch(), partitions)
                : coordinator
                        .addPartitions(transactionalId, asked.producerId(), asked.producerEpoch(), partitions)
                        .thenApply(error -> all(partitions, ProducerErrors.shown(error, version, KNOWS_FENCED_FROM)));
        return outcome.thenApply(errors -> AddPartitionsToTxnResponse.resultForTransaction(transactionalId, errors))
                .toCompletableFuture();
    }

    /** One unknown partition spoils all. */
    private static Map<TopicPartition, Errors> refusal(Set<TopicPartition> partitions, ClusterImage image) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        partitions.forEach(partition -> errors.put(
                partition,
                image.contains(partition) ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION));
        return errors;
    }

    private static Map<TopicPartition, Errors> all(Set<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        partitions.forEach(partition -> errors.put(partition, error));
        return errors;
    }
}
