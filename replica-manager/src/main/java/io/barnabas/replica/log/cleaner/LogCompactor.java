// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.cleaner.Retention.Pass;
import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.producer.LastRecord;
import io.barnabas.replica.log.segment.BatchHeaders;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cleans one log after the other. Owned by one cleaner thread, with its memory. */
final class LogCompactor {
    private static final Logger LOG = LoggerFactory.getLogger(LogCompactor.class);

    private final OffsetMap offsets;
    private final SegmentChunks chunks;
    private final SegmentWriter writer;
    private final BufferSupplier decompression = BufferSupplier.create();
    private final CleaningControl control;
    private final InstantSource clock;

    LogCompactor(CleanerConfig config, KeyHash hash, CleaningControl control, InstantSource clock) {
        this.offsets = new OffsetMap(config.dedupeBytesPerThread(), config.dedupeBufferLoadFactor(), hash);
        this.chunks = new SegmentChunks(config.ioBytesPerBuffer());
        this.writer = new SegmentWriter(config.ioBytesPerBuffer());
        this.control = control;
        this.clock = clock;
    }

    /** Gives memory back: there is nothing to clean for a while. */
    void release() {
        offsets.release();
    }

    /**
     * Cleans a log.
     *
     * @return the first offset that is not clean now
     * @throws CleaningAbortedException if it was given up
     */
    long clean(LogToClean cleanable, CleaningStats stats) throws IOException {
        LocalPartitionLog log = cleanable.log();
        LogConfig config = log.config();
        long nowMs = clock.millis();
        long firstDirty = cleanable.range().firstDirty();
        List<LogSegment> clean = log.segments(0L, firstDirty);
        long legacyHorizonMs =
                clean.isEmpty() ? 0L : clean.get(clean.size() - 1).lastModifiedMs() - config.deleteRetentionMs();
        long roundEnd = cleanable.firstUncleanable();
        new KeyIndexer(offsets, chunks, decompression, control).index(log, firstDirty, roundEnd, stats);
        long end = Math.max(firstDirty, offsets.latestOffset() + 1);
        Pass pass = new Pass(offsets, new TransactionTracker(), stats, nowMs, config.deleteRetentionMs(), roundEnd);
        List<List<LogSegment>> groups = new SegmentGroups(config.segmentBytes(), config.segmentIndexBytes(), roundEnd)
                .of(log.segments(0L, end));
        for (List<LogSegment> group : groups) {
            cleanGroup(log, group, pass, legacyHorizonMs);
        }
        stats.finish(offsets.utilization(), clock.millis() - nowMs);
        return end;
    }

    private void cleanGroup(LocalPartitionLog log, List<LogSegment> group, Pass pass, long legacyHorizonMs)
            throws IOException {
        control.check(log.topicPartition());
        LogSegment cleaned = log.createCleanedSegment(group.get(0).baseOffset());
        boolean inPlace = false;
        try {
            pass.transactions().writeTo(cleaned::appendAborted);
            Map<Long, LastRecord> lastOfProducers = log.lastRecordsOfProducers();
            for (int i = 0; i < group.size(); i++) {
                LogSegment segment = group.get(i);
                long upper = i + 1 < group.size() ? group.get(i + 1).baseOffset() : segment.readNextOffset();
                pass.transactions().expect(log.abortedTransactions(segment.baseOffset(), upper));
                boolean retainLegacyDeletes = segment.lastModifiedMs() > legacyHorizonMs;
                copy(log, segment, cleaned, new Retention(pass, lastOfProducers, retainLegacyDeletes), pass.stats());
            }
            cleaned.seal();
            cleaned.flush();
            cleaned.lastModifiedMs(group.get(group.size() - 1).lastModifiedMs());
            control.check(log.topicPartition());
            inPlace = log.replaceSegments(List.of(cleaned), group, () -> control.isWanted(log.topicPartition()));
            LOG.debug("{} took the place of {} in {}: {}", cleaned, group, log, inPlace);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            if (!inPlace) {
                delete(cleaned);
            }
        }
        if (!inPlace) {
            throw new CleaningAbortedException("the log was changed meanwhile");
        }
    }

    private void copy(LocalPartitionLog log, LogSegment from, LogSegment to, Retention retention, CleaningStats stats)
            throws IOException {
        int position = 0;
        while (position < from.size()) {
            control.check(log.topicPartition());
            MemoryRecords records = chunks.read(from, position);
            control.pace(log.topicPartition(), records.sizeInBytes());
            MemoryRecords.FilterResult result = records.filterTo(
                    log.topicPartition(),
                    retention,
                    writer.buffer(),
                    log.config().maxMessageBytes(),
                    decompression);
            stats.countRead(result.messagesRead(), result.bytesRead());
            stats.countWritten(result.messagesRetained(), result.bytesRetained());
            position += result.bytesRead();
            control.pace(log.topicPartition(), SegmentWriter.write(result.outputBuffer(), to));
        }
        chunks.restore();
    }

    private static void delete(LogSegment cleaned) {
        try {
            cleaned.deleteIfExists();
        } catch (IOException e) {
            LOG.warn("Could not delete {}; the next start does", cleaned, e);
        }
    }

    /** Appends what stays to a new segment. */
    private record SegmentWriter(java.nio.ByteBuffer buffer) {
        private SegmentWriter(int bytes) {
            this(java.nio.ByteBuffer.allocate(bytes));
        }

        /** The buffer, empty. */
        @Override
        public java.nio.ByteBuffer buffer() {
            return buffer.clear();
        }

        /** Appends and indexes the batches before the buffer's position; returns the bytes written. */
        static int write(java.nio.ByteBuffer retained, LogSegment to) throws IOException {
            if (retained.position() == 0) {
                return 0;
            }
            retained.flip();
            int bytes = retained.remaining();
            int position = to.append(retained.duplicate());
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(retained).batches()) {
                to.appended(
                        batch.baseOffset(),
                        batch.lastOffset(),
                        BatchHeaders.maxTimestamp(batch),
                        position,
                        batch.sizeInBytes());
                position += batch.sizeInBytes();
            }
            return bytes;
        }
    }
}
