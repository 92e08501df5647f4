// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** How far one partition's fetching is. Mutable; owned by the {@link FetcherState} of its loop. */
final class FetchedPartition {
    /** What a partition is about to do. */
    enum Phase {
        /** Waits for what the leader's log is like, to truncate to it. */
        TRUNCATING,
        /** Its offset is not in the leader's log; asks where that begins and ends. */
        OUT_OF_RANGE,
        /** Is fetched. */
        FETCHING
    }

    static final long UNKNOWN_LAG = -1L;
    private static final int MAX_LEADER_WAITS = 16;

    private final FetchAssignment assignment;
    private Phase phase;
    private long fetchOffset;
    private int lastFetchedEpoch;
    private long lag = UNKNOWN_LAG;
    private long delayedUntilMs = Long.MIN_VALUE;
    private boolean busy;
    private int leaderWaits;
    /** The log's end when readers here came to lack the high watermark, see {@link FetcherState#noteReaders}. */
    long lackedUntilOffset;

    // what the leader's session knows of it
    boolean inSession;
    boolean changed;
    long sentLogStartOffset;

    FetchedPartition(FetchAssignment assignment, Phase phase, long fetchOffset, int lastFetchedEpoch) {
        this.assignment = assignment;
        this.phase = phase;
        this.fetchOffset = fetchOffset;
        this.lastFetchedEpoch = lastFetchedEpoch;
    }

    TopicPartition topicPartition() {
        return assignment.log().topicPartition();
    }

    FetchAssignment assignment() {
        return assignment;
    }

    Uuid topicId() {
        return assignment.topicId();
    }

    FollowerLog log() {
        return assignment.log();
    }

    int leaderEpoch() {
        return assignment.leaderEpoch();
    }

    Phase phase() {
        return phase;
    }

    long fetchOffset() {
        return fetchOffset;
    }

    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }

    /** Records behind the leader's high watermark, {@link #UNKNOWN_LAG} before the first answer. */
    long lag() {
        return lag;
    }

    boolean isReplicaInSync() {
        return lag == 0;
    }

    /** Whether something about it is under way elsewhere, so that it is left alone until that is back. */
    boolean isBusy() {
        return busy;
    }

    boolean isDelayed(long nowMs) {
        return delayedUntilMs > nowMs;
    }

    long delayedUntilMs() {
        return delayedUntilMs;
    }

    boolean isReadyForFetch(long nowMs) {
        return phase == Phase.FETCHING && !busy && !isDelayed(nowMs);
    }

    boolean isReadyFor(Phase wanted, long nowMs) {
        return phase == wanted && !busy && !isDelayed(nowMs);
    }

    void begin() {
        busy = true;
    }

    void end() {
        busy = false;
    }

    /** How often in a row the leader was not ready before; bounded. */
    int countLeaderWait() {
        return leaderWaits == MAX_LEADER_WAITS ? leaderWaits : leaderWaits++;
    }

    void delayUntil(long untilMs) {
        delayedUntilMs = untilMs;
    }

    void enter(Phase newPhase) {
        phase = newPhase;
    }

    /** Goes on from an offset, with what is known about the lag there. */
    void moveTo(long offset, int epoch, long newLag) {
        fetchOffset = offset;
        lastFetchedEpoch = epoch;
        lag = newLag;
        leaderWaits = 0;
    }

    @Override
    public String toString() {
        return topicPartition() + "[" + phase + " at " + fetchOffset + ", leader epoch " + leaderEpoch() + "]";
    }
}
