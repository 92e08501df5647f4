// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/**
 * InitProducerId (KIP-98), v0 to v5. An idempotent producer gets a fresh id at epoch 0, whatever it had before; one
 * with a transactional id is the transaction coordinator's.
 */
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequest> {
    private final ProducerIds ids;
    private final TransactionalIds transactionalIds;

    public InitProducerIdHandler(ProducerIds ids, TransactionalIds transactionalIds) {
        this.ids = ids;
        this.transactionalIds = transactionalIds;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(InitProducerIdRequest request, RequestContext context) {
        String transactionalId = request.data().transactionalId();
        boolean hasId = request.data().producerId() != RecordBatch.NO_PRODUCER_ID;
        boolean hasEpoch = request.data().producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
        if (hasId != hasEpoch || (transactionalId != null && transactionalId.isEmpty())) {
            return CompletableFuture.completedFuture(refuse(Errors.INVALID_REQUEST));
        }
        if (transactionalId != null) {
            return transactionalIds.initProducerId(request, context);
        }
        OptionalLong id = ids.take();
        return CompletableFuture.completedFuture(
                id.isPresent() ? grant(id.getAsLong()) : refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS));
    }

    private static InitProducerIdResponse grant(long id) {
        return new InitProducerIdResponse(
                new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0));
    }

    private static InitProducerIdResponse refuse(Errors error) {
        return new InitProducerIdResponse(new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH));
    }
}
