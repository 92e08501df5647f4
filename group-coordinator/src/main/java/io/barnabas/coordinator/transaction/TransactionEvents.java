// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordination.event.Event;
import org.apache.kafka.common.TopicPartition;

/** What is told of transactions and their ids. */
final class TransactionEvents {
    private TransactionEvents() {}

    /**
     * The coordinator ended a transaction on its own account.
     *
     * @param fencedEpoch the producer epoch that may write no more
     * @param epoch the producer epoch from now on
     * @param partitions how many the transaction wrote to
     * @param openMs how long it was open
     */
    record TransactionAborted(
            String transactionalId,
            long producerId,
            short fencedEpoch,
            short epoch,
            int partitions,
            long openMs,
            String why)
            implements Event {}

    /** A marker is not needed any more. */
    record TransactionMarkerDropped(
            String transactionalId, long producerId, short epoch, TopicPartition partition, String why)
            implements Event {}

    /**
     * A transaction cannot be completed yet.
     *
     * @param state the state it is in, as shown to clients
     * @param partition one that lacks its marker
     * @param markersMissing how many lack it
     * @param waitedMs how long it has been tried
     */
    record TransactionEndWaits(
            String transactionalId,
            long producerId,
            short epoch,
            String state,
            TopicPartition partition,
            int markersMissing,
            long waitedMs,
            String why)
            implements Event {}

    /** An id is forgotten, since nobody used it. */
    record TransactionalIdExpired(String transactionalId, long producerId, String why) implements Event {}
}
