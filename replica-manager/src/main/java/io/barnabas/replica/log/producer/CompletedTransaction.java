// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

/**
 * A transaction whose end marker was appended.
 *
 * @param producerId whose
 * @param firstOffset its first record
 * @param lastOffset its marker
 * @param aborted whether the marker is an abort
 */
public record CompletedTransaction(long producerId, long firstOffset, long lastOffset, boolean aborted) {}
