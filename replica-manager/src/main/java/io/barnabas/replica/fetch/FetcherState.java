// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.fetch.FetchAnswer.PartitionAnswer;
import io.barnabas.replica.fetch.FetchPlan.ForgottenPartition;
import io.barnabas.replica.fetch.FetchPlan.PartitionFetch;
import io.barnabas.replica.fetch.FetchedPartition.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Decides what one fetcher does next: whom to truncate, what to fetch, what an answer means. Plain state without a clock
 * or a thread; owned by one {@link FetcherLoop}.
 *
 * <p>The work of a round grows with what changed, not with the number of partitions: only partitions marked as changed
 * are looked at for the next incremental fetch. Partitions delayed or throttled are kept aside, and looked at each round.
 */
final class FetcherState {
    private static final long FIRST_LEADER_WAIT_MS = 10L;
    private static final long FIRST_METADATA_WAIT_MS = 50L;

    private final boolean truncatesOnFetch;
    private final long backoffMs;
    private final int readerWaitMs;
    private final ReplicationQuota quota;

    private final Map<TopicPartition, FetchedPartition> partitions = new LinkedHashMap<>();
    private final Set<FetchedPartition> notFetching = new LinkedHashSet<>();
    private final Set<FetchedPartition> aside = new LinkedHashSet<>();
    private final List<FetchedPartition> changed = new ArrayList<>();
    /** Partitions whose readers lack a high watermark, see {@link #noteReaders}. */
    private final Set<FetchedPartition> lacking = new HashSet<>();
    /** When the last of them came to lack it, in ms. */
    private long lackingSinceMs;

    private final Map<TopicPartition, Uuid> left = new HashMap<>();
    private final FollowerSession session = new FollowerSession();
    private int withoutTopicId;
    private int inSession;

