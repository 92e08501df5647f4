// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * What follows once it is known what became of appended records. By then the shard has replayed or dropped them, so a
 * continuation changes no replayed state: it answers, and may decide what comes next. Called on the shard's loop, in
 * log order.
 *
 * <p>Exactly one of {@link #committed} and {@link #failed} is called; either may follow {@link #overdue}, which is
 * called at most once.
 *
 * @param <R> the records of the shard
 */
public interface Continuation<R> {
    /**
     * The records are below the high watermark, and the shard has replayed them.
     *
     * @param error what to answer: {@link Errors#NONE}, or {@link Errors#NOT_ENOUGH_REPLICAS_AFTER_APPEND}
     */
    Decision<R> committed(Errors error, long nowMs);

    /**
     * The records do not count here: the log refused them, or the shard is about to be unloaded
     * ({@link Errors#NOT_COORDINATOR}) and whoever loads it next finds out what the log kept.
     */
    Decision<R> failed(Errors error, long nowMs);

    /**
     * The records are in the log, but not committed within the commit timeout. The caller is to be answered now;
     * whether they count is told later.
     */
    Decision<R> overdue(long nowMs);
}
