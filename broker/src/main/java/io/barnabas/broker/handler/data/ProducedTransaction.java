// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.requests.ProduceRequest;

/** Finds the transaction a Produce request writes in. Looks at batch headers only. Stateless. */
final class ProducedTransaction {
    private ProducedTransaction() {}

    /**
     * @param known partitions of others are left out: there is nothing to verify
     * @return what is to be verified, empty if nothing is transactional
     * @throws InvalidPidMappingException if the request mixes producers
     */
    static Optional<TransactionVerification.Question> question(
            ProduceRequest request,
            Map<TopicPartition, MemoryRecords> records,
            Predicate<TopicPartition> known,
            short version) {
        if (request.transactionalId() == null) {
            return Optional.empty();
        }
        MutableRecordBatch first = null;
        Map<TopicPartition, Integer> baseSequences = new HashMap<>();
        for (Map.Entry<TopicPartition, MemoryRecords> entry : records.entrySet()) {
            Iterator<MutableRecordBatch> batches = entry.getValue().batches().iterator();
            if (!known.test(entry.getKey()) || !batches.hasNext()) {
                continue;
            }
            MutableRecordBatch batch = batches.next();
            if (batch.hasProducerId() && batch.isTransactional()) {
                if (first != null && first.producerId() != batch.producerId()) {
                    throw new InvalidPidMappingException("Transactional records contained more than one producer ID");
                }
                first = batch;
                baseSequences.put(entry.getKey(), batch.baseSequence());
            }
        }
        return first == null
                ? Optional.empty()
                : Optional.of(new TransactionVerification.Question(
                        request.transactionalId(), first.producerId(), first.producerEpoch(), baseSequences, version));
    }
}
