// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The producers with state in a partition (DescribeProducers, KIP-664).
 *
 * @param error {@link Errors#NONE} if answered
 * @param producers those active
 */
public record ProducersResult(Errors error, List<ActiveProducer> producers) {
    /**
     * One producer.
     *
     * @param producerId its id
     * @param producerEpoch its epoch
     * @param lastSequence its last sequence number, -1 if none
     * @param lastTimestamp the timestamp of its last batch
     * @param currentTransactionStartOffset first offset of its open transaction, -1 if none
     * @param coordinatorEpoch the epoch of the coordinator that last wrote a marker, -1 if none
     */
    public record ActiveProducer(
            long producerId,
            int producerEpoch,
            int lastSequence,
            long lastTimestamp,
            long currentTransactionStartOffset,
            int coordinatorEpoch) {}

    public static ProducersResult failed(Errors error) {
        return new ProducersResult(error, List.of());
    }
}
