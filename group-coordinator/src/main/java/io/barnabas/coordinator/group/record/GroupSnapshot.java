// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.record;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * A group as its record in {@code __consumer_offsets} keeps it.
 *
 * @param protocolType empty if none
 * @param protocolName the chosen assignor, null for an empty group
 * @param leaderId null for an empty group
 * @param stateTimestampMs when the group came into its state, {@link #NO_TIMESTAMP} if the record does not say
 */
public record GroupSnapshot(
        String protocolType,
        int generationId,
        String protocolName,
        String leaderId,
        long stateTimestampMs,
        List<MemberSnapshot> members) {
    /** Stands for a record that does not say when. */
    public static final long NO_TIMESTAMP = -1L;

    /** Copies the members. */
    public GroupSnapshot {
        members = List.copyOf(members);
    }

    /**
     * A member as its group's record keeps it.
     *
     * @param groupInstanceId null for a dynamic member
     * @param subscription the member's metadata for the chosen protocol
     */
    public record MemberSnapshot(
            String memberId,
            String groupInstanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Bytes subscription,
            Bytes assignment) {}
}
