// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.JoinedMember;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupSnapshot;
import io.barnabas.coordinator.group.record.GroupSnapshot.MemberSnapshot;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/**
 * The members of one group and where their rebalance stands: soft state, made from the stored generation when the group
 * is loaded, and changed at once from then on. Keeps its own counts consistent; when to change is for
 * {@link Rebalances} and the requests. Owned by the shard the group's partition belongs to.
 */
final class GroupMembership {
    private final String groupId;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, TimerQueue<GroupRecord>.Timer> pendingMembers = new LinkedHashMap<>();
    private final Set<String> pendingSync = new LinkedHashSet<>();
    private final ProtocolSupport support = new ProtocolSupport();
    private final GroupRebalance rebalance = new GroupRebalance();

    private GroupState state = GroupState.EMPTY;
    private long stateTimestampMs;
    private String protocolType;
    private String protocolName;
    private String leaderId;
    private int generationId;
    private int awaitingJoin;
    private Set<String> subscribedTopics;

    GroupMembership(String groupId, long nowMs) {
        this.groupId = groupId;
        this.stateTimestampMs = nowMs;
    }

    String groupId() {
        return groupId;
    }

    /** What the rebalance under way needs to remember. */
    GroupRebalance rebalance() {
        return rebalance;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState asked) {
        return state == asked;
    }

    /** @param nowMs wall clock; offsets of an empty group expire by it */
    void state(GroupState newState, long nowMs) {
        state = newState;
        stateTimestampMs = nowMs;
    }

    long stateTimestampMs() {
        return stateTimestampMs;
    }

    /** Null if no member ever joined. */
    String protocolType() {
        return protocolType;
    }

    /** The chosen assignor; null while there is none. */
    String protocolName() {
        return protocolName;
    }

