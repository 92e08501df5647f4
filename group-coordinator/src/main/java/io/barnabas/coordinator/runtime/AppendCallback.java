// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/**
 * What became of records a shard asked to append. Called on the shard's loop; appends complete in log order.
 *
 * <p>Exactly one of {@link #committed} and {@link #failed} is called, unless the shard is unloaded first. Both may
 * follow {@link #overdue}, which is called at most once.
 */
public interface AppendCallback {
    /**
     * The records are below the high watermark: they hold, and the state is to follow them.
     *
     * @param lastOffset the offset of the last of the records
     * @param error what to answer: {@link Errors#NONE}, or {@link Errors#NOT_ENOUGH_REPLICAS_AFTER_APPEND}
     */
    void committed(long lastOffset, Errors error, long nowMs, Outbox outbox);

    /** The records are not in the log; the state is to stay as it was. */
    void failed(Errors error, long nowMs, Outbox outbox);

    /**
     * The records are in the log, but not committed within the commit timeout. The caller is to be answered now; whether
     * they hold is told later.
     */
    void overdue(long nowMs, Outbox outbox);
}
