// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.protocol.LeaderAndIsrCodec;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** LeaderAndIsr: the controller says what to lead and what to follow. */
final class LeaderAndIsrHandler implements RequestHandler<LeaderAndIsrRequest> {
    private final ControlPlane control;
    private final String listener;
    private final SecurityProtocol securityProtocol;

    LeaderAndIsrHandler(ControlPlane control, String listener, SecurityProtocol securityProtocol) {
        this.control = control;
        this.listener = listener;
        this.securityProtocol = securityProtocol;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LEADER_AND_ISR;
    }

    @Override
    public CompletionStage<LeaderAndIsrResponse> handle(LeaderAndIsrRequest request, RequestContext context) {
        Map<String, Uuid> topicIds = request.topicIds();
        short version = request.version();
        return control.apply(LeaderAndIsrCodec.toCommand(request, listener, securityProtocol))
                .thenApply(outcome -> LeaderAndIsrCodec.toResponse(outcome, topicIds, version));
    }
}
