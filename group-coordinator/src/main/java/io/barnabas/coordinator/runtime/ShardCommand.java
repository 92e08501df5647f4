// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * Something a caller asks of a shard. Exactly one of {@link #execute} and {@link #reject} is called, once.
 *
 * @param <R> the records of the shard
 * @param <S> the shard it is for
 */
public interface ShardCommand<R, S extends CoordinatorShard<R>> {
    /** Runs on the shard's loop, which carries the decision out. */
    Decision<R> execute(S shard, long nowMs);

    /**
     * The command did not reach the shard. Called on any thread.
     *
     * @param error {@link Errors#NOT_COORDINATOR} if the partition is not led here, or may not be any more,
     *     {@link Errors#COORDINATOR_LOAD_IN_PROGRESS} while it loads, {@link Errors#COORDINATOR_NOT_AVAILABLE} when the
     *     mailbox is full or the runtime is shut down
     */
    void reject(Errors error);

    /**
     * Whether the command waits for a shard that loads instead of being rejected: for what already is in the log, but
     * may have been written behind the part that the loader has read.
     */
    default boolean waitsForLoading() {
        return false;
    }

    /**
     * Whether the command is taken however many wait, and also while it is open whether this broker still coordinates:
     * for what the broker itself tells the shard, as nobody would tell it again.
     */
    default boolean mustBeTaken() {
        return false;
    }
}
