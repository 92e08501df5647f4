// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.replica.AppendResult;
import io.barnabas.replica.log.VerificationGuard;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether partitions take part in an ongoing transaction, to be asked before transactional records are appended
 * (KIP-890). Must not block; a stage that is complete at once keeps the append on the connection's event loop.
 */
@FunctionalInterface
public interface TransactionVerification {
    /** Lets everything pass, as with {@code transaction.partition.verification.enable=false}. */
    TransactionVerification NONE = question -> CompletableFuture.completedFuture(Verdict.NOT_REQUIRED);

    /** Asks, where need be. The stage never fails. */
    CompletionStage<Verdict> verify(Question question);

    /**
     * What is asked.
     *
     * @param transactionalId whose transaction
     * @param producerId its producer id
     * @param producerEpoch its producer epoch
     * @param baseSequences the partitions with transactional records, and the first sequence of each
     * @param produceVersion the version of the Produce request, which decides how errors are told
     */
    record Question(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Map<TopicPartition, Integer> baseSequences,
            short produceVersion) {}

    /**
     * What may be appended.
     *
     * @param refused what to answer for partitions that may not be written, in words the producer's version knows
     * @param guards to go with the records, by partition
     * @param required whether the log is to refuse transactional records that are neither guarded nor of an open
     *     transaction
     */
    record Verdict(
            Map<TopicPartition, AppendResult> refused,
            Map<TopicPartition, VerificationGuard> guards,
            boolean required) {
        public static final Verdict NOT_REQUIRED = new Verdict(Map.of(), Map.of(), false);
    }
}
