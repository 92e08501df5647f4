// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import org.apache.kafka.common.protocol.Errors;

/**
 * The answer to an {@link OffsetQuery}.
 *
 * @param error {@link Errors#NONE} if answered
 * @param timestamp the found record's timestamp, -1 if none or not asked by time
 * @param offset the offset, -1 if there is none
 * @param leaderEpoch the epoch of that offset, -1 if not known
 */
public record OffsetResult(Errors error, long timestamp, long offset, int leaderEpoch) {
    public static final long NO_OFFSET = -1L;
    public static final long NO_TIMESTAMP = -1L;
    public static final int NO_EPOCH = -1;

    /** A question refused. */
    public static OffsetResult failed(Errors error) {
        return new OffsetResult(error, NO_TIMESTAMP, NO_OFFSET, NO_EPOCH);
    }

    /** Nothing matches. */
    public static OffsetResult none() {
        return new OffsetResult(Errors.NONE, NO_TIMESTAMP, NO_OFFSET, NO_EPOCH);
    }
}
