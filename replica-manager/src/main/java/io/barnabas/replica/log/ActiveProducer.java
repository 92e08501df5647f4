// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.OptionalLong;

/**
 * A producer a partition remembers, as DescribeProducers tells it (KIP-664).
 *
 * @param producerId its id
 * @param producerEpoch its epoch
 * @param lastSequence sequence of its last record, -1 if none
 * @param lastTimestamp time of its last batch, -1 if none
 * @param coordinatorEpoch epoch of the coordinator that last ended a transaction of it, -1 if none
 * @param currentTransactionFirstOffset where its open transaction began, if there is one
 */
public record ActiveProducer(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        OptionalLong currentTransactionFirstOffset) {}
