// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.VerificationGuard;
import io.barnabas.replica.log.producer.CompletedTransaction;
import io.barnabas.replica.log.producer.ProducerAppend;
import io.barnabas.replica.log.producer.ProducerStates;
import io.barnabas.replica.log.segment.LogSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What an append changes for its producers, checked before a byte is written.
 *
 * @param producers the changes, one per producer
 * @param completed the transactions it ends, in order
 */
record ProducerUpdates(Collection<ProducerAppend> producers, List<CompletedTransaction> completed) {
    private static final ProducerUpdates NONE = new ProducerUpdates(List.of(), List.of());

    /** Checks every batch that names a producer; the errors are those of {@link ProducerAppend}. */
    static ProducerUpdates check(
            ProducerStates states,
            List<? extends RecordBatch> batches,
            AppendOrigin origin,
            VerificationGuard guard,
            LogSegment segment) {
        Map<Long, ProducerAppend> producers = null;
        List<CompletedTransaction> completed = null;
        int position = segment.size();
        for (RecordBatch batch : batches) {
            if (batch.hasProducerId()) {
                if (batch.isTransactional()
                        && !batch.isControlBatch()
                        && !states.isVerified(batch.producerId(), guard)) {
                    throw new InvalidTxnStateException("Record was not part of an ongoing transaction");
                }
                if (producers == null) {
                    producers = new LinkedHashMap<>(4);
                    completed = new ArrayList<>(0);
                }
                CompletedTransaction ended = producers
                        .computeIfAbsent(batch.producerId(), id -> states.prepare(id, origin))
                        .add(batch, segment.baseOffset(), position);
                if (ended != null) {
                    completed.add(ended);
                }
            }
            position += batch.sizeInBytes();
        }
        return producers == null ? NONE : new ProducerUpdates(producers.values(), completed);
    }
}
