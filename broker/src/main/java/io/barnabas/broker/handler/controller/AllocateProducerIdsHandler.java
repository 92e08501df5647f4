// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AllocateProducerIdsRequest;
import org.apache.kafka.common.requests.AllocateProducerIdsResponse;

/** AllocateProducerIds (KIP-730), v0. */
final class AllocateProducerIdsHandler implements RequestHandler<AllocateProducerIdsRequest> {
    private final Controller controller;

    AllocateProducerIdsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALLOCATE_PRODUCER_IDS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(
            AllocateProducerIdsRequest request, RequestContext context) {
        return controller
                .allocateProducerIds(request.data().brokerId(), request.data().brokerEpoch())
                .thenApply(block -> new AllocateProducerIdsResponse(new AllocateProducerIdsResponseData()
                        .setErrorCode(block.refusal().error().code())
                        .setProducerIdStart(block.firstId())
                        .setProducerIdLen(block.length())));
    }
}
