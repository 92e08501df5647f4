// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/**
 * A group as DescribeGroups shows it.
 *
 * @param state {@link GroupState}'s name; empty on error, {@code Dead} for a group that does not exist
 * @param protocolType empty if none
 * @param protocol the chosen assignor while the group is stable, else empty
 */
public record GroupDescription(
        Errors error,
        String groupId,
        String state,
        String protocolType,
        String protocol,
        List<DescribedMember> members) {
    /** Copies the members. */
    public GroupDescription {
        members = List.copyOf(members);
    }

    /** A description that carries nothing but an error. */
    public static GroupDescription failed(String groupId, Errors error) {
        return new GroupDescription(error, groupId, "", "", "", List.of());
    }

    /** What a group that does not exist looks like. */
    public static GroupDescription dead(String groupId) {
        return new GroupDescription(Errors.NONE, groupId, GroupState.DEAD.toString(), "", "", List.of());
    }

    /**
     * @param groupInstanceId null for a dynamic member
     * @param metadata for the chosen protocol; empty unless the group is stable
     * @param assignment empty unless the group is stable
     */
    public record DescribedMember(
            String memberId,
            String groupInstanceId,
            String clientId,
            String clientHost,
            Bytes metadata,
            Bytes assignment) {}
}
