// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.SyncGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.Bytes;

/** SyncGroup, v0 to v5. */
final class SyncGroupHandler implements RequestHandler<SyncGroupRequest> {
    private final GroupCoordinator coordinator;
    private final boolean staticMembership;

    SyncGroupHandler(GroupCoordinator coordinator, boolean staticMembership) {
        this.coordinator = coordinator;
        this.staticMembership = staticMembership;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public CompletionStage<SyncGroupResponse> handle(SyncGroupRequest request, RequestContext context) {
        SyncGroupRequestData data = request.data();
        StaticMembership.check(data.groupInstanceId(), staticMembership);
        if (!request.areMandatoryProtocolTypeAndNamePresent()) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
        }
        Map<String, Bytes> assignments = new HashMap<>();
        data.assignments()
                .forEach(assignment -> assignments.put(assignment.memberId(), Bytes.wrap(assignment.assignment())));
        SyncGroup.Request sync = new SyncGroup.Request(
                data.groupId(),
                data.generationId(),
                data.memberId(),
                data.groupInstanceId(),
                data.protocolType(),
                data.protocolName(),
                assignments);
        return coordinator.syncGroup(sync).thenApply(SyncGroupHandler::response);
    }

    private static SyncGroupResponse response(SyncGroup.Result result) {
        return new SyncGroupResponse(new SyncGroupResponseData()
                .setErrorCode(result.error().code())
                .setProtocolType(result.protocolType())
                .setProtocolName(result.protocolName())
                .setAssignment(result.assignment().get()));
    }
}
