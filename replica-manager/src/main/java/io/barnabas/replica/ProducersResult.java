// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.ActiveProducer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The producers with state in a partition (DescribeProducers, KIP-664).
 *
 * @param error {@link Errors#NONE} if answered
 * @param producers those active
 */
public record ProducersResult(Errors error, List<ActiveProducer> producers) {
    /** The outcome of a partition whose producers could not be described. */
    public static ProducersResult failed(Errors error) {
        return new ProducersResult(error, List.of());
    }
}
