// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import io.barnabas.coordinator.transaction.TransactionDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;

/** DescribeTransactions (KIP-664), v0. */
final class DescribeTransactionsHandler implements RequestHandler<DescribeTransactionsRequest> {
    private final TransactionCoordinator coordinator;

    DescribeTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public CompletionStage<DescribeTransactionsResponse> handle(
            DescribeTransactionsRequest request, RequestContext context) {
        List<CompletableFuture<TransactionDescription>> described = new ArrayList<>();
        request.data()
                .transactionalIds()
                .forEach(id -> described.add(coordinator.describeTransaction(id).toCompletableFuture()));
        return CompletableFuture.allOf(described.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    DescribeTransactionsResponseData data = new DescribeTransactionsResponseData();
                    described.forEach(description -> data.transactionStates().add(state(description.join())));
                    return new DescribeTransactionsResponse(data);
                });
    }

    private static TransactionState state(TransactionDescription description) {
        TransactionState state = new TransactionState()
                .setTransactionalId(description.transactionalId())
                .setErrorCode(description.error().code());
        if (description.error() != Errors.NONE) {
            return state;
        }
        state.setTransactionState(description.state())
                .setProducerId(description.producerId())
                .setProducerEpoch(description.producerEpoch())
                .setTransactionTimeoutMs(description.timeoutMs())
                .setTransactionStartTimeMs(description.startMs());
        for (TopicPartition partition : inOrder(description.partitions())) {
            TopicData topic = state.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                state.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return state;
    }

    /** By topic and number, so that two answers about one transaction are equal. */
    private static List<TopicPartition> inOrder(Collection<TopicPartition> partitions) {
        List<TopicPartition> ordered = new ArrayList<>(partitions);
        ordered.sort(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        return ordered;
    }
}
