// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * Transactions and the topic that holds their state.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}
 * @param transactionalIdExpirationMs {@code transactional.id.expiration.ms}
 * @param loadBufferBytes {@code transaction.state.log.load.buffer.size}
 * @param replicationFactor {@code transaction.state.log.replication.factor}
 * @param partitions {@code transaction.state.log.num.partitions}
 * @param segmentBytes {@code transaction.state.log.segment.bytes}
 * @param minInSyncReplicas {@code transaction.state.log.min.isr}
 * @param abortTimedOutIntervalMs {@code transaction.abort.timed.out.transaction.cleanup.interval.ms}
 * @param removeExpiredIntervalMs {@code transaction.remove.expired.transaction.cleanup.interval.ms}
 * @param partitionVerification {@code transaction.partition.verification.enable}, may change at run time
 */
public record TransactionKeys(
        int maxTimeoutMs,
        int transactionalIdExpirationMs,
        int loadBufferBytes,
        short replicationFactor,
        int partitions,
        int segmentBytes,
        int minInSyncReplicas,
        int abortTimedOutIntervalMs,
        int removeExpiredIntervalMs,
        boolean partitionVerification) {
    static TransactionKeys from(AbstractConfig values) {
        return new TransactionKeys(
                values.getInt("transaction.max.timeout.ms"),
                values.getInt("transactional.id.expiration.ms"),
                values.getInt("transaction.state.log.load.buffer.size"),
                values.getShort("transaction.state.log.replication.factor"),
                values.getInt("transaction.state.log.num.partitions"),
                values.getInt("transaction.state.log.segment.bytes"),
                values.getInt("transaction.state.log.min.isr"),
                values.getInt("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
                values.getInt("transaction.remove.expired.transaction.cleanup.interval.ms"),
                values.getBoolean("transaction.partition.verification.enable"));
    }
}