    /**
     * @param truncatesOnFetch whether the leader tells divergence with the fetch (KIP-595)
     * @param backoffMs {@code replica.fetch.backoff.ms}
     * @param readerWaitMs see {@link FetcherConfig}
     * @param quota the follower's throttle
     */
    FetcherState(boolean truncatesOnFetch, long backoffMs, int readerWaitMs, ReplicationQuota quota) {
        this.truncatesOnFetch = truncatesOnFetch;
        this.backoffMs = backoffMs;
        this.readerWaitMs = readerWaitMs;
        this.quota = quota;
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    Collection<FetchedPartition> partitions() {
        return partitions.values();
    }

    FetchedPartition get(TopicPartition topicPartition) {
        return partitions.get(topicPartition);
    }

    /** Whether this very state is still the partition's, neither removed nor replaced. */
    boolean holds(FetchedPartition partition) {
        return partitions.get(partition.topicPartition()) == partition;
    }

    /** Begins to fetch a partition, unless it is fetched under the same leader epoch already. */
    void add(FetchAssignment assignment) {
        TopicPartition topicPartition = assignment.topicPartition();
        FetchedPartition current = partitions.get(topicPartition);
        if (current != null
                && current.leaderEpoch() == assignment.leaderEpoch()
                && current.assignment().log() == assignment.log()
                && current.topicId().equals(assignment.topicId())) {
            return;
        }
        FetchedPartition added = initial(assignment);
        if (current != null) {
            remove(topicPartition);
        }
        partitions.put(topicPartition, added);
        if (added.topicId().equals(Uuid.ZERO_UUID)) {
            withoutTopicId++;
        }
        added.delayUntil(assignment.notBeforeMs());
        changed(added);
    }

    /** Where a new leadership starts: with divergence told on fetch at the log's end, otherwise at the high watermark. */
    private FetchedPartition initial(FetchAssignment assignment) {
        FollowerLog log = assignment.log();
        int latestEpoch = log.latestEpoch();
        if (truncatesOnFetch && latestEpoch != FollowerLog.NO_EPOCH) {
            return new FetchedPartition(assignment, Phase.FETCHING, log.logEndOffset(), latestEpoch);
        }
        return new FetchedPartition(assignment, Phase.TRUNCATING, log.highWatermark(), FollowerLog.NO_EPOCH);
    }

    /** Forgets a partition. */
    FetchedPartition remove(TopicPartition topicPartition) {
        FetchedPartition removed = partitions.remove(topicPartition);
        if (removed != null) {
            notFetching.remove(removed);
            aside.remove(removed);
            lacking.remove(removed);
            leaveSession(removed);
            if (removed.topicId().equals(Uuid.ZERO_UUID)) {
                withoutTopicId--;
            }
        }
        return removed;
    }

    private void leaveSession(FetchedPartition partition) {
        if (partition.inSession) {
            partition.inSession = false;
            inSession--;
            left.put(partition.topicPartition(), partition.topicId());
        }
    }

    /** Marks a partition for the next fetch to look at, and files it by what it is about to do. */
    private void changed(FetchedPartition partition) {
        if (partition.phase() == Phase.FETCHING) {
            notFetching.remove(partition);
        } else {
            notFetching.add(partition);
        }
        if (!partition.changed) {
            partition.changed = true;
            changed.add(partition);
        }
    }

    /** Partitions in a phase before fetching that may act now. */
    List<FetchedPartition> readyFor(Phase phase, long nowMs) {
        if (notFetching.isEmpty()) {
            return List.of();
        }
        List<FetchedPartition> ready = new ArrayList<>();
        for (FetchedPartition partition : notFetching) {
            if (partition.isReadyFor(phase, nowMs)) {
                ready.add(partition);
            }
        }
        return ready;
    }

    /** The next fetch, or null if there is nothing to fetch now. */
    FetchPlan nextFetch(long nowMs) {
        recallAside(nowMs);
        setAsideThrottled();
        boolean topicIds = withoutTopicId == 0;
        if (!session.fits(topicIds)) {
            session.restart();
        }
        return session.isFull() ? fullFetch(topicIds, nowMs) : incrementalFetch(nowMs);
    }

    private FetchPlan fullFetch(boolean topicIds, long nowMs) {
        clearChanged();
        left.clear();
        inSession = 0;
        List<PartitionFetch> fetches = new ArrayList<>(partitions.size());
        for (FetchedPartition partition : partitions.values()) {
            partition.inSession = false;
            if (isFetchable(partition, nowMs)) {
                fetches.add(enterSession(partition));
            }
        }
        return fetches.isEmpty() ? null : session.full(fetches, topicIds);
    }

    private FetchPlan incrementalFetch(long nowMs) {
        List<PartitionFetch> fetches = changed.isEmpty() ? List.of() : new ArrayList<>(changed.size());
        for (FetchedPartition partition : changed) {
            if (!holds(partition)) {
                continue;
            }
            if (isFetchable(partition, nowMs)) {
                fetches.add(enterSession(partition));
            } else {
                leaveSession(partition);
            }
        }
        clearChanged();
        List<ForgottenPartition> forgotten = FollowerSession.forgotten(left, partitions);
        left.clear();
        return inSession == 0 && forgotten.isEmpty() ? null : session.incremental(fetches, forgotten);
    }

    private void clearChanged() {
        for (FetchedPartition partition : changed) {
            partition.changed = false;
        }
        changed.clear();
    }

    private PartitionFetch enterSession(FetchedPartition partition) {
        if (!partition.inSession) {
            partition.inSession = true;
            inSession++;
        }
        partition.sentLogStartOffset = partition.log().logStartOffset();
        return new PartitionFetch(
                partition.topicPartition(),
                partition.topicId(),
                partition.fetchOffset(),
                partition.sentLogStartOffset,
                partition.leaderEpoch(),
                truncatesOnFetch ? partition.lastFetchedEpoch() : FollowerLog.NO_EPOCH);
    }

    private boolean isFetchable(FetchedPartition partition, long nowMs) {
        if (!partition.isReadyForFetch(nowMs)) {
            if (partition.isDelayed(nowMs)) {
                aside.add(partition);
            }
            return false;
        }
        if (isThrottled(partition)) {
            aside.add(partition);
            return false;
        }
        return true;
    }

    private boolean isThrottled(FetchedPartition partition) {
        return quota.isExceeded() && !partition.isReplicaInSync() && quota.isThrottled(partition.topicPartition());
    }

    /** Looks again at what was delayed or throttled. */
    private void recallAside(long nowMs) {
        if (aside.isEmpty()) {
            return;
        }
        aside.removeIf(partition -> {
            boolean recalled = !partition.isDelayed(nowMs) && !isThrottled(partition);
            if (recalled) {
                changed(partition);
            }
            return recalled;
        });
    }

    /** While the throttle's rate is used up, takes its partitions out of the session. */
    private void setAsideThrottled() {
        if (!quota.isExceeded()) {
            return;
        }
        for (FetchedPartition partition : partitions.values()) {
            if (partition.inSession && isThrottled(partition)) {
                changed(partition);
            }
        }
    }

    /** Marks partitions whose log start offset moved since the leader was told. Walks over all partitions. */
    void noticeLogStartOffsets() {
        for (FetchedPartition partition : partitions.values()) {
            if (partition.inSession && partition.log().logStartOffset() != partition.sentLogStartOffset) {
                changed(partition);
            }
        }
    }

    /** The largest lag of all partitions, 0 if none is known. Walks over all partitions. */
    long maxLag() {
        long max = 0;
        for (FetchedPartition partition : partitions.values()) {
            max = Math.max(max, partition.lag());
        }
        return max;
    }

    /** When the next partition set aside or delayed is to be looked at, {@link Long#MAX_VALUE} if there is none. */
    long nextWakeMs(long nowMs) {
        boolean throttled = aside.stream().anyMatch(partition -> !partition.isDelayed(nowMs));
        return Math.min(nextRestedMs(nowMs), throttled ? nowMs + backoffMs : Long.MAX_VALUE);
    }

    /** When the next partition that rests may be fetched again, {@link Long#MAX_VALUE} if none rests. */
    long nextRestedMs(long nowMs) {
        return Math.min(nextRestedMs(aside, nowMs), nextRestedMs(notFetching, nowMs));
    }

    private static long nextRestedMs(Set<FetchedPartition> among, long nowMs) {
        long rested = Long.MAX_VALUE;
        for (FetchedPartition partition : among) {
            if (partition.isDelayed(nowMs)) {
                rested = Math.min(rested, partition.delayedUntilMs());
            }
        }
        return rested;
    }

    /**
     * Takes in the session's part of an answer.
     *
     * @return whether the partitions of the answer are to be handled
     */
    boolean accept(FetchAnswer answer) {
        return session.handle(answer, knowsAllOf(answer));
    }

    private boolean knowsAllOf(FetchAnswer answer) {
        for (PartitionAnswer partition : answer.partitions()) {
            TopicPartition topicPartition = partition.topicPartition();
            FetchedPartition known = partitions.get(topicPartition);
            if ((known == null || !known.inSession) && !left.containsKey(topicPartition)) {
                return false;
            }
        }
        return true;
    }

    /** The partition an answer is about, or null if it was asked in another state than it is in now. */
    FetchedPartition addressee(PartitionAnswer answer, long nowMs) {
        FetchedPartition partition = partitions.get(answer.topicPartition());
        return partition != null && partition.inSession && !partition.changed && partition.isReadyForFetch(nowMs)
                ? partition
                : null;
    }

    /** A fetch failed as a whole: every partition waits, and the session starts over. */
    void fetchFailed(long nowMs) {
        session.restart();
        partitions.values().forEach(partition -> delay(partition, nowMs));
    }

    /** Records were appended, or none came: goes on behind them. */
    void appended(FetchedPartition partition, long logEndOffset, long leaderHighWatermark) {
        long lag = Math.max(0L, leaderHighWatermark - logEndOffset);
        boolean advanced = logEndOffset != partition.fetchOffset();
        if (advanced) {
            partition.moveTo(logEndOffset, partition.log().latestEpoch(), lag);
        } else {
            partition.moveTo(partition.fetchOffset(), partition.lastFetchedEpoch(), lag);
        }
        if (advanced || partition.sentLogStartOffset != partition.log().logStartOffset()) {
            changed(partition);
        }
    }

    /**
     * Notes whether consumers that read from this replica lack a high watermark: records are in the log, and
     * whether they are committed the leader tells with its next answer only (KAFKA-14334).
     */
    void noteReaders(FetchedPartition partition, long logEndOffset, long nowMs) {
        if (readerWaitMs <= 0) {
            return;
        }
        FollowerLog log = partition.log();
        if (log.highWatermark() >= logEndOffset || !log.hasReaders()) {
            lacking.remove(partition);
        } else if (lacking.add(partition) || partition.lackedUntilOffset != logEndOffset) {
            partition.lackedUntilOffset = logEndOffset;
            lackingSinceMs = nowMs;
        }
    }

    /**
     * How long the next fetch may wait for the sake of readers: briefly at first, then as long as they lack the
     * high watermark already, so that the fetches become rare where it does not move. Records that come meanwhile end the
     * wait as ever.
     *
     * @return {@link Long#MAX_VALUE} if it makes no difference to any
     */
    long readerWaitMs(long nowMs) {
        return lacking.isEmpty() ? Long.MAX_VALUE : Math.max(readerWaitMs, nowMs - lackingSinceMs);
    }

    /**
     * The leader does not know yet that it leads, or not in this epoch: the controller's orders are on their way to both,
     * so a moment is enough; only if it lasts, the waits double up to the backoff.
     */
    void awaitLeader(FetchedPartition partition, long nowMs) {
        await(partition, FIRST_LEADER_WAIT_MS, nowMs);
    }

    /**
     * The leader has not heard of the topic yet, which a new one's followers may find: the creation of thousands of
     * partitions takes a while, so the first wait is longer.
     */
    void awaitMetadata(FetchedPartition partition, long nowMs) {
        await(partition, FIRST_METADATA_WAIT_MS, nowMs);
    }

    private void await(FetchedPartition partition, long firstMs, long nowMs) {
        partition.delayUntil(nowMs + Math.min(backoffMs, firstMs << partition.countLeaderWait()));
        changed(partition);
    }

    /** Lets a partition rest for the backoff before it is tried again. */
    void delay(FetchedPartition partition, long nowMs) {
        partition.delayUntil(nowMs + backoffMs);
        changed(partition);
    }

    /** The leader says the offset is not in its log. */
    void outOfRange(FetchedPartition partition) {
        partition.enter(Phase.OUT_OF_RANGE);
        changed(partition);
    }

    /** Something about the partition begins elsewhere; it is left alone until {@link #ended} or a result. */
    void begin(FetchedPartition partition) {
        partition.begin();
        changed(partition);
    }

    /** What had begun is over without a result. */
    void ended(FetchedPartition partition) {
        partition.end();
        changed(partition);
    }

    /** The log was cut; if completely, fetching goes on from there, otherwise the leader is asked again. */
    void truncated(FetchedPartition partition, TruncationDecider.Truncation truncation) {
        partition.end();
        partition.moveTo(truncation.offset(), partition.log().latestEpoch(), partition.lag());
        boolean fetch = truncation.complete() || truncatesOnFetch;
        partition.enter(fetch ? Phase.FETCHING : Phase.TRUNCATING);
        changed(partition);
    }

    /** The partition was brought into the leader's range; fetching goes on from the offset. */
    void broughtIntoRange(FetchedPartition partition, long offset, long lag) {
        partition.end();
        partition.moveTo(offset, partition.log().latestEpoch(), lag);
        partition.enter(Phase.FETCHING);
        changed(partition);
    }
}
