// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.replica.ProducersResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.ActiveProducer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;

/** DescribeProducers (API 61, KIP-664): the producers a replica remembers, leading or following. */
public final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequest> {
    private static final long NO_TRANSACTION = -1L;

    private final ReplicaManager replicas;
    private final Predicate<String> knowsTopic;

    /** @param knowsTopic whether the metadata cache has a topic of that name */
    DescribeProducersHandler(ReplicaManager replicas, Predicate<String> knowsTopic) {
        this.replicas = replicas;
        this.knowsTopic = knowsTopic;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public CompletionStage<DescribeProducersResponse> handle(DescribeProducersRequest request, RequestContext context) {
        DescribeProducersResponseData data = new DescribeProducersResponseData();
        for (TopicRequest topic : request.data().topics()) {
            TopicResponse answers = new TopicResponse().setName(topic.name());
            topic.partitionIndexes()
                    .forEach(index -> answers.partitions().add(partition(new TopicPartition(topic.name(), index))));
            data.topics().add(answers);
        }
        return CompletableFuture.completedFuture(new DescribeProducersResponse(data));
    }

    private PartitionResponse partition(TopicPartition name) {
        if (!knowsTopic.test(name.topic())) {
            Errors unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return new PartitionResponse()
                    .setPartitionIndex(name.partition())
                    .setErrorCode(unknown.code())
                    .setErrorMessage(unknown.message());
        }
        ProducersResult result = replicas.describeProducers(name);
        PartitionResponse answer = new PartitionResponse()
                .setPartitionIndex(name.partition())
                .setErrorCode(result.error().code());
        for (ActiveProducer producer : result.producers()) {
            answer.activeProducers()
                    .add(new ProducerState()
                            .setProducerId(producer.producerId())
                            .setProducerEpoch(producer.producerEpoch())
                            .setLastSequence(producer.lastSequence())
                            .setLastTimestamp(producer.lastTimestamp())
                            .setCoordinatorEpoch(producer.coordinatorEpoch())
                            .setCurrentTxnStartOffset(
                                    producer.currentTransactionFirstOffset().orElse(NO_TRANSACTION)));
        }
        return answer;
    }
}
