// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.producer.LastRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.record.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What stays of a segment. The filter is asked about each batch in order, and then about each of its records.
 *
 * <p>A tombstone, and a marker whose data is gone, get a time to live when they are first met (KIP-534: the batch's
 * delete horizon, {@code delete.retention.ms} from now) and go in a pass after it. Formats 0 and 1 have no such field:
 * there the age of the clean segments decides, see {@code retainLegacyDeletes}.
 */
final class Retention extends RecordFilter {
    private final OffsetMap offsets;
    private final TransactionTracker transactions;
    private final CleaningStats stats;
    private final Map<Long, LastRecord> lastOfProducers;
    private final boolean retainLegacyDeletes;
    private final long roundEnd;
    private boolean discardRecords;

    /**
     * What one pass works with.
     *
     * @param offsets the last offset of each key
     * @param transactions the transactions met so far
     * @param stats counts records without keys
     * @param nowMs when the pass began
     * @param deleteRetentionMs {@code delete.retention.ms}
     * @param roundEnd the offset the pass goes to: the batch that ends there stays, if only its header
     */
    record Pass(
            OffsetMap offsets,
            TransactionTracker transactions,
            CleaningStats stats,
            long nowMs,
            long deleteRetentionMs,
            long roundEnd) {}

    /**
     * @param pass what the pass works with
     * @param lastOfProducers what must stay for active producers
     * @param retainLegacyDeletes whether tombstones of formats 0 and 1 stay
     */
    Retention(Pass pass, Map<Long, LastRecord> lastOfProducers, boolean retainLegacyDeletes) {
        super(pass.nowMs(), pass.deleteRetentionMs());
        this.offsets = pass.offsets();
        this.transactions = pass.transactions();
        this.stats = pass.stats();
        this.lastOfProducers = lastOfProducers;
        this.retainLegacyDeletes = retainLegacyDeletes;
        this.roundEnd = pass.roundEnd();
    }

    @Override
    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
        boolean needless = isNeedless(batch);
        discardRecords = needless && (!batch.isControlBatch() || horizonPassed(batch));
        return new BatchRetentionResult(retentionOf(batch), needless && batch.isControlBatch());
    }

    private boolean isNeedless(RecordBatch batch) {
        try {
            return batch.isControlBatch() ? transactions.onControl(batch) : transactions.onData(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BatchRetention retentionOf(RecordBatch batch) {
        LastRecord last = batch.hasProducerId() ? lastOfProducers.get(batch.producerId()) : null;
        if ((last != null && last.isIn(batch)) || batch.nextOffset() == roundEnd) {
            return BatchRetention.RETAIN_EMPTY;
        }
        return discardRecords ? BatchRetention.DELETE : BatchRetention.DELETE_EMPTY;
    }

    private boolean horizonPassed(RecordBatch batch) {
        OptionalLong horizon = batch.deleteHorizonMs();
        return horizon.isPresent() && horizon.getAsLong() <= currentTime;
    }

    @Override
    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
        if (discardRecords) {
            return false;
        }
        if (batch.isControlBatch() || record.offset() > offsets.latestOffset()) {
            return true;
        }
        if (!record.hasKey()) {
            stats.countInvalid();
            return false;
        }
        return record.offset() >= offsets.get(record.key()) && (record.hasValue() || tombstoneStays(batch));
    }

    private boolean tombstoneStays(RecordBatch batch) {
        return batch.magic() < RecordBatch.MAGIC_VALUE_V2 ? retainLegacyDeletes : !horizonPassed(batch);
    }
}
