// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What a transactional id is to become once the record that says so is committed.
 *
 * @param producerId the producer id from then on
 * @param lastProducerId the one before
 * @param producerEpoch the epoch from then on
 * @param lastProducerEpoch the epoch before, if the producer that raised it may ask again (KIP-360); else -1
 * @param timeoutMs how long its transactions may take
 * @param state the new state
 * @param partitions the partitions that take part
 * @param startMs when the transaction began, in wall time; -1 if none did
 * @param lastUpdateMs when this was decided, in wall time
 */
record Transition(
        long producerId,
        long lastProducerId,
        short producerEpoch,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionState state,
        Set<TopicPartition> partitions,
        long startMs,
        long lastUpdateMs) {
    Transition {
        partitions = Set.copyOf(partitions);
    }
}
