// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.GroupDescription;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.utils.Utils;

/** DescribeGroups, v0 to v5. A group that does not exist is described as dead. */
final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequest> {
    private static final short OPERATIONS_SINCE = 3;
    /** What can be done with a group; without an authorizer, everybody may. */
    private static final int ALL_OPERATIONS =
            bits(EnumSet.of(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DELETE));

    private final GroupCoordinator coordinator;

    DescribeGroupsHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public CompletionStage<DescribeGroupsResponse> handle(DescribeGroupsRequest request, RequestContext context) {
        boolean operations =
                request.version() >= OPERATIONS_SINCE && request.data().includeAuthorizedOperations();
        List<CompletableFuture<GroupDescription>> groups = request.data().groups().stream()
                .map(groupId -> coordinator.describeGroup(groupId).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(groups.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> new DescribeGroupsResponse(new DescribeGroupsResponseData()
                        .setGroups(groups.stream()
                                .map(group -> described(group.join(), operations))
                                .toList())));
    }

    private static DescribedGroup described(GroupDescription group, boolean operations) {
        List<DescribedGroupMember> members = group.members().stream()
                .map(member -> new DescribedGroupMember()
                        .setMemberId(member.memberId())
                        .setGroupInstanceId(member.groupInstanceId())
                        .setClientId(member.clientId())
                        .setClientHost(member.clientHost())
                        .setMemberMetadata(member.metadata().get())
                        .setMemberAssignment(member.assignment().get()))
                .toList();
        DescribedGroup described = new DescribedGroup()
                .setErrorCode(group.error().code())
                .setGroupId(group.groupId())
                .setGroupState(group.state())
                .setProtocolType(group.protocolType())
                .setProtocolData(group.protocol())
                .setMembers(members);
        return operations && group.error() == Errors.NONE
                ? described.setAuthorizedOperations(ALL_OPERATIONS)
                : described;
    }

    private static int bits(Set<AclOperation> operations) {
        return Utils.to32BitField(operations.stream().map(AclOperation::code).collect(Collectors.toSet()));
    }
}
