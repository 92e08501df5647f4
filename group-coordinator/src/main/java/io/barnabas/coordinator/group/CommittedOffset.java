// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

/**
 * An offset a group committed for a partition.
 *
 * @param offset the next offset to read
 * @param leaderEpoch the leader epoch of the last record read, {@link #NO_LEADER_EPOCH} if not told
 * @param metadata whatever the member added; empty if nothing
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it expires, if the client said so (OffsetCommit v2-4), else {@link #NO_EXPIRY}
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
    /** Stands for a leader epoch that was not told. */
    public static final int NO_LEADER_EPOCH = -1;
    /** Stands for an offset without an expiry of its own. */
    public static final long NO_EXPIRY = -1L;
}
