// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.List;

/**
 * Records to append together: all of them hold, or none.
 *
 * @param records what to append, in order; not empty
 * @param producerId the transaction's producer id, {@link #NO_PRODUCER_ID} outside of a transaction
 * @param producerEpoch the producer's epoch, {@code -1} outside of a transaction
 * @param callback learns the outcome
 */
public record RecordAppend(
        List<CoordinatorRecord> records, long producerId, short producerEpoch, AppendCallback callback) {
    public static final long NO_PRODUCER_ID = -1L;
    public static final short NO_PRODUCER_EPOCH = -1;

    public RecordAppend {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
    }

    /** Records outside of any transaction. */
    public RecordAppend(List<CoordinatorRecord> records, AppendCallback callback) {
        this(records, NO_PRODUCER_ID, NO_PRODUCER_EPOCH, callback);
    }

    public boolean isTransactional() {
        return producerId != NO_PRODUCER_ID;
    }
}
