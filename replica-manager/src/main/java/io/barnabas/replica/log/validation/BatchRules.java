// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.AppendOrigin;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.record.RecordBatch;

/** What a batch's header has to fulfil. */
final class BatchRules {
    private BatchRules() {}

    /**
     * @param toMagic the format it is stored in
     * @throws InvalidRecordException ({@code INVALID_RECORD}) or {@link UnsupportedForMessageFormatException}
     */
    static void check(TopicPartition partition, byte firstMagic, RecordBatch batch, AppendOrigin origin, byte toMagic) {
        if (firstMagic != batch.magic()) {
            throw new InvalidRecordException("Batch magic " + batch.magic()
                    + " is not the same as the first batch's magic byte " + firstMagic + " in topic partition "
                    + partition);
        }
        if (origin == AppendOrigin.CLIENT) {
            checkClient(partition, batch);
        }
        if (batch.isTransactional() && toMagic < RecordBatch.MAGIC_VALUE_V2) {
            throw new UnsupportedForMessageFormatException(
                    "Transactional records cannot be used with magic version " + toMagic);
        }
        if (batch.hasProducerId() && toMagic < RecordBatch.MAGIC_VALUE_V2) {
            throw new UnsupportedForMessageFormatException(
                    "Idempotent records cannot be used with magic version " + toMagic);
        }
    }

    private static void checkClient(TopicPartition partition, RecordBatch batch) {
        if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2) {
            checkCount(partition, batch);
        }
        if (batch.isControlBatch()) {
            throw new InvalidRecordException(
                    "Clients are not allowed to write control records in topic partition " + partition);
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) {
            throw new InvalidRecordException("Invalid sequence number " + batch.baseSequence()
                    + " in record batch with producerId " + batch.producerId() + " in topic partition " + partition);
        }
    }

    private static void checkCount(TopicPartition partition, RecordBatch batch) {
        long fromOffsets = batch.lastOffset() - batch.baseOffset() + 1;
        if (fromOffsets <= 0) {
            throw new InvalidRecordException("Batch has an invalid offset range: [" + batch.baseOffset() + ", "
                    + batch.lastOffset() + "] in topic partition " + partition);
        }
        long count = batch.countOrNull();
        if (count <= 0) {
            throw new InvalidRecordException(
                    "Invalid reported count for record batch: " + count + " in topic partition " + partition);
        }
        if (fromOffsets != count) {
            throw new InvalidRecordException("Inconsistent batch offset range [" + batch.baseOffset() + ", "
                    + batch.lastOffset() + "] and count of records " + count + " in topic partition " + partition);
        }
    }
}
