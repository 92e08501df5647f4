// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.GroupListing;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;

/** ListGroups, v0 to v5: filtered by state from v4, by type from v5. */
final class ListGroupsHandler implements RequestHandler<ListGroupsRequest> {
    private final GroupCoordinator coordinator;

    ListGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public CompletionStage<ListGroupsResponse> handle(ListGroupsRequest request, RequestContext context) {
        return coordinator
                .listGroups(
                        asSet(request.data().statesFilter()),
                        asSet(request.data().typesFilter()))
                .thenApply(ListGroupsHandler::response);
    }

    private static Set<String> asSet(List<String> filter) {
        return filter == null ? Set.of() : Set.copyOf(filter);
    }

    private static ListGroupsResponse response(GroupListing listing) {
        List<ListedGroup> groups = listing.groups().stream()
                .map(group -> new ListedGroup()
                        .setGroupId(group.groupId())
                        .setProtocolType(group.protocolType())
                        .setGroupState(group.state())
                        .setGroupType(group.type()))
                .toList();
        return new ListGroupsResponse(new ListGroupsResponseData()
                .setErrorCode(listing.error().code())
                .setGroups(groups));
    }
}
