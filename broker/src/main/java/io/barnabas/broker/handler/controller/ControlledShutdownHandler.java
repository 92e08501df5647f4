// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;

/** ControlledShutdown, v0 to v3: with the broker's epoch from v2 (KIP-380). */
final class ControlledShutdownHandler implements RequestHandler<ControlledShutdownRequest> {
    private final Controller controller;

    ControlledShutdownHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CONTROLLED_SHUTDOWN;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(
            ControlledShutdownRequest request, RequestContext context) {
        return controller
                .controlledShutdown(request.data().brokerId(), request.data().brokerEpoch())
                .thenApply(decision -> ControlledShutdownResponse.prepareResponse(
                        decision.refusal().error(), decision.remaining()));
    }
}
