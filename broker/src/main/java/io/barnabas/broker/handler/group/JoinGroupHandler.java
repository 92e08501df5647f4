// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.utils.Bytes;

/** JoinGroup, v0 to v9. */
final class JoinGroupHandler implements RequestHandler<JoinGroupRequest> {
    private final GroupCoordinator coordinator;
    private final boolean staticMembership;

    JoinGroupHandler(GroupCoordinator coordinator, boolean staticMembership) {
        this.coordinator = coordinator;
        this.staticMembership = staticMembership;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public CompletionStage<JoinGroupResponse> handle(JoinGroupRequest request, RequestContext context) {
        JoinGroupRequestData data = request.data();
        StaticMembership.check(data.groupInstanceId(), staticMembership);
        List<Protocol> protocols = data.protocols().stream()
                .map(protocol -> new Protocol(protocol.name(), Bytes.wrap(protocol.metadata())))
                .toList();
        JoinGroup.Request join = new JoinGroup.Request(
                data.groupId(),
                data.memberId(),
                data.groupInstanceId(),
                JoinGroupRequest.requiresKnownMemberId(data, request.version()),
                JoinGroupRequest.supportsSkippingAssignment(request.version()),
                context.clientId(),
                context.clientAddress().toString(),
                data.rebalanceTimeoutMs(),
                data.sessionTimeoutMs(),
                data.protocolType(),
                protocols,
                data.reason());
        return coordinator.joinGroup(join).thenApply(result -> response(result, request.version()));
    }

    private static JoinGroupResponse response(JoinGroup.Result result, short version) {
        List<JoinGroupResponseMember> members = result.members().stream()
                .map(member -> new JoinGroupResponseMember()
                        .setMemberId(member.memberId())
                        .setGroupInstanceId(member.groupInstanceId())
                        .setMetadata(member.metadata().get()))
                .toList();
        return new JoinGroupResponse(
                new JoinGroupResponseData()
                        .setErrorCode(result.error().code())
                        .setGenerationId(result.generationId())
                        .setProtocolType(result.protocolType())
                        .setProtocolName(result.protocolName())
                        .setLeader(result.leaderId())
                        .setSkipAssignment(result.skipAssignment())
                        .setMemberId(result.memberId())
                        .setMembers(members),
                version);
    }
}
