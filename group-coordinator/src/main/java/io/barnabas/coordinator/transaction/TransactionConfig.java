// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

/**
 * How transactions are coordinated.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}: the longest time-out a producer may ask for
 * @param idExpirationMs {@code transactional.id.expiration.ms}: how long an idle transactional id is remembered
 * @param abortTimedOutIntervalMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}
 * @param removeExpiredIntervalMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 * @param loadBufferBytes {@code transaction.state.log.load.buffer.size}
 * @param appendTimeoutMs when a caller is told that its record is not replicated yet ({@code request.timeout.ms})
 */
public record TransactionConfig(
        int maxTimeoutMs,
        long idExpirationMs,
        long abortTimedOutIntervalMs,
        long removeExpiredIntervalMs,
        int loadBufferBytes,
        int appendTimeoutMs) {
    /** Kafka's defaults. */
    public static final TransactionConfig DEFAULTS =
            new TransactionConfig(900_000, 604_800_000L, 10_000, 3_600_000, 5 * 1024 * 1024, 30_000);
}
