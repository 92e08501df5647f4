// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import java.util.function.LongSupplier;

/** When a producer is forgotten. {@code producer.id.expiration.ms} may change at run time. */
public final class ProducerExpiry {
    private final LongSupplier expirationMs;
    private final long maxTransactionTimeoutMs;

    /**
     * @param expirationMs {@code producer.id.expiration.ms}
     * @param maxTransactionTimeoutMs {@code transaction.max.timeout.ms}
     */
    public ProducerExpiry(LongSupplier expirationMs, long maxTransactionTimeoutMs) {
        this.expirationMs = expirationMs;
        this.maxTransactionTimeoutMs = maxTransactionTimeoutMs;
    }

    boolean isExpired(ProducerEntry entry, long nowMs) {
        return !entry.hasOpenTransaction() && nowMs - entry.lastTimestamp() >= expirationMs.getAsLong();
    }

    long expirationMs() {
        return expirationMs.getAsLong();
    }

    long maxTransactionTimeoutMs() {
        return maxTransactionTimeoutMs;
    }
}
