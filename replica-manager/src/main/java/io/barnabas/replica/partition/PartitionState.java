// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.replica.log.LogOffsetMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Decides for one replica: its role, the in-sync set, and how far the high watermark may go. Plain code: no clock, no
 * lock, no log; time, offsets and who is alive are told to it. Owned by {@link Partition}, which calls it under its
 * lock.
 */
final class PartitionState {
    private static final int NONE = -1;

    private final TopicPartition topicPartition;
    private final int localId;
    private final IsrRules rules;

    private boolean leader;
    private int leaderId = NONE;
    private int leaderEpoch = NONE;
    private int partitionEpoch = NONE;
    private int controllerEpoch;
    private long leaderEpochStartOffset = NONE;
    private ReplicaAssignment assignment = ReplicaAssignment.NONE;
    private IsrState isrState = IsrState.Committed.EMPTY;
    private FollowerState[] followers = {};

    PartitionState(TopicPartition topicPartition, int localId, IsrRules rules) {
        this.topicPartition = topicPartition;
        this.localId = localId;
        this.rules = rules;
    }

    /** Whether an order is older than what is known, so that it is to be passed over. */
    boolean isOutdated(LeaderAndIsrCommand.Partition order) {
        return order.leaderAndIsr().partitionEpoch() < partitionEpoch;
    }

    /**
     * What becoming leader, or staying it, meant.
     *
     * @param newLeader whether this replica did not lead before
     * @param newEpoch whether the leader epoch was raised: it begins at the log's end
     */
    record Led(boolean newLeader, boolean newEpoch) {}

    /** Leads. Only for an order that is not outdated. */
    Led lead(LeaderAndIsrCommand.Partition order, long logEndOffset, long nowMs) {
        LeaderAndIsr state = order.leaderAndIsr();
        boolean newLeader = !leader;
        boolean newEpoch = state.leaderEpoch() > leaderEpoch;
        controllerEpoch = order.controllerEpoch();
        assign(order.assignment());
        isr(new IsrState.Committed(state.isr(), LeaderRecoveryState.RECOVERED));
        if (newEpoch) {
            for (FollowerState follower : followers) {
                follower.reset(nowMs, logEndOffset, newLeader, state.isr().contains(follower.id()));
            }
            leaderEpoch = state.leaderEpoch();
            leaderEpochStartOffset = logEndOffset;
        }
        partitionEpoch = state.partitionEpoch();
        leaderId = localId;
        leader = true;
        return new Led(newLeader, newEpoch);
    }

    /**
     * Follows. Only for an order that is not outdated.
     *
     * @return whether the leader epoch was raised, so that fetching must start anew
     */
    boolean follow(LeaderAndIsrCommand.Partition order) {
        LeaderAndIsr state = order.leaderAndIsr();
        boolean newEpoch = state.leaderEpoch() > leaderEpoch;
        leader = false;
        leaderId = state.leader();
        leaderEpoch = state.leaderEpoch();
        leaderEpochStartOffset = NONE;
        partitionEpoch = state.partitionEpoch();
        controllerEpoch = order.controllerEpoch();
        assign(ReplicaAssignment.of(order.assignment().replicas()));
        isr(new IsrState.Committed(List.of(), state.recoveryState()));
        return newEpoch;
    }

    /** Neither leads nor follows any more: stopped, or its directory failed. */
    void resign() {
        leader = false;
        leaderId = NONE;
        leaderEpochStartOffset = NONE;
        isr(IsrState.Committed.EMPTY);
        followers = new FollowerState[0];
    }

    private void assign(ReplicaAssignment next) {
        Map<Integer, FollowerState> known = new HashMap<>();
        for (FollowerState follower : followers) {
            known.put(follower.id(), follower);
        }
        List<FollowerState> kept = new ArrayList<>();
        for (int id : next.replicas()) {
            if (id != localId) {
                kept.add(known.containsKey(id) ? known.get(id) : new FollowerState(id));
            }
        }
        assignment = next;
        followers = kept.toArray(FollowerState[]::new);
    }

