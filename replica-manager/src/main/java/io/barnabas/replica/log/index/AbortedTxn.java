// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

/**
 * An aborted transaction as {@code .txnindex} has it.
 *
 * @param producerId whose
 * @param firstOffset its first record
 * @param lastOffset its abort marker
 * @param lastStableOffset the last stable offset once it was aborted: beyond, further transactions may begin
 */
public record AbortedTxn(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
