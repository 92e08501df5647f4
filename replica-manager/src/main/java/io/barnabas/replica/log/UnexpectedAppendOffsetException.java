// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * Fetched batches that begin before the log's end. A follower whose log is empty may start over at
 * {@link #firstOffset}, when the leader deleted records in the midst of a batch (KIP-107).
 */
public final class UnexpectedAppendOffsetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long firstOffset;
    private final long lastOffset;

    public UnexpectedAppendOffsetException(String message, long firstOffset, long lastOffset) {
        super(message);
        this.firstOffset = firstOffset;
        this.lastOffset = lastOffset;
    }

    /** First offset of the refused batches. */
    public long firstOffset() {
        return firstOffset;
    }

    /** Last offset of the refused batches. */
    public long lastOffset() {
        return lastOffset;
    }
}
