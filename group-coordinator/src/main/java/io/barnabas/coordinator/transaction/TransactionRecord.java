// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;

/**
 * A record of {@code __transaction_state}.
 *
 * @param transactionalId its key
 * @param stored its value; in state {@link TransactionState#DEAD} it is a tombstone
 */
record TransactionRecord(String transactionalId, StoredTransaction stored) {
    /** The id is forgotten. */
    static TransactionRecord tombstone(String transactionalId) {
        StoredTransaction nothing = new StoredTransaction(
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_PRODUCER_EPOCH,
                0,
                TransactionState.DEAD,
                Set.<TopicPartition>of(),
                StoredTransaction.NOT_STARTED,
                0L);
        return new TransactionRecord(transactionalId, nothing);
    }

    boolean isTombstone() {
        return stored.state() == TransactionState.DEAD;
    }
}
