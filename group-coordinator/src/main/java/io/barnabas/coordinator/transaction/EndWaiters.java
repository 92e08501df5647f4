// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Producers that begin their next transaction while markers of the last are still written. The original sends them away
 * with CONCURRENT_TRANSACTIONS, to come again after their backoff; here they wait for the little that is left, and are
 * sent away only if it takes long. Owned by the shard's loop.
 */
final class EndWaiters {
    /** How long one waits before it is told CONCURRENT_TRANSACTIONS. */
    static final long LONGEST_WAIT_MS = 100;

    /** How many may wait for one transactional id; there is one producer, which may have lost patience before. */
    private static final int MOST_PER_ID = 5;

    private final TimerQueue<TransactionRecord> timers;
    private final Map<String, List<Waiter>> waiting = new HashMap<>();

    /** Tries again what has to wait. */
    @FunctionalInterface
    interface Attempt {
        Decision<TransactionRecord> decide();
    }

    private final class Waiter {
        private final Attempt attempt;
        private final Consumer<? super Errors> refusal;
        private final TimerQueue<TransactionRecord>.Timer patience;

        Waiter(String transactionalId, Attempt attempt, Consumer<? super Errors> refusal) {
            this.attempt = attempt;
            this.refusal = refusal;
            this.patience = timers.timer((nowMs, decision) -> {
                List<Waiter> parked = waiting.get(transactionalId);
                if (parked != null && parked.remove(this) && parked.isEmpty()) {
                    waiting.remove(transactionalId);
                }
                decision.answer(refusal, Errors.CONCURRENT_TRANSACTIONS);
            });
        }
    }

    EndWaiters(TimerQueue<TransactionRecord> timers) {
        this.timers = timers;
    }

    /**
     * Lets something wait for the end of the id's transaction.
     *
     * @return false if too many wait already
     */
    boolean park(String transactionalId, long nowMs, Attempt attempt, Consumer<? super Errors> refusal) {
        List<Waiter> parked = waiting.computeIfAbsent(transactionalId, id -> new ArrayList<>(1));
        if (parked.size() >= MOST_PER_ID) {
            return false;
        }
        Waiter waiter = new Waiter(transactionalId, attempt, refusal);
        parked.add(waiter);
        waiter.patience.set(nowMs + LONGEST_WAIT_MS);
        return true;
    }

    /** The id's transaction is ended: whoever waited goes on, one after the other. */
    Decision<TransactionRecord> release(String transactionalId) {
        Decision<TransactionRecord> decision = new Decision<>();
        List<Waiter> parked = waiting.remove(transactionalId);
        if (parked != null) {
            parked.forEach(waiter -> {
                waiter.patience.cancel();
                decision.next(waiter.attempt::decide);
            });
        }
        return decision;
    }

    /** The shard is no more. */
    Decision<TransactionRecord> refuseAll(Errors error) {
        Decision<TransactionRecord> decision = new Decision<>();
        waiting.values().forEach(parked -> parked.forEach(waiter -> decision.answer(waiter.refusal, error)));
        waiting.clear();
        return decision;
    }
}