    /** Null if there is none. */
    String leaderId() {
        return leaderId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leaderId);
    }

    int generationId() {
        return generationId;
    }

    Collection<Member> members() {
        return members.values();
    }

    Member member(String memberId) {
        return members.get(memberId);
    }

    boolean has(String memberId) {
        return members.containsKey(memberId);
    }

    int size() {
        return members.size();
    }

    int staticSize() {
        return staticMembers.size();
    }

    int awaitingJoin() {
        return awaitingJoin;
    }

    /** The member id that holds the instance id now, or null. */
    String staticMemberId(String groupInstanceId) {
        return staticMembers.get(groupInstanceId);
    }

    boolean hasAllMembersJoined() {
        return members.size() == awaitingJoin && pendingMembers.isEmpty();
    }

    /** The longest rebalance timeout of all members. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (Member member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    void add(Member member, String memberProtocolType, Consumer<JoinGroup.Result> answer) {
        if (members.isEmpty()) {
            protocolType = memberProtocolType;
        }
        if (member.isStatic()) {
            staticMembers.put(member.groupInstanceId(), member.memberId());
        }
        if (leaderId == null) {
            leaderId = member.memberId();
        }
        members.put(member.memberId(), member);
        support.add(member);
        member.awaitingJoin(answer);
        if (answer != null) {
            awaitingJoin++;
        }
        removePending(member.memberId());
    }

    /** Takes a member out, if it is one; nobody is answered. */
    void remove(String memberId) {
        Member member = members.remove(memberId);
        if (member != null) {
            support.remove(member);
            if (member.isAwaitingJoin()) {
                awaitingJoin--;
            }
            if (member.isStatic()) {
                staticMembers.remove(member.groupInstanceId(), memberId);
            }
            member.session().cancel();
        }
        if (isLeader(memberId)) {
            leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        removePending(memberId);
        pendingSync.remove(memberId);
    }

    /** Replaces what a member can do and how long it may take, and has it wait for the rebalance. */
    void update(
            Member member,
            List<Protocol> protocols,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Decision<GroupRecord> decision,
            Consumer<JoinGroup.Result> answer) {
        support.remove(member);
        member.protocols(protocols);
        support.add(member);
        member.timeouts(rebalanceTimeoutMs, sessionTimeoutMs);
        // One that asks again, on another connection maybe, will not read the former answer.
        answerJoin(member, JoinGroup.Result.failed(member.memberId(), Errors.REBALANCE_IN_PROGRESS), decision);
        member.awaitingJoin(answer);
        awaitingJoin++;
    }

    /** Puts back what {@link #update} replaced; the member no longer waits. */
    void restore(Member member, List<Protocol> protocols, int rebalanceTimeoutMs, int sessionTimeoutMs) {
        support.remove(member);
        member.protocols(protocols);
        support.add(member);
        member.timeouts(rebalanceTimeoutMs, sessionTimeoutMs);
        if (member.isAwaitingJoin()) {
            member.awaitingJoin(null);
            awaitingJoin--;
        }
    }

    /** Gives a static member a new id; whoever still waits under the old one is fenced. */
    Member replaceStaticMember(String oldMemberId, String newMemberId, Decision<GroupRecord> decision) {
        Member member = members.remove(oldMemberId);
        answerJoin(member, JoinGroup.Result.failed(oldMemberId, Errors.FENCED_INSTANCE_ID), decision);
        answerSync(member, SyncGroup.Result.failed(Errors.FENCED_INSTANCE_ID), decision);
        member.memberId(newMemberId);
        members.put(newMemberId, member);
        if (isLeader(oldMemberId)) {
            leaderId = newMemberId;
        }
        staticMembers.put(member.groupInstanceId(), newMemberId);
        if (pendingSync.remove(oldMemberId)) {
            pendingSync.add(newMemberId);
        }
        return member;
    }

    /** Answers a join that waits, if one does. */
    void answerJoin(Member member, JoinGroup.Result result, Decision<GroupRecord> decision) {
        if (member.isAwaitingJoin()) {
            decision.answer(member.awaitingJoin(), result);
            member.awaitingJoin(null);
            awaitingJoin--;
        }
    }

    /** Answers a sync that waits, if one does. */
    boolean answerSync(Member member, SyncGroup.Result result, Decision<GroupRecord> decision) {
        if (!member.isAwaitingSync()) {
            return false;
        }
        decision.answer(member.awaitingSync(), result);
        member.awaitingSync(null);
        return true;
    }

    boolean isPending(String memberId) {
        return pendingMembers.containsKey(memberId);
    }

    /** One that was given an id and is to come back with it before the timer runs out (KIP-394). */
    void addPending(String memberId, TimerQueue<GroupRecord>.Timer expiry) {
        pendingMembers.put(memberId, expiry);
    }

    private void removePending(String memberId) {
        TimerQueue<GroupRecord>.Timer expiry = pendingMembers.remove(memberId);
        if (expiry != null) {
            expiry.cancel();
        }
    }

    /** The members that joined this generation, but did not fetch their assignment yet. */
    Set<String> pendingSync() {
        return pendingSync;
    }

    /**
     * Keeps the leader if it joined again, else makes another member that did the leader.
     *
     * @return false if there is no leader, or nobody joined
     */
    boolean electJoinedLeader() {
        if (leaderId == null) {
            return false;
        }
        if (members.get(leaderId).isAwaitingJoin()) {
            return true;
        }
        for (Member member : members.values()) {
            if (member.isAwaitingJoin()) {
                leaderId = member.memberId();
                return true;
            }
        }
        return false;
    }

    /** Whether one of these protocols can be done by all members of the group. */
    boolean supports(String memberProtocolType, List<Protocol> protocols) {
        if (is(GroupState.EMPTY)) {
            return !memberProtocolType.isEmpty() && !protocols.isEmpty();
        }
        return memberProtocolType.equals(protocolType) && support.isAnySupportedBy(members.size(), protocols);
    }

    /** The protocol all can do that most members prefer; of several the one voted for first. */
    String selectProtocol() {
        return support.select(members.values());
    }

    /** Begins the next generation with the members there are. */
    void nextGeneration(long nowMs) {
        generationId++;
        protocolName = members.isEmpty() ? null : selectProtocol();
        subscribedTopics = Subscriptions.topics(protocolType, protocolName, members.values());
        state(members.isEmpty() ? GroupState.EMPTY : GroupState.COMPLETING_REBALANCE, nowMs);
        pendingSync.clear();
    }

    /** Whether a member reads the topic; true to be safe where that is not known. */
    boolean isSubscribedTo(String topic) {
        return subscribedTopics == null || subscribedTopics.contains(topic);
    }

    /** The topics the members read; null if not known. */
    Set<String> subscribedTopics() {
        return subscribedTopics;
    }

    /** All members as the leader is to see them. */
    List<JoinedMember> joinedMembers() {
        return members.values().stream()
                .map(member ->
                        new JoinedMember(member.memberId(), member.groupInstanceId(), member.metadata(protocolName)))
                .toList();
    }

    /** The group's record, with assignments by member id. */
    GroupSnapshot snapshot(Function<Member, Bytes> assignments) {
        List<MemberSnapshot> snapshots = members.values().stream()
                .map(member -> new MemberSnapshot(
                        member.memberId(),
                        member.groupInstanceId(),
                        member.clientId(),
                        member.clientHost(),
                        member.rebalanceTimeoutMs(),
                        member.sessionTimeoutMs(),
                        member.metadata(protocolName),
                        assignments.apply(member)))
                .toList();
        String shownType = protocolType == null ? "" : protocolType;
        return new GroupSnapshot(shownType, generationId, protocolName, leaderId, stateTimestampMs, snapshots);
    }

    /** Becomes what the stored generation says. For a group that has no members yet. */
    void load(GroupSnapshot snapshot, Function<Member, TimerQueue<GroupRecord>.Timer> sessions) {
        generationId = snapshot.generationId();
        for (MemberSnapshot kept : snapshot.members()) {
            Member member = new Member(
                    kept.memberId(),
                    kept.groupInstanceId(),
                    kept.clientId(),
                    kept.clientHost(),
                    kept.rebalanceTimeoutMs(),
                    kept.sessionTimeoutMs(),
                    List.of(new Protocol(snapshot.protocolName(), kept.subscription())));
            member.assignment(kept.assignment());
            member.session(sessions.apply(member));
            add(member, snapshot.protocolType(), null);
        }
        protocolType =
                snapshot.protocolType() == null || snapshot.protocolType().isEmpty() ? null : snapshot.protocolType();
        protocolName = snapshot.protocolName();
        leaderId = snapshot.leaderId();
        stateTimestampMs = snapshot.stateTimestampMs();
        state = members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        subscribedTopics = Subscriptions.topics(protocolType, protocolName, members.values());
    }
}
