// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * The state of one partition of an internal topic, as a state machine without threads, clocks or locks.
 *
 * <p>Owned by one loop, which calls every method alone. While it loads, only the {@code replay} methods are called,
 * in log order, by the one thread that reads the log. What the shard wants done it puts into the {@link Outbox}.
 */
public interface CoordinatorShard {
    /** {@link #nextDeadlineMs()} when nothing is waiting for time to pass. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * The epoch under which the partition is led: told before loading, again before {@link #loaded}, and whenever it is
     * raised without leadership leaving.
     */
    default void onLeaderEpoch(int leaderEpoch) {}

    /** Takes in one record of the log. Records of an unknown kind are skipped, not an error. */
    void replay(LoadedRecord record);

    /** Takes in the end of a transaction, as read from its marker. */
    void replayEndTransaction(long producerId, boolean committed);

    /** The log is read to its end; from now on commands come in. */
    void loaded(long nowMs, Outbox outbox);

    /** Leadership is lost: answer everyone who waits with the error. Records can no longer be appended. */
    void unloaded(Errors error, Outbox outbox);

    /** Does what became due at or before {@code nowMs}. */
    void tick(long nowMs, Outbox outbox);

    /** When {@link #tick} has something to do next, in the clock of {@code nowMs}; {@link #NO_DEADLINE} if never. */
    long nextDeadlineMs();
}
