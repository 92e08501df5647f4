// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;

/** EndTxn, v0 to v4: commit or abort. */
final class EndTxnHandler implements RequestHandler<EndTxnRequest> {
    private static final int KNOWS_FENCED_FROM = 2;

    private final TransactionCoordinator coordinator;

    EndTxnHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.END_TXN;
    }

    @Override
    public CompletionStage<EndTxnResponse> handle(EndTxnRequest request, RequestContext context) {
        EndTxnRequestData data = request.data();
        return coordinator
                .endTransaction(data.transactionalId(), data.producerId(), data.producerEpoch(), data.committed())
                .thenApply(error -> new EndTxnResponse(new EndTxnResponseData()
                        .setErrorCode(ProducerErrors.shown(error, request.version(), KNOWS_FENCED_FROM)
                                .code())));
    }
}
