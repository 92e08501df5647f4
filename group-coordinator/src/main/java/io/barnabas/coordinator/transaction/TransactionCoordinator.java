// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Coordinates transactions exactly as a broker of Kafka 3.9 in ZooKeeper mode does.
 *
 * <p>A transactional id lives on the leader of one partition of {@code __transaction_state}; see {@link #partitionFor}.
 * Every method may be called on any thread and does not block. The stages never fail for a reason the protocol has an
 * error code for, and complete on a loop of the coordinator: whoever has long work to do moves it elsewhere.
 */
public interface TransactionCoordinator extends AutoCloseable {
    /** The partition of {@code __transaction_state} whose leader coordinates the transactional id. */
    int partitionFor(String transactionalId);

    /**
     * Gives a producer its id and epoch, and fences whoever had the transactional id before. An open transaction is
     * aborted first: the answer is CONCURRENT_TRANSACTIONS until that is done.
     */
    CompletionStage<InitProducerId.Result> initProducerId(InitProducerId.Request request);

    /** Lets partitions take part, all or none. The answer comes when that is replicated. */
    CompletionStage<Errors> addPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> partitions);

    /** Whether partitions take part (KIP-890). Changes nothing; TRANSACTION_ABORTABLE for those that do not. */
    CompletionStage<Map<TopicPartition, Errors>> verifyPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> partitions);

    /** Decides how a transaction ends. The answer comes when that is replicated; markers are written after it. */
    CompletionStage<Errors> endTransaction(
            String transactionalId, long producerId, short producerEpoch, boolean commit);

    /** Describes a transactional id (KIP-664); TRANSACTIONAL_ID_NOT_FOUND if it is not known. */
    CompletionStage<TransactionDescription> describeTransaction(String transactionalId);

    /** Lists the transactional ids coordinated here (KIP-664, 994). */
    CompletionStage<TransactionListing> listTransactions(TransactionListing.Filter filter);

    /** This broker leads the partition of {@code __transaction_state} from this leader epoch on. */
    void onElection(int partition, int leaderEpoch);

    /**
     * This broker no longer leads the partition.
     *
     * @param leaderEpoch the epoch that ended the leadership; empty if the replica is stopped, which always counts
     */
    void onResignation(int partition, OptionalInt leaderEpoch);

    /** Answers everyone who waits with COORDINATOR_NOT_AVAILABLE, and takes no more. */
    @Override
    void close();
}
