// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.OptionalInt;

/**
 * An answer to "which offset at this time".
 *
 * @param timestamp the record's timestamp; -1 for the special targets
 * @param offset the offset
 * @param leaderEpoch the leader epoch of that offset, if the log knows it
 */
public record TimestampAndOffset(long timestamp, long offset, OptionalInt leaderEpoch) {
    /** Asks for the log's end. */
    public static final long LATEST_TIMESTAMP = -1L;
    /** Asks for the log's start. */
    public static final long EARLIEST_TIMESTAMP = -2L;
    /** Asks for the record with the largest timestamp (KIP-734). */
    public static final long MAX_TIMESTAMP = -3L;
    /** Asks for the start of what is on local disk (KIP-405): without tiers the same as the log's start. */
    public static final long EARLIEST_LOCAL_TIMESTAMP = -4L;
}
