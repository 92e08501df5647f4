// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordination.event.Event;
import io.barnabas.coordinator.runtime.Continuation;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Decides which transactions take too long, and which ids nobody used for long. */
final class ExpiryDecider {
    private final long idExpirationMs;
    private final EndDecider ends;

    ExpiryDecider(TransactionConfig config, EndDecider ends) {
        this.idExpirationMs = config.idExpirationMs();
        this.ends = ends;
    }

    /** Aborts transactions that are open for longer than their time-out, and fences their producers. */
    Decision<TransactionRecord> abortTimedOut(Collection<TransactionMetadata> ids, long wallMs) {
        Decision<TransactionRecord> decision = new Decision<>();
        for (TransactionMetadata id : ids) {
            if (id.state() == TransactionState.ONGOING && !id.isChanging() && id.startMs() + id.timeoutMs() < wallMs) {
                String why = "it was open for longer than its time-out of " + id.timeoutMs() + " ms";
                decision.add(ends.fence(id, why, error -> {}, wallMs));
            }
        }
        return decision;
    }

    /** Forgets ids without an open transaction that were not used for long. */
    Decision<TransactionRecord> removeExpired(Collection<TransactionMetadata> ids, long wallMs) {
        Decision<TransactionRecord> decision = new Decision<>();
        for (TransactionMetadata id : ids) {
            if (!id.isChanging() && id.state().mayExpire() && id.lastUpdateMs() <= wallMs - idExpirationMs) {
                Event removed = new TransactionEvents.TransactionalIdExpired(
                        id.transactionalId(), id.producerId(), "it was not used for " + idExpirationMs + " ms");
                decision.append(new RecordAppend<>(
                        List.of(TransactionRecord.tombstone(id.transactionalId())), new Expired(removed)));
            }
        }
        return decision;
    }

    /** Tells of an id once it is gone; nobody waits for that. */
    private record Expired(Event removed) implements Continuation<TransactionRecord> {
        @Override
        public Decision<TransactionRecord> committed(Errors error, long nowMs) {
            Decision<TransactionRecord> decision = new Decision<>();
            decision.event(removed);
            return decision;
        }

        @Override
        public Decision<TransactionRecord> failed(Errors error, long nowMs) {
            return Decision.nothing();
        }

        @Override
        public Decision<TransactionRecord> overdue(long nowMs) {
            return Decision.nothing();
        }
    }
}
