// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/** Joining a group. */
public final class JoinGroup {
    /** The member id of one who has none yet. */
    public static final String UNKNOWN_MEMBER_ID = "";
    /** The generation of one who is in none. */
    public static final int UNKNOWN_GENERATION_ID = -1;

    private JoinGroup() {}

    /**
     * A member's wish to join or to join again.
     *
     * @param memberId {@link #UNKNOWN_MEMBER_ID} the first time
     * @param groupInstanceId of a static member (KIP-345), else null
     * @param requireKnownMemberId whether a new dynamic member gets its id first, by MEMBER_ID_REQUIRED (KIP-394; from
     *     v4)
     * @param supportsSkippingAssignment whether the member knows {@code skipAssignment} (KIP-814; from v9)
     * @param rebalanceTimeoutMs how long a rebalance waits for this member; the session timeout in v0
     * @param protocolType such as {@code consumer}; all members share it
     * @param protocols the assignors it can do, in its order of preference
     * @param reason why it joins (KIP-800), or null
     */
    public record Request(
            String groupId,
            String memberId,
            String groupInstanceId,
            boolean requireKnownMemberId,
            boolean supportsSkippingAssignment,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            String protocolType,
            List<Protocol> protocols,
            String reason) {
        /** Copies the protocols. */
        public Request {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * One assignor a member can do.
     *
     * @param metadata opaque here, except a consumer's subscription; not to be changed
     */
    public record Protocol(String name, Bytes metadata) {}

    /**
     * The answer, once the rebalance came together.
     *
     * @param memberId the member's id from now on; with MEMBER_ID_REQUIRED the one to come back with
     * @param generationId the new generation, -1 on error
     * @param protocolType null if unknown
     * @param protocolName the assignor that was voted for; null if none
     * @param leaderId who assigns; empty if none
     * @param skipAssignment whether the leader is to leave the assignment as it is
     * @param members all members with their metadata for the leader, else empty
     */
    public record Result(
            Errors error,
            String memberId,
            int generationId,
            String protocolType,
            String protocolName,
            String leaderId,
            boolean skipAssignment,
            List<JoinedMember> members) {
        /** Copies the members. */
        public Result {
            members = List.copyOf(members);
        }

        /** An answer that carries nothing but an error. */
        public static Result failed(String memberId, Errors error) {
            return new Result(error, memberId, UNKNOWN_GENERATION_ID, null, null, "", false, List.of());
        }
    }

    /**
     * A member as the leader sees it.
     *
     * @param groupInstanceId null for a dynamic member
     * @param metadata what the member sent for the chosen protocol
     */
    public record JoinedMember(String memberId, String groupInstanceId, Bytes metadata) {}
}
