// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import io.barnabas.replica.log.LogOffsetMetadata;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transactions that keep the last stable offset back: those undecided, and those decided by a marker that is not
 * yet replicated. Owned by {@link ProducerStates}.
 */
final class OpenTransactions {
    private static final long UNDECIDED = -1L;

    private final TreeMap<Long, Transaction> ongoing = new TreeMap<>();
    private final TreeMap<Long, Transaction> unreplicated = new TreeMap<>();

    /** A transaction; {@code lastOffset} is its marker's. */
    private record Transaction(long producerId, LogOffsetMetadata firstOffset, long lastOffset) {}

    void began(long producerId, LogOffsetMetadata firstOffset) {
        ongoing.put(firstOffset.messageOffset(), new Transaction(producerId, firstOffset, UNDECIDED));
    }

    /** @throws IllegalArgumentException if no such transaction is open */
    void completed(CompletedTransaction completed) {
        Transaction transaction = ongoing.remove(completed.firstOffset());
        if (transaction == null) {
            throw new IllegalArgumentException(
                    "Attempted to complete a transaction which was not started: " + completed);
        }
        unreplicated.put(
                completed.firstOffset(),
                new Transaction(transaction.producerId(), transaction.firstOffset(), completed.lastOffset()));
    }

    /** The marker below this offset are replicated, or gone. */
    void forgetBelow(long offset) {
        for (Iterator<Transaction> it = unreplicated.values().iterator(); it.hasNext(); ) {
            if (it.next().lastOffset() < offset) {
                it.remove();
            }
        }
    }

    /** The first offset not stable, null if all are. */
    LogOffsetMetadata firstUnstable() {
        Map.Entry<Long, Transaction> undecided = ongoing.firstEntry();
        Map.Entry<Long, Transaction> decided = unreplicated.firstEntry();
        if (undecided == null && decided == null) {
            return null;
        }
        if (decided == null || (undecided != null && undecided.getKey() < decided.getKey())) {
            return undecided.getValue().firstOffset();
        }
        return decided.getValue().firstOffset();
    }

    /** Where the first open transaction of another producer begins, or after the completed one. */
    long lastStableOffsetAfter(CompletedTransaction completed) {
        for (Transaction transaction : ongoing.values()) {
            if (transaction.producerId() != completed.producerId()) {
                return transaction.firstOffset().messageOffset();
            }
        }
        return completed.lastOffset() + 1;
    }

    /** The producer of the oldest open transaction, -1 if none is open. */
    long oldestProducerId() {
        Map.Entry<Long, Transaction> first = ongoing.firstEntry();
        return first == null ? -1L : first.getValue().producerId();
    }

    boolean hasUnreplicated() {
        return !unreplicated.isEmpty();
    }

    void clear() {
        ongoing.clear();
        unreplicated.clear();
    }
}
