// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

/**
 * Offsets to commit with a transaction: pending until its marker arrives.
 *
 * @param producerId the transaction's producer
 * @param producerEpoch its epoch
 * @param commit the offsets, and the member they come from if the client tells (v3)
 */
public record TxnOffsetCommit(long producerId, short producerEpoch, OffsetCommit commit) {}
