// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.log.LogOffsetMetadata;

/**
 * What the leader knows of one follower, from the follower's own fetches. Plain and mutable; owned by
 * {@link PartitionState}.
 */
final class FollowerState {
    static final long UNKNOWN_OFFSET = -1L;
    static final long UNKNOWN_EPOCH = -1L;

    private final int id;
    private LogOffsetMetadata logEndOffset = LogOffsetMetadata.UNKNOWN;
    private long logStartOffset = UNKNOWN_OFFSET;
    private long lastFetchMs;
    private long lastFetchLeaderLogEndOffset;
    private long lastCaughtUpMs;
    private long brokerEpoch = UNKNOWN_EPOCH;
    private boolean inMaximalIsr;

    FollowerState(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    LogOffsetMetadata logEndOffset() {
        return logEndOffset;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    /** The last time this follower had all the leader had, in ms. */
    long lastCaughtUpMs() {
        return lastCaughtUpMs;
    }

    /** The broker epoch its last fetch told (KIP-903), -1 if none. */
    long brokerEpoch() {
        return brokerEpoch;
    }

    boolean inMaximalIsr() {
        return inMaximalIsr;
    }

    void inMaximalIsr(boolean member) {
        inMaximalIsr = member;
    }

    /**
     * Notes a fetch. A follower is caught up as of now if it asks from the leader's end, and as of its fetch before if
     * it asks from where the leader's end was then: so one that keeps pace under steady writes stays in sync.
     *
     * @param leaderLogEndOffset the leader's end before the read
     */
    void fetched(
            LogOffsetMetadata fetchOffset, long startOffset, long nowMs, long leaderLogEndOffset, long fetchEpoch) {
        if (fetchOffset.messageOffset() >= leaderLogEndOffset) {
            lastCaughtUpMs = Math.max(lastCaughtUpMs, nowMs);
        } else if (fetchOffset.messageOffset() >= lastFetchLeaderLogEndOffset) {
            lastCaughtUpMs = Math.max(lastCaughtUpMs, lastFetchMs);
        }
        logStartOffset = startOffset;
        logEndOffset = fetchOffset;
        lastFetchLeaderLogEndOffset = leaderLogEndOffset;
        lastFetchMs = nowMs;
        brokerEpoch = fetchEpoch;
    }

    /** A new leader epoch begins. Under a new leader nothing is known of the follower; its membership gives it time. */
    void reset(long nowMs, long leaderLogEndOffset, boolean newLeader, boolean inSync) {
        lastCaughtUpMs = inSync ? nowMs : 0L;
        if (newLeader) {
            logStartOffset = UNKNOWN_OFFSET;
            logEndOffset = LogOffsetMetadata.UNKNOWN;
            lastFetchLeaderLogEndOffset = UNKNOWN_OFFSET;
            lastFetchMs = 0L;
            brokerEpoch = UNKNOWN_EPOCH;
        } else {
            lastFetchLeaderLogEndOffset = leaderLogEndOffset;
            lastFetchMs = inSync ? nowMs : 0L;
        }
    }

    /** Whether it has all the leader has, or had it not longer ago than the lag allowed. */
    boolean isCaughtUp(long leaderLogEndOffset, long nowMs, long maxLagMs) {
        return leaderLogEndOffset == logEndOffset.messageOffset() || nowMs - lastCaughtUpMs <= maxLagMs;
    }

    @Override
    public String toString() {
        return id + "(end=" + logEndOffset.messageOffset() + ", caughtUpMs=" + lastCaughtUpMs + ")";
    }
}
