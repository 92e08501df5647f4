// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import org.apache.kafka.common.record.RecordBatch;

/**
 * The last a log knows of a producer.
 *
 * @param lastDataOffset offset of its last data record, -1 if only a transaction marker of its epoch is known
 * @param producerEpoch its epoch
 */
public record LastRecord(long lastDataOffset, short producerEpoch) {
    /** Whether a batch is the one that holds the producer's last sequence, or the marker that holds its epoch. */
    public boolean isIn(RecordBatch batch) {
        return lastDataOffset >= 0
                ? batch.lastOffset() == lastDataOffset
                : batch.isControlBatch() && batch.producerEpoch() == producerEpoch;
    }
}
