// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;

/** DeleteGroups, v0 to v2. */
final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequest> {
    private final GroupCoordinator coordinator;

    DeleteGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<DeleteGroupsResponse> handle(DeleteGroupsRequest request, RequestContext context) {
        return coordinator.deleteGroups(request.data().groupsNames()).thenApply(DeleteGroupsHandler::response);
    }

    private static DeleteGroupsResponse response(Map<String, Errors> outcomes) {
        DeletableGroupResultCollection results = new DeletableGroupResultCollection();
        outcomes.forEach((groupId, error) ->
                results.add(new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code())));
        return new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results));
    }
}
