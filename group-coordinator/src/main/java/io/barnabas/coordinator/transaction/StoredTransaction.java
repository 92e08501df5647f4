// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A transactional id as its last record in {@code __transaction_state} has it.
 *
 * @param producerId the producer id
 * @param lastProducerId the producer id before; not in the log, so -1 after loading
 * @param producerEpoch the producer's epoch; -1 before the first record
 * @param lastProducerEpoch the epoch before, if the producer that raised it may ask again (KIP-360), else -1; not in
 *     the log, so -1 after loading
 * @param timeoutMs how long its transactions may take
 * @param state where it stands
 * @param partitions the partitions that take part
 * @param startMs when the last transaction began, in wall time; -1 if none did. An id that is initialized again keeps
 *     it in memory, and has -1 in the log
 * @param lastUpdateMs when this was decided, in wall time
 */
record StoredTransaction(
        long producerId,
        long lastProducerId,
        short producerEpoch,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionState state,
        Set<TopicPartition> partitions,
        long startMs,
        long lastUpdateMs) {
    static final long NOT_STARTED = -1L;

    StoredTransaction {
        partitions = Set.copyOf(partitions);
    }
}
