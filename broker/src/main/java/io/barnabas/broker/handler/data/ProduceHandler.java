// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.ConnectionClosedByHandlerException;
import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.AppendOrigin;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * Produce (API 0). Appends on the connection's event loop; waits, for acks=all, in the replica manager. With acks=0
 * nothing is answered, and an error closes the connection so that the producer learns of it.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequest> {
    /** The client id of Kafka's own admin tools, which may write internal topics. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private final ReplicaManager replicas;
    private final Supplier<ClusterImage> clusterImage;
    private final TransactionVerification verification;
    private final ProduceResponses responses;

    ProduceHandler(ReplicaManager replicas, Supplier<ClusterImage> clusterImage, TransactionVerification verification) {
        this.replicas = replicas;
        this.clusterImage = clusterImage;
        this.verification = verification;
        this.responses = new ProduceResponses(new CurrentLeaders(replicas, clusterImage));
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public CompletionStage<ProduceResponse> handle(ProduceRequest request, RequestContext context) {
        // a batch that cannot be told from rubbish fails the request here, with what is wrong, for all its partitions
        if (RequestUtils.hasTransactionalRecords(request) && request.transactionalId() == null) {
            return CompletableFuture.failedFuture(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception());
        }
        Map<TopicPartition, AppendResult> refused = new HashMap<>();
        ClusterImage image = clusterImage.get();
        Predicate<TopicPartition> known = name -> image.contains(name) || replicas.isOrdered(name);
        Map<TopicPartition, MemoryRecords> records = admissible(request.data(), context.apiVersion(), known, refused);
        Optional<TransactionVerification.Question> question =
                ProducedTransaction.question(request, records, known, context.apiVersion());
        if (question.isEmpty()) {
            return append(request, context, records, refused, TransactionVerification.Verdict.NOT_REQUIRED);
        }
        return verification.verify(question.get()).thenCompose(verdict -> {
            records.keySet().removeAll(verdict.refused().keySet());
            refused.putAll(verdict.refused());
            return append(request, context, records, refused, verdict);
        });
    }

    /** The records that may be appended, in the order sent; what may not goes to {@code refused}. */
    private Map<TopicPartition, MemoryRecords> admissible(
            ProduceRequestData data,
            short version,
            Predicate<TopicPartition> known,
            Map<TopicPartition, AppendResult> refused) {
        Map<TopicPartition, MemoryRecords> records = new LinkedHashMap<>();
        for (TopicProduceData topic : data.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.index());
                try {
                    if (partition.records() == null) {
                        throw new InvalidRecordException("Produce requests must have records for each partition");
                    }
                    ProduceRequest.validateRecords(version, partition.records());
                    records.put(name, (MemoryRecords) partition.records());
                } catch (ApiException e) {
                    Errors error = known.test(name) ? Errors.forException(e) : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                    refused.put(name, AppendResult.failed(error));
                }
            }
        }
        return records;
    }

    private CompletionStage<ProduceResponse> append(
            ProduceRequest request,
            RequestContext context,
            Map<TopicPartition, MemoryRecords> records,
            Map<TopicPartition, AppendResult> refused,
            TransactionVerification.Verdict verdict) {
        if (records.isEmpty()) {
            return answer(request.acks(), context, request.data(), refused);
        }
        CompletableFuture<Map<TopicPartition, AppendResult>> appended = replicas.append(new AppendCommand(
                request.acks(),
                request.timeout(),
                ADMIN_CLIENT_ID.equals(context.clientId()),
                AppendOrigin.CLIENT,
                records,
                verdict.guards(),
                verdict.required()));
        short acks = request.acks();
        ProduceRequestData data = request.data();
        return appended.thenCompose(results -> {
            results.putAll(refused);
            return answer(acks, context, data, results);
        });
    }

    private CompletionStage<ProduceResponse> answer(
            short acks, RequestContext context, ProduceRequestData data, Map<TopicPartition, AppendResult> results) {
        if (acks != 0) {
            return CompletableFuture.completedFuture(responses.of(data, results, context));
        }
        for (Map.Entry<TopicPartition, AppendResult> result : results.entrySet()) {
            if (result.getValue().error() != Errors.NONE) {
                return CompletableFuture.failedFuture(new ConnectionClosedByHandlerException("Produce with acks=0 to "
                        + result.getKey() + " failed with " + result.getValue().error()));
            }
        }
        return CompletableFuture.completedFuture(null);
    }
}
