// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.log.VerificationGuard;
import java.util.List;

/**
 * Records to append together: all of them count, or none.
 *
 * @param records what to append, in order; not empty
 * @param producerId the transaction's producer id, {@link #NO_PRODUCER_ID} outside of a transaction
 * @param producerEpoch the producer's epoch, {@code -1} outside of a transaction
 * @param guard the proof that the transaction includes this shard's partition
 * @param then what follows once the outcome is known
 * @param <R> the records of the shard
 */
public record RecordAppend<R>(
        List<R> records, long producerId, short producerEpoch, VerificationGuard guard, Continuation<R> then) {
    /** Stands for "in no transaction". */
    public static final long NO_PRODUCER_ID = -1L;
    /** The epoch of no producer. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** @throws IllegalArgumentException if there is nothing to append */
    public RecordAppend {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
    }

    /** Records of a transaction that needs no verification. */
    public RecordAppend(List<R> records, long producerId, short producerEpoch, Continuation<R> then) {
        this(records, producerId, producerEpoch, VerificationGuard.NOT_REQUIRED, then);
    }

    /** Records outside of any transaction. */
    public RecordAppend(List<R> records, Continuation<R> then) {
        this(records, NO_PRODUCER_ID, NO_PRODUCER_EPOCH, then);
    }

    /** Whether the records belong to a transaction. */
    public boolean isTransactional() {
        return producerId != NO_PRODUCER_ID;
    }
}
