// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.protocol.UpdateMetadataCodec;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;

/** UpdateMetadata: the controller tells what the cluster is like now. */
final class UpdateMetadataHandler implements RequestHandler<UpdateMetadataRequest> {
    private final ControlPlane control;

    UpdateMetadataHandler(ControlPlane control) {
        this.control = control;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.UPDATE_METADATA;
    }

    @Override
    public CompletionStage<UpdateMetadataResponse> handle(UpdateMetadataRequest request, RequestContext context) {
        return control.apply(UpdateMetadataCodec.toCommand(request)).thenApply(UpdateMetadataCodec::toResponse);
    }
}
