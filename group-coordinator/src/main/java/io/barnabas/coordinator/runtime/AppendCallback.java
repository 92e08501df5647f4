// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * What became of records a shard asked to append. Called on the shard's loop; appends complete in log order.
 *
 * <p>Exactly one of {@link #committed} and {@link #failed} is called; either may follow {@link #overdue}, which is called
 * at most once.
 */
public interface AppendCallback {
    /**
     * The records are below the high watermark: they hold, and the state is to follow them.
     *
     * @param lastOffset the offset of the last record of the batch they are in
     * @param error what to answer: {@link Errors#NONE}, or {@link Errors#NOT_ENOUGH_REPLICAS_AFTER_APPEND}
     */
    void committed(long lastOffset, Errors error, long nowMs, Outbox outbox);

    /**
     * The records do not hold here, and the state is to stay as it was: the log refused them, or the shard is about to
     * be unloaded ({@link Errors#NOT_COORDINATOR}) and whoever loads it next finds out what the log kept.
     */
    void failed(Errors error, long nowMs, Outbox outbox);

    /**
     * The records are in the log, but not committed within the commit timeout. The caller is to be answered now; whether
     * they hold is told later.
     */
    void overdue(long nowMs, Outbox outbox);
}
