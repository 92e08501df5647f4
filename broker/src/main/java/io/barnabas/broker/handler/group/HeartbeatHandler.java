// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.Heartbeat;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;

/** Heartbeat, v0 to v4. */
final class HeartbeatHandler implements RequestHandler<HeartbeatRequest> {
    private final GroupCoordinator coordinator;
    private final boolean staticMembership;

    HeartbeatHandler(GroupCoordinator coordinator, boolean staticMembership) {
        this.coordinator = coordinator;
        this.staticMembership = staticMembership;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<HeartbeatResponse> handle(HeartbeatRequest request, RequestContext context) {
        HeartbeatRequestData data = request.data();
        StaticMembership.check(data.groupInstanceId(), staticMembership);
        Heartbeat heartbeat =
                new Heartbeat(data.groupId(), data.generationId(), data.memberId(), data.groupInstanceId());
        return coordinator
                .heartbeat(heartbeat)
                .thenApply(error -> new HeartbeatResponse(new HeartbeatResponseData().setErrorCode(error.code())));
    }
}
