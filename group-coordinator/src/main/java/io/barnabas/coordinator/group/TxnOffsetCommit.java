// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.replica.log.VerificationGuard;

/**
 * Offsets to commit with a transaction: pending until its marker arrives.
 *
 * @param producerId the transaction's producer
 * @param producerEpoch its epoch
 * @param guard the proof that the transaction includes the group's partition
 * @param commit the offsets, and the member they come from if the client tells (v3)
 */
public record TxnOffsetCommit(long producerId, short producerEpoch, VerificationGuard guard, OffsetCommit commit) {
    /** Offsets of a transaction that needs no verification. */
    public TxnOffsetCommit(long producerId, short producerEpoch, OffsetCommit commit) {
        this(producerId, producerEpoch, VerificationGuard.NOT_REQUIRED, commit);
    }
}
