// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.LeaveGroup.LeavingMember;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** LeaveGroup, v0 to v5: one member up to v2, whose error is then the answer's own, many from v3. */
final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequest> {
    private final GroupCoordinator coordinator;

    LeaveGroupHandler(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<LeaveGroupResponse> handle(LeaveGroupRequest request, RequestContext context) {
        List<LeavingMember> members = request.members().stream()
                .map(member -> new LeavingMember(member.memberId(), member.groupInstanceId(), member.reason()))
                .toList();
        return coordinator
                .leaveGroup(new LeaveGroup.Request(request.data().groupId(), members))
                .thenApply(result -> response(result, request.version()));
    }

    private static LeaveGroupResponse response(LeaveGroup.Result result, short version) {
        List<MemberResponse> members = result.members().stream()
                .map(member -> new MemberResponse()
                        .setMemberId(member.memberId())
                        .setGroupInstanceId(member.groupInstanceId())
                        .setErrorCode(member.error().code()))
                .toList();
        return new LeaveGroupResponse(
                new LeaveGroupResponseData().setErrorCode(result.error().code()).setMembers(members), version);
    }
}
