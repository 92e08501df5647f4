// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/** A member of a group. Owned by the group's shard; its join is counted by the {@link Group}, so set it there. */
final class Member {
    static final Bytes NO_ASSIGNMENT = Bytes.wrap(Bytes.EMPTY);

    private final String groupInstanceId;
    private final String clientId;
    private final String clientHost;
    private String memberId;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    private List<Protocol> protocols;
    private Bytes assignment = NO_ASSIGNMENT;
    private Consumer<JoinGroup.Result> awaitingJoin;
    private Consumer<SyncGroup.Result> awaitingSync;
    private boolean isNew;
    private TimerQueue<GroupRecord>.Timer session;

    Member(
            String memberId,
            String groupInstanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<Protocol> protocols) {
        this.memberId = memberId;
        this.groupInstanceId = groupInstanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = protocols;
    }

    String memberId() {
        return memberId;
    }

    /** Another id for the same static member. */
    void memberId(String newMemberId) {
        memberId = newMemberId;
    }

    /** Null for a dynamic member. */
    String groupInstanceId() {
        return groupInstanceId;
    }

    boolean isStatic() {
        return groupInstanceId != null;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    void timeouts(int newRebalanceTimeoutMs, int newSessionTimeoutMs) {
        rebalanceTimeoutMs = newRebalanceTimeoutMs;
        sessionTimeoutMs = newSessionTimeoutMs;
    }

    List<Protocol> protocols() {
        return protocols;
    }

    void protocols(List<Protocol> newProtocols) {
        protocols = newProtocols;
    }

    /** What the member said for the protocol. */
    Bytes metadata(String protocolName) {
        for (Protocol protocol : protocols) {
            if (protocol.name().equals(protocolName)) {
                return protocol.metadata();
            }
        }
        throw new IllegalArgumentException("Member " + memberId + " does not support protocol " + protocolName);
    }

    /** The member's favourite among the candidates. */
    String vote(Set<String> candidates) {
        for (Protocol protocol : protocols) {
            if (candidates.contains(protocol.name())) {
                return protocol.name();
            }
        }
        throw new IllegalArgumentException("Member " + memberId + " supports none of " + candidates);
    }

    /** Whether the member comes with the same protocols and metadata, in the same order. */
    boolean matches(List<Protocol> otherProtocols) {
        return protocols.equals(otherProtocols);
    }

    Bytes assignment() {
        return assignment;
    }

    void assignment(Bytes newAssignment) {
        assignment = newAssignment;
    }

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    Consumer<JoinGroup.Result> awaitingJoin() {
        return awaitingJoin;
    }

    void awaitingJoin(Consumer<JoinGroup.Result> answer) {
        awaitingJoin = answer;
    }

    boolean isAwaitingSync() {
        return awaitingSync != null;
    }

    Consumer<SyncGroup.Result> awaitingSync() {
        return awaitingSync;
    }

    void awaitingSync(Consumer<SyncGroup.Result> answer) {
        awaitingSync = answer;
    }

    /** A member that was in no generation yet: it has no id to send heartbeats with. */
    boolean isNew() {
        return isNew;
    }

    void isNew(boolean newcomer) {
        isNew = newcomer;
    }

    /** Runs out when the member was not heard of for too long. */
    TimerQueue<GroupRecord>.Timer session() {
        return session;
    }

    void session(TimerQueue<GroupRecord>.Timer timer) {
        session = timer;
    }

    /** Whether a session that ran out is excused: one who waits for us cannot send heartbeats. */
    boolean isExcused() {
        return !isNew && (isAwaitingJoin() || isAwaitingSync());
    }
}
