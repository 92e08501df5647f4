// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;

/** AddOffsetsToTxn, v0 to v4: the partition that keeps a group's offsets takes part in the transaction. */
final class AddOffsetsToTxnHandler implements RequestHandler<AddOffsetsToTxnRequest> {
    private static final int KNOWS_FENCED_FROM = 2;

    private final TransactionCoordinator coordinator;
    private final ToIntFunction<String> groupPartition;

    /** @param groupPartition the partition of {@code __consumer_offsets} for a group */
    AddOffsetsToTxnHandler(TransactionCoordinator coordinator, ToIntFunction<String> groupPartition) {
        this.coordinator = coordinator;
        this.groupPartition = groupPartition;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public CompletionStage<AddOffsetsToTxnResponse> handle(AddOffsetsToTxnRequest request, RequestContext context) {
        AddOffsetsToTxnRequestData data = request.data();
        TopicPartition offsets =
                new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, groupPartition.applyAsInt(data.groupId()));
        return coordinator
                .addPartitions(data.transactionalId(), data.producerId(), data.producerEpoch(), Set.of(offsets))
                .thenApply(error -> new AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData()
                        .setErrorCode(ProducerErrors.shown(error, request.version(), KNOWS_FENCED_FROM)
                                .code())));
    }
}