    private void isr(IsrState next) {
        isrState = next;
        List<Integer> maximal = next.maximalIsr();
        for (FollowerState follower : followers) {
            follower.inMaximalIsr(maximal.contains(follower.id()));
        }
    }

    /** A follower by its id, null if it is not one of this partition's. */
    FollowerState follower(int id) {
        for (FollowerState follower : followers) {
            if (follower.id() == id) {
                return follower;
            }
        }
        return null;
    }

    /**
     * How far the high watermark may go now: the least end offset of the leader, the maximal in-sync set, and those who
     * are caught up and about to join. Frozen while under {@code min.insync.replicas} (KAFKA-15583).
     *
     * @param minIsr the topic's {@code min.insync.replicas}
     * @return null while it is frozen; otherwise an offset to raise it to, if it is not there already
     */
    LogOffsetMetadata highWatermarkBound(LogOffsetMetadata logEndOffset, long nowMs, int minIsr) {
        if (isUnderMinIsr(minIsr)) {
            return null;
        }
        LogOffsetMetadata bound = logEndOffset;
        for (FollowerState follower : followers) {
            LogOffsetMetadata end = follower.logEndOffset();
            if (end.messageOffset() < bound.messageOffset()
                    && (follower.inMaximalIsr() || isAboutToJoin(follower, logEndOffset.messageOffset(), nowMs))) {
                bound = end;
            }
        }
        return bound;
    }

    private boolean isAboutToJoin(FollowerState follower, long logEndOffset, long nowMs) {
        return follower.isCaughtUp(logEndOffset, nowMs, rules.maxLagMs()) && rules.isEligible(follower.id());
    }

    /**
     * Proposes to let a follower join: it must have reached the high watermark and the start of this leadership. While
     * under min ISR the high watermark stands still and proves nothing, so it must be caught up with the log's end as
     * well (KAFKA-19996).
     *
     * @return the proposal to send, already noted as pending
     */
    Optional<IsrProposals.Proposal> proposeExpansion(
            FollowerState follower, Uuid topicId, long highWatermark, long logEndOffset, int minIsr, long nowMs) {
        if (follower.inMaximalIsr()
                || isrState.isPending()
                || !isInSync(follower, highWatermark, logEndOffset, minIsr, nowMs)
                || !rules.isEligible(follower.id())) {
            return Optional.empty();
        }
        isr(new IsrState.Expanding(isrState.lastCommitted(), follower.id()));
        return Optional.of(proposal(topicId));
    }

    private boolean isInSync(FollowerState follower, long highWatermark, long logEndOffset, int minIsr, long nowMs) {
        long end = follower.logEndOffset().messageOffset();
        boolean reached = leader && end >= highWatermark && end >= leaderEpochStartOffset;
        boolean mustCatchUp = rules.strictUnderMinIsr() && isUnderMinIsr(minIsr);
        return reached && (!mustCatchUp || follower.isCaughtUp(logEndOffset, nowMs, rules.maxLagMs()));
    }

    /** Proposes to let the followers go that lag for longer than allowed; noted as pending. */
    Optional<IsrProposals.Proposal> proposeShrinkage(Uuid topicId, long logEndOffset, long nowMs) {
        if (!leader || isrState.isPending()) {
            return Optional.empty();
        }
        List<Integer> lagging = new ArrayList<>();
        for (int id : isrState.isr()) {
            FollowerState follower = follower(id);
            if (id != localId && follower != null && !follower.isCaughtUp(logEndOffset, nowMs, rules.maxLagMs())) {
                lagging.add(id);
            }
        }
        if (lagging.isEmpty()) {
            return Optional.empty();
        }
        isr(new IsrState.Shrinking(isrState.lastCommitted(), lagging));
        return Optional.of(proposal(topicId));
    }

