// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import org.apache.kafka.common.record.DefaultRecordBatch;

/**
 * One of the last batches of a producer.
 *
 * @param lastSequence sequence of its last record, -1 without sequences
 * @param lastOffset offset of its last record
 * @param offsetDelta last offset minus first
 * @param timestamp its largest timestamp
 */
public record BatchMetadata(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
    /** The sequence of the first record; sequences wrap to 0 after the largest int. */
    public int firstSequence() {
        return DefaultRecordBatch.decrementSequence(lastSequence, offsetDelta);
    }

    /** The offset of the batch's first record. */
    public long firstOffset() {
        return lastOffset - offsetDelta;
    }
}
