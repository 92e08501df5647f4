// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

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
record GroupSnapshot(
        String protocolType,
        int generationId,
        String protocolName,
        String leaderId,
        long stateTimestampMs,
        List<MemberSnapshot> members) {
    static final long NO_TIMESTAMP = -1L;

    GroupSnapshot {
        members = List.copyOf(members);
    }

    /**
     * @param groupInstanceId null for a dynamic member
     * @param subscription the member's metadata for the chosen protocol
     */
    record MemberSnapshot(
            String memberId,
            String groupInstanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Bytes subscription,
            Bytes assignment) {}
}
