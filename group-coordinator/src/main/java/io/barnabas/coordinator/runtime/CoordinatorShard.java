// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * The state of one partition of an internal topic, as a state machine without threads or locks.
 *
 * <p>State from the log changes in one way: by {@link #replay} of a record, whether the record was just committed here
 * or is read while the shard loads. Between its decision and its commit a record is only noted as under way
 * ({@link #prepare}, {@link #drop}). Everything else a shard knows is soft state: it is lost with the shard, and a
 * successor starts without it.
 *
 * <p>Owned by one loop, which calls every method alone. While the shard loads, only the {@code replay} methods are
 * called, in log order, by the one thread that reads the log. What is to be done the shard returns as a
 * {@link Decision}.
 *
 * @param <R> the records of the topic
 */
public interface CoordinatorShard<R> {
    /** {@link #nextDeadlineMs()} when nothing is waiting for time to pass. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * The epoch under which the partition is led: told before loading, again before {@link #loaded}, and whenever it is
     * raised without leadership leaving.
     */
    default void onLeaderEpoch(int leaderEpoch) {}

    /**
     * The record is about to be appended. Called as soon as the decision is made, before any other command.
     *
     * @param producerId whose transaction it belongs to, {@link RecordAppend#NO_PRODUCER_ID} outside of one
     */
    default void prepare(R record, long producerId) {}

    /**
     * The record counts: it is committed, or in the log that is being loaded.
     *
     * @param offset where it is, or where the batch ends that it is in
     * @param producerId whose transaction it belongs to, {@link RecordAppend#NO_PRODUCER_ID} outside of one
     */
    void replay(R record, long offset, long producerId);

    /** The prepared record was refused by the log. */
    default void drop(R record, long producerId) {}

    /** A transaction ended, as its marker in the partition says. */
    void replayEndTransaction(long producerId, boolean committed);

    /**
     * What follows from a record that was committed here, after whoever asked for it was answered. Records read while
     * loading are left to {@link #loaded}.
     */
    default Decision<R> onCommitted(R record, long nowMs) {
        return Decision.nothing();
    }

    /** The log is read to its end; from now on commands come in. */
    Decision<R> loaded(long nowMs);

    /** Leadership is lost: answer everyone who waits with the error. Records can no longer be appended. */
    Decision<R> unloaded(Errors error);

    /** Does what became due at or before {@code nowMs}. */
    Decision<R> tick(long nowMs);

    /** When {@link #tick} has something to do next, in the clock of {@code nowMs}; {@link #NO_DEADLINE} if never. */
    long nextDeadlineMs();
}
