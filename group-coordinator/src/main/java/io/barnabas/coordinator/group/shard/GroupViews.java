// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupDescription;
import io.barnabas.coordinator.group.GroupDescription.DescribedMember;
import io.barnabas.coordinator.group.GroupListing;
import io.barnabas.coordinator.group.GroupListing.ListedGroup;
import io.barnabas.coordinator.group.GroupState;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Groups as DescribeGroups and ListGroups show them. */
final class GroupViews {
    private GroupViews() {}

    /** Protocol, metadata and assignments are shown of a stable group only. */
    static GroupDescription describe(GroupMembership group) {
        boolean stable = group.is(GroupState.STABLE);
        List<DescribedMember> members = group.members().stream()
                .map(member -> new DescribedMember(
                        member.memberId(),
                        member.groupInstanceId(),
                        member.clientId(),
                        member.clientHost(),
                        stable ? member.metadata(group.protocolName()) : Member.NO_ASSIGNMENT,
                        stable ? member.assignment() : Member.NO_ASSIGNMENT))
                .toList();
        return new GroupDescription(
                Errors.NONE,
                group.groupId(),
                group.state().toString(),
                shown(group.protocolType()),
                stable ? shown(group.protocolName()) : "",
                members);
    }

    static ListedGroup list(GroupMembership group) {
        return new ListedGroup(
                group.groupId(), shown(group.protocolType()), group.state().toString(), GroupListing.CLASSIC);
    }

    private static String shown(String nameOrNull) {
        return nameOrNull == null ? "" : nameOrNull;
    }
}
