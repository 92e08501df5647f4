// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whether partitions take part in an ongoing transaction, to be asked before transactional records are appended
 * (KIP-890). Must not block; a stage that is complete at once keeps the append on the connection's event loop.
 */
@FunctionalInterface
public interface TransactionVerification {
    /** Lets everything pass, as with {@code transaction.partition.verification.enable=false}. */
    TransactionVerification NONE = question -> CompletableFuture.completedFuture(Map.of());

    /**
     * @return the errors of those partitions that may not be written, in words the producer's version knows; never fails
     */
    CompletionStage<Map<TopicPartition, Errors>> verify(Question question);

    /**
     * What is asked.
     *
     * @param transactionalId whose transaction
     * @param producerId its producer id
     * @param producerEpoch its producer epoch
     * @param partitions the partitions with transactional records
     * @param produceVersion the version of the Produce request, which decides how errors are told
     */
    record Question(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            short produceVersion) {}
}
