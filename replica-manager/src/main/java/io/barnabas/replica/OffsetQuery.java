// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.FetchIsolation;

/**
 * A ListOffsets question about one partition.
 *
 * @param timestamp a time in ms, or one of the special values of {@link #LATEST} and below
 * @param isolation how far the asker may see; {@link FetchIsolation#LOG_END} for replicas
 * @param currentLeaderEpoch the leader epoch the asker knows, -1 if none
 * @param leaderOnly whether only the leader may answer
 */
public record OffsetQuery(long timestamp, FetchIsolation isolation, int currentLeaderEpoch, boolean leaderOnly) {
    public static final long LATEST = -1L;
    public static final long EARLIEST = -2L;
    /** The record with the greatest timestamp (KIP-734). */
    public static final long MAX_TIMESTAMP = -3L;
    /** The first offset on local disk (KIP-405). */
    public static final long EARLIEST_LOCAL = -4L;
    /** The last offset on remote storage (KIP-1005). */
    public static final long LATEST_TIERED = -5L;

    /** Whether the answer is inside batches, so that one may have to be decompressed and the disk be waited for. */
    public boolean looksIntoBatches() {
        return timestamp >= 0 || timestamp == MAX_TIMESTAMP;
    }
}