    /** The proposal that is pending, to be sent (again). */
    IsrProposals.Proposal proposal(Uuid topicId) {
        List<Integer> proposed = isrState.proposedIsr();
        List<IsrProposals.MemberEpoch> epochs = new ArrayList<>(proposed.size());
        for (int id : proposed) {
            FollowerState follower = follower(id);
            long epoch = id == localId
                    ? rules.localBrokerEpoch()
                    : follower == null ? FollowerState.UNKNOWN_EPOCH : follower.brokerEpoch();
            epochs.add(new IsrProposals.MemberEpoch(id, epoch));
        }
        LeaderAndIsr wanted =
                new LeaderAndIsr(localId, leaderEpoch, proposed, LeaderRecoveryState.RECOVERED, partitionEpoch);
        return new IsrProposals.Proposal(topicPartition, topicId, wanted, epochs);
    }

    /** What the controller's answer to a proposal meant. */
    enum Verdict {
        /** About a proposal that is pending no longer, or older than what is known. */
        IGNORED,
        /** The in-sync set is committed. */
        COMMITTED,
        /** Refused for sure: back to the set before. */
        ROLLED_BACK,
        /** Whether it was taken is unknown, and news must come by LeaderAndIsr: pending until then. */
        AWAITING_NEWS,
        /** To be sent again. */
        RETRY
    }

    /** @param proposed the pending state the answer is about, as it was when sent */
    Verdict answered(IsrState proposed, IsrProposals.Answer answer) {
        if (!leader || isrState != proposed) {
            return Verdict.IGNORED;
        }
        return switch (answer.error()) {
            case NONE -> commit(answer.state());
            case OPERATION_NOT_ATTEMPTED, INELIGIBLE_REPLICA -> {
                isr(proposed.lastCommitted());
                yield Verdict.ROLLED_BACK;
            }
            case UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    FENCED_LEADER_EPOCH,
                    INVALID_UPDATE_VERSION,
                    INVALID_REQUEST,
                    NEW_LEADER_ELECTED -> Verdict.AWAITING_NEWS;
            default -> Verdict.RETRY;
        };
    }

    private Verdict commit(LeaderAndIsr state) {
        if (state.leaderEpoch() != leaderEpoch || state.partitionEpoch() < partitionEpoch) {
            return Verdict.IGNORED;
        }
        isr(new IsrState.Committed(state.isr(), state.recoveryState()));
        partitionEpoch = state.partitionEpoch();
        return Verdict.COMMITTED;
    }

    /** Replicas an acks=all append needs: {@code min.insync.replicas}, but never more than there are. */
    int effectiveMinIsr(int minIsr) {
        return Math.min(minIsr, followers.length + 1);
    }

    boolean isUnderMinIsr(int minIsr) {
        return isrState.isr().size() < effectiveMinIsr(minIsr);
    }

    /** Whether what is below the high watermark is on as many replicas as an acks=all append needs. */
    boolean hasEnoughReplicas(int minIsr) {
        return isrState.maximalIsr().size() >= effectiveMinIsr(minIsr);
    }

    /** The least log start offset of this replica and the live followers; -1 while one of them is unknown. */
    long lowWatermark(long logStartOffset, IntPredicate isAlive) {
        long low = logStartOffset;
        for (FollowerState follower : followers) {
            if (follower.logStartOffset() < low && isAlive.test(follower.id())) {
                low = follower.logStartOffset();
            }
        }
        return low;
    }

    boolean isLeader() {
        return leader;
    }

    int leaderId() {
        return leaderId;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    int partitionEpoch() {
        return partitionEpoch;
    }

    int controllerEpoch() {
        return controllerEpoch;
    }

    /** Where this leadership began, -1 unless leader. */
    long leaderEpochStartOffset() {
        return leaderEpochStartOffset;
    }

    ReplicaAssignment assignment() {
        return assignment;
    }

    IsrState isrState() {
        return isrState;
    }

    List<FollowerState> followers() {
        return List.of(followers);
    }
}
