// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.VerificationGuard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * One replica on this broker: its role, its log, and who waits for it.
 *
 * <p>One lock guards the role, the order of appends and the produce requests that wait. What follows from a change
 * (answering waiters, asking the controller) is done by the same thread after it let the lock go. Readers use
 * {@link #role()} and need no lock. The log's own lock is taken under it, never the other way round.
 */
final class Partition {
    private static final long PROPOSAL_RETRY_MS = 100;
    /** So long after a fetch its consumer is expected to come again. */
    private static final long READER_STAYS_MS = 1000;

    private static final long NEVER = Long.MIN_VALUE;

    private final TopicPartition topicPartition;
    private final ReplicaPorts ports;
    private final IsrRules rules;
    private final ReentrantLock lock = new ReentrantLock();
    private final PartitionState state;
    private final ProduceWaiters produces = new ProduceWaiters();
    private final Watchers logEndWatchers = new Watchers();
    private final Watchers committedWatchers = new Watchers();
    private final Watchers deletions = new Watchers();
    private final SerialWork lateAppends;
    /** Volatile: noted by each fetch of a consumer, without the lock. */
    private volatile long lastReadHereMs = NEVER;
    /** Volatile: the one view of the role that readers take, without the lock. */
    private volatile RoleSnapshot role = RoleSnapshot.NONE;

    private PartitionLog log;

    Partition(TopicPartition topicPartition, int localId, IsrRules rules, ReplicaPorts ports) {
        this.topicPartition = topicPartition;
        this.ports = ports;
        this.rules = rules;
        this.state = new PartitionState(topicPartition, localId, rules);
        this.lateAppends = new SerialWork(ports.longWork());
    }

    TopicPartition topicPartition() {
        return topicPartition;
    }

    RoleSnapshot role() {
        return role;
    }

    /** Clients' appends that take too long for an event loop, and those that came behind them. */
    SerialWork lateAppends() {
        return lateAppends;
    }

    /** Those who wait for the log's end to move. */
    Watchers logEndWatchers() {
        return logEndWatchers;
    }

    /** Those who wait for the high watermark or the last stable offset to move. */
    Watchers committedWatchers() {
        return committedWatchers;
    }

    /** Those who wait for the low watermark to move. */
    Watchers deletions() {
        return deletions;
    }

    /** A consumer reads from this replica, which follows. */
    void readHere() {
        long nowMs = ports.clock().millis();
        if (nowMs != lastReadHereMs) {
            lastReadHereMs = nowMs;
        }
    }

    /** Whether consumers read from this replica: one waits for the high watermark, or has read in the last second. */
    boolean hasReaders() {
        return lastReadHereMs != NEVER
                && (!committedWatchers.isEmpty() || ports.clock().millis() - lastReadHereMs < READER_STAYS_MS);
    }

    // ---- roles ----

    /**
     * Leads.
     *
     * @param openLog finds or creates the log; may touch the disk
     * @return what it meant, empty if the order was outdated
     */
    Optional<PartitionState.Led> lead(LeaderAndIsrCommand.Partition order, Supplier<PartitionLog> openLog) {
        PartitionState.Led led;
        boolean advanced;
        lock.lock();
        try {
            if (state.isOutdated(order)) {
                return Optional.empty();
            }
            log = openLog.get();
            long start = log.logEndOffset();
            boolean epochRaised = order.leaderAndIsr().leaderEpoch() > state.leaderEpoch();
            if (epochRaised) {
                log.maybeAssignEpochStartOffset(order.leaderAndIsr().leaderEpoch(), start);
            }
            led = state.lead(order, start, now());
            publish();
            advanced = advanceHighWatermark();
        } finally {
            lock.unlock();
        }
        if (led.newEpoch()) {
            interrupt();
        }
        if (advanced) {
            highWatermarkMoved();
        }
        return Optional.of(led);
    }

    /**
     * What following meant.
     *
     * @param newEpoch whether fetching must start anew
     * @param outdated whether the order was passed over
     */
    record Followed(boolean newEpoch, boolean outdated) {}

    /** Follows; waiting produces are told that this broker leads no longer. */
    Followed follow(LeaderAndIsrCommand.Partition order, Supplier<PartitionLog> openLog) {
        boolean newEpoch;
        List<ProduceWaiters.Waiter> refused;
        lock.lock();
        try {
            if (state.isOutdated(order)) {
                return new Followed(false, true);
            }
            newEpoch = state.follow(order);
            publish();
            log = openLog.get();
            publish();
            refused = produces.takeAll();
        } finally {
            lock.unlock();
        }
        refused.forEach(waiter -> waiter.complete(Errors.NOT_LEADER_OR_FOLLOWER));
        interrupt();
        return new Followed(newEpoch, false);
    }

    /** Stops: neither role, no log. Waiters are told why. */
    void stop(Errors reason) {
        List<ProduceWaiters.Waiter> refused;
        lock.lock();
        try {
            state.resign();
            log = null;
            role = new RoleSnapshot(
                    null, false, -1, state.leaderEpoch(), state.partitionEpoch(), -1L, List.of(), List.of());
            refused = produces.takeAll();
        } finally {
            lock.unlock();
        }
        refused.forEach(waiter -> waiter.complete(reason));
        interrupt();
    }

    /**
     * Takes another log of equal content in the current one's place: it moved to another directory.
     *
     * @param swap makes the future log the current one
     * @return false, doing nothing, while something is missing in it
     */
    boolean swapIfEqual(PartitionLog future, Supplier<PartitionLog> swap) {
        lock.lock();
        try {
            if (log == null || future.logEndOffset() != log.logEndOffset()) {
                return false;
            }
            future.updateHighWatermark(log.highWatermark());
            log = swap.get();
            publish();
        } finally {
            lock.unlock();
        }
        interrupt();
        return true;
    }

    /** StopReplica without deletion: whoever waits looks again. The controller's next order says what comes. */
    void interrupt() {
        logEndWatchers.interrupt();
        committedWatchers.interrupt();
        deletions.changed();
    }

    private void publish() {
        role = new RoleSnapshot(
                log,
                state.isLeader(),
                state.leaderId(),
                state.leaderEpoch(),
                state.partitionEpoch(),
                state.leaderEpochStartOffset(),
                state.isrState().isr(),
                state.assignment().replicas());
    }

    // ---- the leader's appends ----

    /**
     * Appends as leader.
     *
     * @param verdict what a look into the records came to
     * @param waiting makes the waiter for an acks=all append from the offset after it; null for other acks
     * @param guard what {@link #startVerification} handed out
     * @param order looks, as the last before the append, whether it is its turn, and throws if not; null for always
     * @throws NotLeaderOrFollowerException if this broker does not lead
     * @throws NotEnoughReplicasException if acks=all cannot be kept
     */
    LogAppendInfo append(
            MemoryRecords records,
            RecordsVerdict verdict,
            AppendOrigin origin,
            VerificationGuard guard,
            WaiterFactory waiting,
            Consumer<PartitionLog> order) {
        LogAppendInfo info;
        boolean advanced;
        lock.lock();
        try {
            requireLeader();
            if (waiting != null) {
                requireEnoughReplicas();
            }
            if (order != null) {
                order.accept(log);
            }
            info = log.appendAsLeader(records, state.leaderEpoch(), origin, guard, verdict);
            advanced = advanceHighWatermark();
            if (waiting != null) {
                produces.add(waiting.waiter(info));
            }
        } finally {
            lock.unlock();
        }
        logEndWatchers.changed();
        if (advanced) {
            highWatermarkMoved();
        } else if (waiting != null) {
            completeProduces();
        }
        return info;
    }

    /** @throws NotLeaderOrFollowerException if this broker does not lead */
    VerificationGuard startVerification(long producerId, short producerEpoch, int sequence) {
        lock.lock();
        try {
            requireLeader();
            return log.startVerification(producerId, producerEpoch, sequence);
        } finally {
            lock.unlock();
        }
    }

    /** Makes the waiter of one append. */
    interface WaiterFactory {
        ProduceWaiters.Waiter waiter(LogAppendInfo info);
    }

    private void requireLeader() {
        if (!state.isLeader() || log == null || !ports.mayAcknowledge().getAsBoolean()) {
            throw new NotLeaderOrFollowerException("Leader not local for partition " + topicPartition);
        }
    }

    private void requireEnoughReplicas() {
        int minIsr = log.config().minInSyncReplicas();
        if (state.isUnderMinIsr(minIsr)) {
            throw new NotEnoughReplicasException("The size of the current ISR "
                    + state.isrState().isr() + " is insufficient to satisfy the min.isr requirement of " + minIsr
                    + " for partition " + topicPartition);
        }
    }

    /** Under the lock. */
    private boolean advanceHighWatermark() {
        LogOffsetMetadata bound = state.highWatermarkBound(
                log.logEndOffsetMetadata(), now(), log.config().minInSyncReplicas());
        return bound != null
                && bound.messageOffset() >= log.highWatermark()
                && log.maybeIncrementHighWatermark(bound).isPresent();
    }

    /** Under no lock: the high watermark moved. */
    private void highWatermarkMoved() {
        completeProduces();
        committedWatchers.changed();
    }

    private void completeProduces() {
        PartitionLog current = role.log();
        if (current == null || !produces.anyReady(current.highWatermark())) {
            return;
        }
        Errors error;
        List<ProduceWaiters.Waiter> ready;
        lock.lock();
        try {
            ready = produces.takeReady(current.highWatermark());
            error = log == null || state.hasEnoughReplicas(log.config().minInSyncReplicas())
                    ? Errors.NONE
                    : Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        } finally {
            lock.unlock();
        }
        ready.forEach(waiter -> waiter.complete(error));
    }

    /** A request that waits for an append here timed out. */
    void abandonProduce() {
        lock.lock();
        try {
            produces.abandon();
        } finally {
            lock.unlock();
        }
    }

    // ---- followers ----

    /**
     * Notes how far a follower is, from its fetch.
     *
     * @param leaderLogEndOffset the log's end before the follower's read
     * @return {@link Errors#NONE}, or why the follower is not one of this leader's
     */
    Errors recordFollowerFetch(
            int followerId,
            int currentLeaderEpoch,
            LogOffsetMetadata fetchOffset,
            long startOffset,
            long leaderLogEndOffset,
            long brokerEpoch) {
        boolean advanced = false;
        IsrState sent = null;
        IsrProposals.Proposal proposal = null;
        lock.lock();
        try {
            Errors error = role.check(currentLeaderEpoch, true);
            if (error != Errors.NONE) {
                return error;
            }
            FollowerState follower = state.follower(followerId);
            if (follower == null) {
                return unknownFollower(currentLeaderEpoch);
            }
            long before = follower.logEndOffset().messageOffset();
            long nowMs = now();
            follower.fetched(fetchOffset, startOffset, nowMs, leaderLogEndOffset, brokerEpoch);
            if (!follower.inMaximalIsr()) {
                proposal = proposeExpansion(follower, nowMs);
                sent = state.isrState();
            }
            if (before != fetchOffset.messageOffset() || proposal != null) {
                advanced = advanceHighWatermark();
            }
        } finally {
            lock.unlock();
        }
        if (proposal != null) {
            send(sent, proposal, "the follower reached the high watermark");
        }
        if (advanced) {
            highWatermarkMoved();
        }
        deletions.changed();
        return Errors.NONE;
    }

    /** What a follower is answered that is not among the replicas: its news or ours is older, so it is to retry. */
    static Errors unknownFollower(int currentLeaderEpoch) {
        return currentLeaderEpoch >= 0 ? Errors.UNKNOWN_LEADER_EPOCH : Errors.NOT_LEADER_OR_FOLLOWER;
    }

    private IsrProposals.Proposal proposeExpansion(FollowerState follower, long nowMs) {
        return state.proposeExpansion(
                        follower,
                        log.topicId(),
                        log.highWatermark(),
                        log.logEndOffset(),
                        log.config().minInSyncReplicas(),
                        nowMs)
                .orElse(null);
    }

    /** Lets followers go that lag too long. */
    void maybeShrinkIsr() {
        if (!role.isLeader()) {
            return;
        }
        IsrProposals.Proposal proposal;
        IsrState sent;
        lock.lock();
        try {
            if (log == null) {
                return;
            }
            proposal = state.proposeShrinkage(log.topicId(), log.logEndOffset(), now())
                    .orElse(null);
            sent = state.isrState();
        } finally {
            lock.unlock();
        }
        if (proposal != null) {
            send(sent, proposal, "followers lag for more than " + rules.maxLagMs() + " ms");
        }
    }

    private void send(IsrState sent, IsrProposals.Proposal proposal, String why) {
        ports.events()
                .record(new ReplicaEvents.IsrProposed(
                        topicPartition,
                        sent.isr(),
                        proposal.proposed().isr(),
                        proposal.proposed().leaderEpoch(),
                        proposal.proposed().partitionEpoch(),
                        why));
        ports.isrProposals().propose(proposal).thenAccept(answer -> answered(sent, answer));
    }

    private void answered(IsrState sent, IsrProposals.Answer answer) {
        PartitionState.Verdict verdict;
        IsrProposals.Proposal again = null;
        boolean advanced = false;
        lock.lock();
        try {
            verdict = state.answered(sent, answer);
            publish();
            if (log != null && verdict == PartitionState.Verdict.COMMITTED) {
                advanced = advanceHighWatermark();
            } else if (log != null && verdict == PartitionState.Verdict.RETRY) {
                again = state.proposal(log.topicId());
            }
        } finally {
            lock.unlock();
        }
        if (verdict != PartitionState.Verdict.IGNORED) {
            ports.events()
                    .record(new ReplicaEvents.IsrAnswered(
                            topicPartition,
                            role.isr(),
                            answer.error(),
                            role.partitionEpoch(),
                            "the controller's answer is " + verdict));
        }
        if (again != null) {
            resendLater(sent);
        }
        if (advanced) {
            highWatermarkMoved();
        }
    }

    private void resendLater(IsrState sent) {
        ports.scheduler()
                .schedule(
                        () -> {
                            IsrProposals.Proposal proposal = stillPending(sent);
                            if (proposal != null) {
                                send(sent, proposal, "the controller did not decide on it yet");
                            }
                        },
                        PROPOSAL_RETRY_MS,
                        TimeUnit.MILLISECONDS);
    }

    private IsrProposals.Proposal stillPending(IsrState sent) {
        lock.lock();
        try {
            return log != null && state.isLeader() && state.isrState() == sent ? state.proposal(log.topicId()) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The followers as they are now, for replica selection. */
    <T> T withState(java.util.function.Function<PartitionState, T> reader) {
        lock.lock();
        try {
            return reader.apply(state);
        } finally {
            lock.unlock();
        }
    }

    // ---- following ----

    /** Changes the log as a follower under the lock, if the epoch is still the one followed under. */
    <T> T asFollower(int leaderEpoch, java.util.function.Function<PartitionLog, T> change) {
        lock.lock();
        try {
            if (state.isLeader() || log == null || state.leaderEpoch() != leaderEpoch) {
                throw Errors.FENCED_LEADER_EPOCH.exception("Partition " + topicPartition
                        + " is not followed under leader epoch " + leaderEpoch + " any more");
            }
            return change.apply(log);
        } finally {
            lock.unlock();
        }
    }

    /** Under no lock: a follower's log grew. */
    void followerAdvanced(boolean highWatermarkMoved) {
        logEndWatchers.changed();
        if (highWatermarkMoved) {
            committedWatchers.changed();
        }
    }

    // ---- deletion of records ----

    /**
     * Raises the log's start as leader.
     *
     * @param offset the first offset to keep, -1 for the high watermark
     * @return the offset that counts
     */
    long deleteRecords(long offset) {
        long kept;
        PartitionLog raised;
        lock.lock();
        try {
            requireLeader();
            raised = log;
            if (!log.config().delete()) {
                throw new PolicyViolationException(
                        "Records of partition " + topicPartition + " can not be deleted due to the configured policy");
            }
            kept = offset == io.barnabas.replica.DeleteRecordsResult.HIGH_WATERMARK ? log.highWatermark() : offset;
            if (kept < 0) {
                throw new OffsetOutOfRangeException(
                        "The offset " + kept + " for partition " + topicPartition + " is not valid");
            }
            log.maybeIncrementLogStartOffset(kept, LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION);
        } finally {
            lock.unlock();
        }
        raised.keepLogStartOffset(deletions::changed);
        deletions.changed();
        return kept;
    }

    /** The least log start offset of the live replicas, as a crash would leave it; -1 unless leader. */
    long lowWatermark() {
        lock.lock();
        try {
            return log == null || !state.isLeader()
                    ? -1L
                    : state.lowWatermark(
                            log.keptLogStartOffset(),
                            id -> ports.clusterImage().get().isAlive(id));
        } finally {
            lock.unlock();
        }
    }

    private long now() {
        return ports.clock().millis();
    }
}
