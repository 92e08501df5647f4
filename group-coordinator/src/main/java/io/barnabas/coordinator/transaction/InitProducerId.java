// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/** A producer asks for the producer id and epoch of its transactional id. */
public final class InitProducerId {
    private InitProducerId() {}

    /**
     * What is asked.
     *
     * @param timeoutMs how long its transactions may take
     * @param expected the id and epoch the producer had, if it goes on after an error (KIP-360)
     */
    public record Request(String transactionalId, int timeoutMs, Optional<Producer> expected) {}

    /** A producer id with its epoch. */
    public record Producer(long id, short epoch) {}

    /**
     * What is answered. {@link Errors#PRODUCER_FENCED} is told as such; older clients know INVALID_PRODUCER_EPOCH only.
     *
     * @param producerId -1 on error
     * @param producerEpoch -1 on error
     */
    public record Result(Errors error, long producerId, short producerEpoch) {
        /** A refusal. */
        public static Result failed(Errors error) {
            return new Result(error, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
        }
    }
}
