// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * A transaction that was aborted, as a {@code read_committed} fetch tells it.
 *
 * @param producerId the producer whose records are to be skipped
 * @param firstOffset from this offset on, until its abort marker
 */
public record AbortedTransaction(long producerId, long firstOffset) {}
