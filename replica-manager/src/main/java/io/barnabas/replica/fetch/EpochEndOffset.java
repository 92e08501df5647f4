// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * A leader epoch and where it ended (KIP-101, KIP-279).
 *
 * @param leaderEpoch the epoch, {@link #UNDEFINED_EPOCH} if the answering broker does not say or know
 * @param endOffset the first offset of the following epoch or the log's end, {@link #UNDEFINED_OFFSET} if unknown
 */
public record EpochEndOffset(int leaderEpoch, long endOffset) {
    public static final int UNDEFINED_EPOCH = -1;
    public static final long UNDEFINED_OFFSET = -1L;
}
