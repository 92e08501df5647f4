// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transactional id as DescribeTransactions shows it (KIP-664).
 *
 * @param error with any, the rest means nothing
 * @param state the name of its state
 * @param startMs when its last transaction began, -1 if none did
 * @param partitions those that take part; of a transaction being ended, those that lack their marker
 */
public record TransactionDescription(
        Errors error,
        String transactionalId,
        String state,
        long producerId,
        short producerEpoch,
        int timeoutMs,
        long startMs,
        Set<TopicPartition> partitions) {
    /** A refusal. */
    public static TransactionDescription failed(String transactionalId, Errors error) {
        return new TransactionDescription(error, transactionalId, "", 0L, (short) 0, 0, 0L, Set.of());
    }
}
