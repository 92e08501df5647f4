// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import org.apache.kafka.common.protocol.Errors;

/**
 * The answer to "where does this leader epoch end?" (OffsetForLeaderEpoch, KIP-101 and KIP-279).
 *
 * @param error {@link Errors#NONE} if answered
 * @param leaderEpoch the largest epoch at or below the one asked for, -1 if none
 * @param endOffset the offset after its last record, -1 if none
 */
public record EpochEndResult(Errors error, int leaderEpoch, long endOffset) {
    /** A question refused. */
    public static EpochEndResult failed(Errors error) {
        return new EpochEndResult(error, -1, -1L);
    }
}
