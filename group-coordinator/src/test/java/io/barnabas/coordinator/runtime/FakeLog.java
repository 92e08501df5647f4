// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;

/** One partition's log in memory; the test says when batches are committed, refused or lost. */
public final class FakeLog implements CoordinatorLog {
    /** A batch in the log, and the promise that it will be committed. */
    public record Entry(MemoryRecords records, long lastOffset, CompletableFuture<Long> committed) {}

    private final List<Entry> entries = new ArrayList<>();
    private ApiException refusal;
    private ApiException readFailure;
    private boolean autoCommit;
    private long endOffset;

    /** Refuses appends from now on; null accepts them again. */
    public synchronized void refuse(ApiException reason) {
        refusal = reason;
    }

    /** Fails reads from now on; null lets them through again. */
    public synchronized void failReads(ApiException reason) {
        readFailure = reason;
    }

    /** Commits every batch as it comes. */
    public synchronized void autoCommit() {
        autoCommit = true;
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Completes the promise of a batch. */
    public void commit(int index) {
        Entry entry = entries().get(index);
        entry.committed().complete(entry.lastOffset());
    }

    @Override
    public synchronized CompletionStage<Long> append(TopicPartition partition, int leaderEpoch, MemoryRecords batch) {
        if (refusal != null) {
            throw refusal;
        }
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
        copy.put(batch.buffer().duplicate()).flip();
        MemoryRecords records = MemoryRecords.readableRecords(copy);
        for (MutableRecordBatch stamped : records.batches()) {
            long count = stamped.lastOffset() - stamped.baseOffset() + 1;
            stamped.setLastOffset(endOffset + count - 1);
            stamped.setPartitionLeaderEpoch(leaderEpoch);
            endOffset += count;
        }
        Entry entry = new Entry(records, endOffset - 1, new CompletableFuture<>());
        entries.add(entry);
        if (autoCommit) {
            entry.committed().complete(entry.lastOffset());
        }
        return entry.committed();
    }

    @Override
    public synchronized LogRead read(TopicPartition partition, int leaderEpoch, long fromOffset, int maxBytes) {
        if (readFailure != null) {
            throw readFailure;
        }
        for (Entry entry : entries) {
            if (entry.lastOffset() >= fromOffset) {
                return new LogRead(entry.records(), endOffset);
            }
        }
        return new LogRead(MemoryRecords.EMPTY, endOffset);
    }

    @Override
    public int maxBatchSize(TopicPartition partition) {
        return 1024 * 1024;
    }
}
