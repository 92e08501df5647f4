// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.log.EpochEndOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/** A log of which only each record's leader epoch and value matter; both ends of a replication test use it. */
final class MemoryLog implements FollowerLog {
    /** A record. */
    record Entry(int epoch, String value) {}

    private final TopicPartition topicPartition;
    private final List<Entry> entries = new ArrayList<>();
    private long startOffset;
    private long highWatermark;
    private int currentEpoch;
    boolean readers;
    RuntimeException failure;
    int truncations;

    MemoryLog(TopicPartition topicPartition) {
        this.topicPartition = topicPartition;
    }

    @Override
    public boolean hasReaders() {
        return readers;
    }

    /** The epoch the replica is in: changes under another are refused. */
    MemoryLog inEpoch(int epoch) {
        currentEpoch = epoch;
        return this;
    }

    MemoryLog with(int epoch, int count) {
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(epoch, "e" + epoch + "@" + logEndOffset()));
        }
        return this;
    }

    MemoryLog with(Entry entry) {
        entries.add(entry);
        return this;
    }

    MemoryLog startingAt(long offset) {
        while (startOffset < offset) {
            if (!entries.isEmpty()) {
                entries.remove(0);
            }
            startOffset++;
        }
        return this;
    }

    MemoryLog committedTo(long offset) {
        highWatermark = offset;
        return this;
    }

    List<Entry> entries() {
        return entries;
    }

    @Override
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    @Override
    public long logStartOffset() {
        return startOffset;
    }

    @Override
    public long logEndOffset() {
        return startOffset + entries.size();
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public int latestEpoch() {
        return entries.isEmpty() ? NO_EPOCH : entries.get(entries.size() - 1).epoch();
    }

    /** As Kafka's leader epoch cache answers: nothing for an epoch above all known ones. */
    @Override
    public Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch) {
        return endOffsetForEpoch(leaderEpoch, latestEpoch());
    }

    /** The same for a leader, whose cache also knows that its own epoch begins at the log's end. */
    Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch, int newestEpoch) {
        if (newestEpoch == NO_EPOCH || leaderEpoch > newestEpoch) {
            return Optional.empty();
        }
        int found = NO_EPOCH;
        long end = startOffset;
        for (int i = 0; i < entries.size() && entries.get(i).epoch() <= leaderEpoch; i++) {
            found = entries.get(i).epoch();
            end = startOffset + i + 1;
        }
        return Optional.of(new EpochEndOffset(found == NO_EPOCH ? leaderEpoch : found, end));
    }

    /** A batch per record, up to the given number. */
    MemoryRecords read(long offset, int count) {
        int first = (int) (offset - startOffset);
        int last = Math.min(entries.size(), first + count);
        java.nio.ByteBuffer all = java.nio.ByteBuffer.allocate(1024 * Math.max(1, last - first));
        for (int i = first; i < last; i++) {
            Entry entry = entries.get(i);
            all.put(MemoryRecords.withRecords(
                            startOffset + i,
                            Compression.NONE,
                            entry.epoch(),
                            new SimpleRecord(entry.value().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .buffer());
        }
        all.flip();
        return MemoryRecords.readableRecords(all);
    }

    @Override
    public long append(
            int leaderEpoch, long fetchOffset, MemoryRecords records, long leaderHighWatermark, long leaderStart) {
        check(leaderEpoch);
        if (fetchOffset != logEndOffset()) {
            throw new IllegalStateException("fetched " + fetchOffset + ", log ends at " + logEndOffset());
        }
        for (MutableRecordBatch batch : records.batches()) {
            if (!batch.isValid()) {
                throw new CorruptRecordException("bad batch");
            }
            batch.forEach(record -> entries.add(new Entry(
                    batch.partitionLeaderEpoch(),
                    java.nio.charset.StandardCharsets.UTF_8
                            .decode(record.value())
                            .toString())));
        }
        highWatermark = Math.min(leaderHighWatermark, logEndOffset());
        if (leaderStart > startOffset) {
            startingAt(leaderStart);
        }
        return logEndOffset();
    }

    @Override
    public void truncateTo(int leaderEpoch, long offset) {
        check(leaderEpoch);
        truncations++;
        while (logEndOffset() > offset && !entries.isEmpty()) {
            entries.remove(entries.size() - 1);
        }
        highWatermark = Math.min(highWatermark, logEndOffset());
    }

    @Override
    public void truncateFullyAndStartAt(int leaderEpoch, long offset) {
        check(leaderEpoch);
        entries.clear();
        startOffset = offset;
        highWatermark = offset;
    }

    private void check(int leaderEpoch) {
        if (failure != null) {
            throw failure;
        }
        if (leaderEpoch != currentEpoch) {
            throw new FencedLeaderEpochException("epoch " + leaderEpoch + ", the replica is in " + currentEpoch);
        }
    }
}
