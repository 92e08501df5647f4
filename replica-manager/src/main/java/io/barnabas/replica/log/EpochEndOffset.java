// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * Where a leader epoch ends in a log (KIP-101, KIP-279).
 *
 * @param leaderEpoch the largest epoch not above the one asked for that the log has, {@link #UNDEFINED_EPOCH} if none
 * @param endOffset the offset after its last record, {@link #UNDEFINED_OFFSET} if unknown
 */
public record EpochEndOffset(int leaderEpoch, long endOffset) {
    public static final int UNDEFINED_EPOCH = -1;
    public static final long UNDEFINED_OFFSET = -1L;
    public static final EpochEndOffset UNDEFINED = new EpochEndOffset(UNDEFINED_EPOCH, UNDEFINED_OFFSET);
}
