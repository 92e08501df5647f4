// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.data.TransactionVerification;
import io.barnabas.broker.handler.transaction.TransactionInquiries.Inquiry;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.VerificationGuard;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Before the first batch of a transaction is appended to a partition: asks the coordinator whether the partition takes
 * part (KIP-890 part 1), so that no transaction is left open that nobody knows of. Thread-safe; does not block.
 */
final class PartitionVerification implements TransactionVerification {
    private static final int PRODUCE_KNOWS_ABORTABLE_FROM = 11;
    private static final int OFFSETS_KNOW_ABORTABLE_FROM = 4;
    private static final long NO_OFFSET = -1L;

    private final ReplicaManager replicas;
    private final TransactionInquiries inquiries;
    private final BooleanSupplier enabled;

    /** @param enabled {@code transaction.partition.verification.enable} as of now */
    PartitionVerification(ReplicaManager replicas, TransactionInquiries inquiries, BooleanSupplier enabled) {
        this.replicas = replicas;
        this.inquiries = inquiries;
        this.enabled = enabled;
    }

    @Override
    public CompletionStage<Verdict> verify(Question question) {
        if (!enabled.getAsBoolean()) {
            return CompletableFuture.completedFuture(Verdict.NOT_REQUIRED);
        }
        Map<TopicPartition, AppendResult> refused = new HashMap<>();
        Map<TopicPartition, VerificationGuard> guards = new HashMap<>();
        question.baseSequences().forEach((partition, sequence) -> {
            try {
                VerificationGuard guard = replicas.startVerification(
                        partition, question.producerId(), question.producerEpoch(), sequence);
                if (guard != VerificationGuard.NONE) {
                    guards.put(partition, guard);
                }
            } catch (ApiException e) {
                refused.put(partition, AppendResult.failed(Errors.forException(e)));
            }
        });
        if (guards.isEmpty()) {
            return CompletableFuture.completedFuture(new Verdict(refused, guards, true));
        }
        return inquiries
                .ask(new Inquiry(
                        question.transactionalId(),
                        question.producerId(),
                        question.producerEpoch(),
                        Set.copyOf(guards.keySet()),
                        question.produceVersion() >= PRODUCE_KNOWS_ABORTABLE_FROM))
                .thenApply(errors -> {
                    errors.forEach((partition, error) -> refused.put(partition, refusal(error)));
                    return new Verdict(refused, guards, true);
                });
    }

    /**
     * NOT_ENOUGH_REPLICAS stands for whatever is over soon: clients of all ages try again after it without looking for
     * the partition's leader anew.
     */
    private static AppendResult refusal(Errors error) {
        return switch (error) {
            case INVALID_TXN_STATE ->
                AppendResult.failed(error, "Partition was not added to the transaction", NO_OFFSET);
            case CONCURRENT_TRANSACTIONS,
                    NETWORK_EXCEPTION,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR ->
                AppendResult.failed(
                        Errors.NOT_ENOUGH_REPLICAS,
                        "Unable to verify the partition has been added to the transaction. Underlying error: " + error,
                        NO_OFFSET);
            default -> AppendResult.failed(error);
        };
    }

    /**
     * Whether a group's partition takes part.
     *
     * @param error NONE, or why offsets may not be committed
     * @param guard to go with the offsets
     */
    record OffsetsVerdict(Errors error, VerificationGuard guard) {}

    /** Verifies the partition of {@code __consumer_offsets} that a TxnOffsetCommit of this version writes to. */
    CompletionStage<OffsetsVerdict> verifyOffsets(
            TopicPartition partition, String transactionalId, long producerId, short producerEpoch, short version) {
        if (!enabled.getAsBoolean()) {
            return CompletableFuture.completedFuture(new OffsetsVerdict(Errors.NONE, VerificationGuard.NOT_REQUIRED));
        }
        VerificationGuard guard;
        try {
            guard = replicas.startVerification(partition, producerId, producerEpoch, RecordBatch.NO_SEQUENCE);
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(
                    new OffsetsVerdict(offsetsError(Errors.forException(e)), VerificationGuard.NONE));
        }
        if (guard == VerificationGuard.NONE) {
            return CompletableFuture.completedFuture(new OffsetsVerdict(Errors.NONE, guard));
        }
        return inquiries
                .ask(new Inquiry(
                        transactionalId,
                        producerId,
                        producerEpoch,
                        Set.of(partition),
                        version >= OFFSETS_KNOW_ABORTABLE_FROM))
                .thenApply(
                        errors -> new OffsetsVerdict(offsetsError(errors.getOrDefault(partition, Errors.NONE)), guard));
    }

    private static Errors offsetsError(Errors error) {
        return switch (error) {
            case NETWORK_EXCEPTION -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            case UNKNOWN_TOPIC_OR_PARTITION -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
            default -> error;
        };
    }
}
