// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.coordinator.transaction.InitProducerId;
import io.barnabas.coordinator.transaction.InitProducerId.Producer;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/** InitProducerId with a transactional id, v0 to v5, by the transaction coordinator. */
public final class CoordinatedTransactionalIds implements TransactionalIds {
    private static final int KNOWS_FENCED_FROM = 4;

    private final TransactionCoordinator coordinator;

    public CoordinatedTransactionalIds(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> initProducerId(
            InitProducerIdRequest request, RequestContext context) {
        InitProducerIdRequestData data = request.data();
        Optional<Producer> expected = data.producerId() == RecordBatch.NO_PRODUCER_ID
                ? Optional.empty()
                : Optional.of(new Producer(data.producerId(), data.producerEpoch()));
        return coordinator
                .initProducerId(
                        new InitProducerId.Request(data.transactionalId(), data.transactionTimeoutMs(), expected))
                .thenApply(result -> new InitProducerIdResponse(new InitProducerIdResponseData()
                        .setErrorCode(ProducerErrors.shown(result.error(), request.version(), KNOWS_FENCED_FROM)
                                .code())
                        .setProducerId(result.producerId())
                        .setProducerEpoch(result.producerEpoch())));
    }
}
