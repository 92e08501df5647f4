// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.log.VerificationGuard;
import java.util.List;

/**
 * Records to append together: all of them hold, or none.
 *
 * @param records what to append, in order; not empty
 * @param producerId the transaction's producer id, {@link #NO_PRODUCER_ID} outside of a transaction
 * @param producerEpoch the producer's epoch, {@code -1} outside of a transaction
 * @param guard the proof that the transaction includes this shard's partition
 * @param callback learns the outcome
 */
public record RecordAppend(
        List<CoordinatorRecord> records,
        long producerId,
        short producerEpoch,
        VerificationGuard guard,
        AppendCallback callback) {
    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;

    public RecordAppend {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
    }

    /** Records of a transaction that needs no verification. */
    public RecordAppend(
            List<CoordinatorRecord> records, long producerId, short producerEpoch, AppendCallback callback) {
        this(records, producerId, producerEpoch, VerificationGuard.NOT_REQUIRED, callback);
    }

    /** Records outside of any transaction. */
    public RecordAppend(List<CoordinatorRecord> records, AppendCallback callback) {
        this(records, NO_PRODUCER_ID, NO_PRODUCER_EPOCH, callback);
    }

    public boolean isTransactional() {
        return producerId != NO_PRODUCER_ID;
    }
}
