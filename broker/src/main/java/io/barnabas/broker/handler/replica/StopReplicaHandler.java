// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.protocol.StopReplicaCodec;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;

/** StopReplica: the controller says what to stop, and what to delete. */
final class StopReplicaHandler implements RequestHandler<StopReplicaRequest> {
    private final ControlPlane control;

    StopReplicaHandler(ControlPlane control) {
        this.control = control;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.STOP_REPLICA;
    }

    @Override
    public CompletionStage<StopReplicaResponse> handle(StopReplicaRequest request, RequestContext context) {
        return control.apply(StopReplicaCodec.toCommand(request)).thenApply(StopReplicaCodec::toResponse);
    }
}
