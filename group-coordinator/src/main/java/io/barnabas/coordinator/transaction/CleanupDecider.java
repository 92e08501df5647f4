// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.AppendCallback;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Aborts transactions that take too long, and forgets ids nobody used for long. Owned by the shard's loop. */
final class CleanupDecider {
    private final TransactionContext context;
    private final Map<String, TransactionMetadata> ids;
    private final EndDecider ends;
    private final TimerQueue.Timer timeouts;
    private final TimerQueue.Timer expiry;

    CleanupDecider(TransactionContext context, Map<String, TransactionMetadata> ids, EndDecider ends) {
        this.context = context;
        this.ids = ids;
        this.ends = ends;
        this.timeouts = context.timers().timer(this::abortTimedOut);
        this.expiry = context.timers().timer(this::removeExpired);
    }

    /** The shard is loaded. */
    void begin(long nowMs) {
        watchTimeouts(nowMs);
        expiry.set(nowMs + context.config().removeExpiredIntervalMs());
    }

    /** A transaction may have begun: look for timed out ones at the next interval, as long as there are any open. */
    void watchTimeouts(long nowMs) {
        if (!timeouts.isSet()) {
            timeouts.set(nowMs + context.config().abortTimedOutIntervalMs());
        }
    }

    private void abortTimedOut(long nowMs, Outbox outbox) {
        long wallMs = context.wallMs();
        boolean open = false;
        for (TransactionMetadata metadata : ids.values()) {
            if (metadata.state() != TransactionState.ONGOING) {
                continue;
            }
            open = true;
            if (!metadata.isChanging() && metadata.startMs() + metadata.timeoutMs() < wallMs) {
                ends.fence(
                        metadata,
                        "it was open for longer than its time-out of " + metadata.timeoutMs() + " ms",
                        error -> {},
                        outbox);
            }
        }
        if (open) {
            watchTimeouts(nowMs);
        }
    }

    private void removeExpired(long nowMs, Outbox outbox) {
        expiry.set(nowMs + context.config().removeExpiredIntervalMs());
        long lastUse = context.wallMs() - context.config().idExpirationMs();
        for (TransactionMetadata metadata : ids.values()) {
            if (!metadata.isChanging() && metadata.state().mayExpire() && metadata.lastUpdateMs() <= lastUse) {
                metadata.prepareDead();
                outbox.append(new RecordAppend(
                        List.of(TransactionRecordCodec.tombstone(metadata.transactionalId())), new Removal(metadata)));
            }
        }
    }

    /** A tombstone on its way into the log. */
    private final class Removal implements AppendCallback {
        private final TransactionMetadata metadata;

        Removal(TransactionMetadata metadata) {
            this.metadata = metadata;
        }

        @Override
        public void committed(long lastOffset, Errors error, long nowMs, Outbox outbox) {
            ids.remove(metadata.transactionalId(), metadata);
            DecisionEvent.of("transactional-id-expired")
                    .with("transactionalId", metadata.transactionalId())
                    .with("producerId", metadata.producerId())
                    .because("it was not used for " + context.config().idExpirationMs() + " ms");
        }

        @Override
        public void failed(Errors error, long nowMs, Outbox outbox) {
            metadata.cancel();
        }

        @Override
        public void overdue(long nowMs, Outbox outbox) {
            // nobody waits for it
        }
    }
}
