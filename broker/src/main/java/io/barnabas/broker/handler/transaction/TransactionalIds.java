// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;

/** Who gives producers with a transactional id their producer id: the transaction coordinator. */
@FunctionalInterface
public interface TransactionalIds {
    /** Where there is no transaction coordinator: producers keep trying. */
    TransactionalIds NO_COORDINATOR = (request, context) -> CompletableFuture.completedFuture(
            request.getErrorResponse(0, Errors.COORDINATOR_NOT_AVAILABLE.exception()));

    /** Answers an InitProducerId whose transactional id is neither null nor empty. */
    CompletionStage<? extends AbstractResponse> initProducerId(InitProducerIdRequest request, RequestContext context);
}
