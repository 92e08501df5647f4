// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.blocks.BlockAllocator;
import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.log.index.AbortedTxn;
import io.barnabas.replica.log.index.OffsetIndex;
import io.barnabas.replica.log.index.TimeIndex;
import io.barnabas.replica.log.index.TransactionIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.RecordBatch;

/**
 * A segment: its file of batches and their indexes. Plain, and guarded by the log's lock; any thread may read without it.
 * Offsets in it lie between its base offset and that plus the largest int.
 */
public final class LogSegment {
    private static final long NEVER = -1L;

    private final long baseOffset;
    private final LogFile log;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final TransactionIndex txnIndex;
    private final SegmentContext context;
    private final RecentBatches recent = new RecentBatches();
    private final long rollJitterMs;
    private final LogLock lock;
    /** Null until looked up. Volatile: published to readers without the lock. */
    private volatile TimeIndex.Entry maxTimestamp;

    private long createdMs;
    private long firstTimestamp = NEVER;
    private int bytesSinceIndexEntry;

    private LogSegment(Path directory, long baseOffset, SegmentContext context, LogFile log, String suffix) {
        this.baseOffset = baseOffset;
        this.context = context;
        this.lock = context.lock();
        this.log = log;
        int indexBytes = context.config().segmentIndexBytes();
        this.offsetIndex = new OffsetIndex(
                SegmentFiles.file(directory, baseOffset, SegmentFiles.INDEX, suffix), baseOffset, indexBytes, lock);
        this.timeIndex = new TimeIndex(
                SegmentFiles.file(directory, baseOffset, SegmentFiles.TIME_INDEX, suffix),
                baseOffset,
                indexBytes,
                lock);
        this.txnIndex = new TransactionIndex(
                SegmentFiles.file(directory, baseOffset, SegmentFiles.TXN_INDEX, suffix), baseOffset, lock);
        this.rollJitterMs = context.nextRollJitterMs();
        this.createdMs = context.clock().millis();
    }

    /** Opens a segment that is on disk; its indexes are read when first needed. */
    public static LogSegment open(Path directory, long baseOffset, SegmentContext context) throws IOException {
        Path file = SegmentFiles.file(directory, baseOffset, SegmentFiles.LOG, "");
        return new LogSegment(directory, baseOffset, context, LogFile.open(file, context.lock()), "");
    }

    /** Opens a segment of another kind, such as {@code .swap}. */
    public static LogSegment open(Path directory, long baseOffset, SegmentContext context, String suffix)
            throws IOException {
        Path file = SegmentFiles.file(directory, baseOffset, SegmentFiles.LOG, suffix);
        return new LogSegment(directory, baseOffset, context, LogFile.open(file, context.lock()), suffix);
    }

    /**
     * Creates an empty segment, over whatever files of that name there are.
     *
     * @param suffix empty, or {@code .cleaned} for one the cleaner writes
     */
    public static LogSegment create(Path directory, long baseOffset, SegmentContext context, String suffix)
            throws IOException {
        Path file = SegmentFiles.file(directory, baseOffset, SegmentFiles.LOG, suffix);
        LogFile log = LogFile.create(file, context.config().initFileSize(), context.lock());
        LogSegment segment = new LogSegment(directory, baseOffset, context, log, suffix);
        segment.txnIndex.reset();
        return segment.emptied();
    }

    /**
     * The first segment, at offset 0, of a log without any: its files are made with its first record.
     *
     * @param place makes the directory, if it is not there by then
     */
    public static LogSegment createFirst(Path directory, SegmentContext context, LogFile.Place place) {
        Path file = SegmentFiles.file(directory, 0L, SegmentFiles.LOG, "");
        LogFile log = LogFile.createLater(file, context.config().initFileSize(), place, context.lock());
        return new LogSegment(directory, 0L, context, log, "").emptied();
    }

    private LogSegment emptied() {
        offsetIndex.reset();
        timeIndex.reset();
        maxTimestamp = new TimeIndex.Entry(RecordBatch.NO_TIMESTAMP, baseOffset);
        return this;
    }

    /** The offset its first record may have. */
    public long baseOffset() {
        return baseOffset;
    }

    /** Bytes of batches. */
    public int size() {
        return log.size();
    }

    /** Its file. */
    public Path file() {
        return log.path();
    }

    /**
     * Appends bytes of whole batches; each has to be noted by {@link #appended} next.
     *
     * @return the position they begin at
     */
    public int append(ByteBuffer bytes) throws IOException {
        return log.append(bytes);
    }

    /** Notes a batch just appended, and indexes it if enough bytes lie before it. */
    public void appended(long batchBaseOffset, long lastOffset, long batchMaxTimestamp, int position, int sizeInBytes)
            throws IOException {
        recent.add(new BatchPosition(batchBaseOffset, lastOffset, position, sizeInBytes));
        index(lastOffset, batchMaxTimestamp, position, sizeInBytes);
    }

    private void index(long lastOffset, long batchMaxTimestamp, int position, int sizeInBytes) throws IOException {
        if (position == 0) {
            firstTimestamp = batchMaxTimestamp;
        }
        TimeIndex.Entry max = max();
        if (batchMaxTimestamp > max.timestamp()) {
            max = new TimeIndex.Entry(batchMaxTimestamp, lastOffset);
            maxTimestamp = max;
        }
        if (bytesSinceIndexEntry > context.config().indexIntervalBytes()) {
            offsetIndex.append(lastOffset, position);
            timeIndex.maybeAppend(max.timestamp(), max.offset());
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += sizeInBytes;
    }

    /** Whether an append makes the log roll to a new segment first. */
    public boolean shouldRoll(int appendBytes, long appendMaxTimestamp, long appendMaxOffset, long nowMs)
            throws IOException {
        int size = log.size();
        boolean reachedRollMs = size > 0
                && timeWaitedForRoll(nowMs, appendMaxTimestamp)
                        > context.config().maxSegmentMs() - rollJitterMs;
        return size > context.config().segmentBytes() - appendBytes
                || reachedRollMs
                || offsetIndex.isFull()
                || timeIndex.isFull()
                || !fits(appendMaxOffset);
    }

    /** Age that counts against {@code segment.ms}: by the batches' own time if they have one. */
    private long timeWaitedForRoll(long nowMs, long messageTimestamp) throws IOException {
        long first = firstBatchTimestamp();
        return first >= 0 ? messageTimestamp - first : nowMs - createdMs;
    }

    /** The largest timestamp of the first batch, -1 if there is none. */
    public long firstBatchTimestamp() throws IOException {
        return lock.get(() -> {
            if (firstTimestamp == NEVER) {
                BatchHeaders headers = log.headers(0);
                if (headers.next()) {
                    firstTimestamp = headers.maxTimestamp();
                }
            }
            return firstTimestamp;
        });
    }

    private boolean fits(long offset) {
        long relative = offset - baseOffset;
        return relative >= 0 && relative <= Integer.MAX_VALUE;
    }

    /** The first batch whose last offset is at or above an offset, null if there is none. */
    public BatchPosition find(long offset) throws IOException {
        BatchPosition known = recent.find(offset);
        return known != null ? known : find(offset, offsetIndex.lookup(offset));
    }

    private BatchPosition find(long offset, int from) throws IOException {
        BatchHeaders headers = log.headers(from);
        while (headers.next()) {
            if (headers.lastOffset() >= offset) {
                return headers.current();
            }
        }
        return null;
    }

    /**
     * A segment's part in a read.
     *
     * @param start where the first batch lies
     * @param records the bytes
     * @param firstEntryIncomplete whether the limit cuts the first batch short
     */
    public record Read(LogOffsetMetadata start, FileSlice records, boolean firstEntryIncomplete) {}

    /** Reads from an offset up to a position; null if no batch reaches the offset. */
    public Read read(long startOffset, int maxBytes, int maxPosition, boolean minOneMessage) throws IOException {
        BatchPosition first = find(startOffset);
        if (first == null) {
            return null;
        }
        LogOffsetMetadata start = new LogOffsetMetadata(startOffset, baseOffset, first.position());
        int limit = minOneMessage ? Math.max(maxBytes, first.sizeInBytes()) : maxBytes;
        if (limit == 0) {
            return new Read(start, FileSlice.EMPTY, false);
        }
        // a limit found before the segment was compacted may lie beyond its end
        int count = Math.min(Math.min(maxPosition, log.size()) - first.position(), limit);
        return new Read(start, log.slice(first.position(), count), limit < first.sizeInBytes());
    }

    /** The offset after the batches in that many bytes from a position on, as far as the index tells; -1 if not. */
    public long upperBoundOffset(int position, int bytes) throws IOException {
        OffsetIndex.Entry entry = offsetIndex.atOrAfterPosition((long) position + bytes);
        return entry == null ? -1L : entry.offset();
    }

    /** The offset after the last record; read from the file. */
    public long readNextOffset() throws IOException {
        long last = baseOffset - 1;
        BatchHeaders headers = log.headers(offsetIndex.lookup(offsetIndex.lastOffset()));
        while (headers.next()) {
            last = headers.lastOffset();
        }
        return last + 1;
    }

    /** The largest timestamp and an offset at or after its record; -1 if there is none. */
    public TimeIndex.Entry max() throws IOException {
        TimeIndex.Entry max = maxTimestamp;
        return max != null ? max : lock.get(this::lookUpMax);
    }

    /** Under the lock, so that it does not undo what is appended meanwhile. */
    private TimeIndex.Entry lookUpMax() throws IOException {
        if (maxTimestamp == null) {
            maxTimestamp = timeIndex.lastEntry();
        }
        return maxTimestamp;
    }

    /** What retention by time goes by: the largest timestamp, or else when the file was last written. */
    public long largestTimestamp() throws IOException {
        long max = max().timestamp();
        return max >= 0 ? max : lastModifiedMs();
    }

    /** The first record from an offset on whose timestamp is not below the target. */
    public Optional<TimestampAndOffset> findByTimestamp(long timestamp, long startingOffset) throws IOException {
        TimeIndex.Entry entry = timeIndex.lookup(timestamp);
        BatchHeaders headers = log.headers(offsetIndex.lookup(Math.max(entry.offset(), startingOffset)));
        while (headers.next()) {
            if (headers.maxTimestamp() >= timestamp && headers.lastOffset() >= startingOffset) {
                BatchPosition batch = headers.current();
                Optional<TimestampAndOffset> found = findInBatch(batch, timestamp, startingOffset);
                if (found.isPresent()) {
                    return found;
                }
                headers = log.headers(batch.position() + batch.sizeInBytes());
            }
        }
        return Optional.empty();
    }

    private Optional<TimestampAndOffset> findInBatch(BatchPosition position, long timestamp, long startingOffset)
            throws IOException {
        return TimeSearch.first(log.read(position.position(), position.sizeInBytes()), timestamp, startingOffset);
    }

    /** The record with the largest timestamp, if there is one. */
    public Optional<TimestampAndOffset> findMaxTimestamp() throws IOException {
        TimeIndex.Entry max = max();
        BatchPosition position = max.timestamp() < 0 ? null : find(max.offset());
        return position == null ? Optional.empty() : findInBatch(position, max.timestamp(), baseOffset);
    }

    /** Reads batch after batch with their records, from the one that holds an offset, up to a position. */
    public void scan(long fromOffset, int toPosition, LogFile.BatchVisitor visitor) throws IOException {
        BatchPosition first = find(fromOffset);
        if (first != null) {
            log.scan(first.position(), toPosition, visitor);
        }
    }

    /** For the cleaner: fills a buffer with the bytes from a position on, as far as they go, and flips it. */
    public void readInto(ByteBuffer buffer, int position) throws IOException {
        log.readInto(buffer, position);
    }

    /** Where to begin reading to see every batch from an offset on. */
    public int indexedPosition(long offset) throws IOException {
        return offsetIndex.lookup(offset);
    }

    /** Bytes of the offset index's entries. */
    public int offsetIndexBytes() throws IOException {
        return offsetIndex.entries() * OffsetIndex.ENTRY_SIZE;
    }

    /** Bytes of the time index's entries. */
    public int timeIndexBytes() throws IOException {
        return timeIndex.entries() * TimeIndex.ENTRY_SIZE;
    }

    /** Notes an aborted transaction whose marker lies here. */
    public void appendAborted(AbortedTxn transaction) throws IOException {
        txnIndex.append(transaction);
    }

    /** Collects aborted transactions; see {@link TransactionIndex#collect}. */
    public boolean collectAborted(long fetchOffset, long upperBoundOffset, List<AbortedTxn> into) throws IOException {
        return txnIndex.collect(fetchOffset, upperBoundOffset, into);
    }

    /** All aborted transactions whose marker lies here. */
    public List<AbortedTxn> abortedTransactions() throws IOException {
        return txnIndex.all();
    }

    /**
     * Reads every batch, rebuilds the indexes, and cuts off what is not whole and valid.
     *
     * @param visitor told every valid batch, after it was indexed; to end the segment there it answers false
     * @return bytes cut off
     */
    public int recover(LogFile.BatchVisitor visitor) throws IOException {
        resetIndexes();
        if (log.size() == 0) {
            return 0;
        }
        int valid = new SegmentScan(this, log, visitor).run();
        int cut = log.truncateTo(valid);
        log.mayHaveBlocks();
        TimeIndex.Entry max = max();
        timeIndex.maybeAppend(max.timestamp(), max.offset());
        offsetIndex.flush();
        timeIndex.flush();
        return cut;
    }

    void indexScanned(RecordBatch batch, int position) throws IOException {
        index(batch.lastOffset(), BatchHeaders.maxTimestamp(batch), position, batch.sizeInBytes());
    }

    boolean contains(long offset) {
        return fits(offset);
    }

    private void resetIndexes() throws IOException {
        offsetIndex.reset();
        timeIndex.reset();
        txnIndex.reset();
        recent.clear();
        bytesSinceIndexEntry = 0;
        firstTimestamp = NEVER;
        maxTimestamp = new TimeIndex.Entry(RecordBatch.NO_TIMESTAMP, baseOffset);
    }

    /**
     * Checks what is cheap to check at a start.
     *
     * @throws IOException if an index is missing or cannot be right, so that the segment has to be recovered
     */
    public void checkIndexes() throws IOException {
        offsetIndex.checkExists();
        timeIndex.checkExists();
        txnIndex.check();
    }

    /** Removes batches from an offset on; returns the bytes removed. */
    public int truncateTo(long offset) throws IOException {
        BatchPosition first = find(offset, offsetIndex.lookup(offset));
        offsetIndex.truncateTo(offset);
        timeIndex.truncateTo(offset);
        txnIndex.truncateTo(offset);
        recent.clear();
        int cut = first == null ? 0 : log.truncateTo(first.position());
        if (log.size() == 0) {
            createdMs = context.clock().millis();
            firstTimestamp = NEVER;
        }
        bytesSinceIndexEntry = 0;
        restoreMaxTimestamp();
        return cut;
    }

    private void restoreMaxTimestamp() throws IOException {
        TimeIndex.Entry max = timeIndex.lastEntry();
        BatchHeaders headers = log.headers(offsetIndex.lookup(max.offset()));
        while (headers.next()) {
            if (headers.maxTimestamp() > max.timestamp()) {
                max = new TimeIndex.Entry(headers.maxTimestamp(), headers.lastOffset());
            }
        }
        maxTimestamp = max;
    }

    /** The segment is no longer appended to: the last index entry is made, the files get their exact size. */
    public void seal() throws IOException {
        if (!log.isOnDisk()) {
            return;
        }
        TimeIndex.Entry max = max();
        timeIndex.maybeAppend(max.timestamp(), max.offset());
        offsetIndex.flush();
        timeIndex.flush();
        log.trim();
    }

    /**
     * Reserves disk blocks for what the log's file does not have yet; see {@link BlockAllocator}. From any thread.
     *
     * @return whether they are reserved
     */
    public boolean reserve(BlockAllocator allocator, int bytes) {
        return log.reserve(allocator, bytes);
    }

    /** Gives back what was reserved and is not needed: the segment is not appended to while this lasts. */
    public void giveBackBlocks() throws IOException {
        log.giveBackBlocks();
    }

    /** Forces everything to disk. From any thread, not under the lock. */
    public void flush() throws IOException {
        if (!log.isOnDisk()) {
            return;
        }
        log.force();
        lock.run(() -> {
            offsetIndex.flush();
            timeIndex.flush();
        });
        offsetIndex.force();
        timeIndex.force();
        txnIndex.force();
    }

    /** Brings the files up to date and closes them. */
    public void close() throws IOException {
        if (!log.isOnDisk()) {
            closeHandles();
            return;
        }
        if (maxTimestamp != null) {
            timeIndex.maybeAppend(maxTimestamp.timestamp(), maxTimestamp.offset());
        }
        offsetIndex.close();
        timeIndex.close();
        txnIndex.close();
        log.close();
    }

    /** Opens what is opened when first needed: the path is about to change. */
    public void openHandles() throws IOException {
        if (log.isOnDisk()) {
            log.channel();
            offsetIndex.entries();
            timeIndex.entries();
        }
    }

    /** Closes the files as they are, after an IO error. */
    public void closeHandles() throws IOException {
        offsetIndex.closeHandle();
        timeIndex.closeHandle();
        txnIndex.close();
        log.closeHandle();
    }

    /** Renames the segment's files from one suffix to another; those that do not exist are left out. */
    public void changeSuffix(String from, String to) throws IOException {
        Path directory = log.path().getParent();
        if (!from.isEmpty() || !to.isEmpty()) {
            log.renameTo(SegmentFiles.file(directory, baseOffset, SegmentFiles.LOG, to));
            offsetIndex.renamed(rename(directory, SegmentFiles.INDEX, from, to));
            timeIndex.renamed(rename(directory, SegmentFiles.TIME_INDEX, from, to));
            txnIndex.renamed(rename(directory, SegmentFiles.TXN_INDEX, from, to));
        }
    }

    private Path rename(Path directory, String type, String from, String to) throws IOException {
        Path source = SegmentFiles.file(directory, baseOffset, type, from);
        Path target = SegmentFiles.file(directory, baseOffset, type, to);
        if (Files.exists(source)) {
            DurableFiles.move(source, target, false);
        }
        return target;
    }

    /** The log's directory was renamed. */
    public void directoryRenamed(Path directory) {
        log.renamed(directory.resolve(log.path().getFileName()));
        offsetIndex.renamed(SegmentFiles.file(directory, baseOffset, SegmentFiles.INDEX, ""));
        timeIndex.renamed(SegmentFiles.file(directory, baseOffset, SegmentFiles.TIME_INDEX, ""));
        txnIndex.renamed(SegmentFiles.file(directory, baseOffset, SegmentFiles.TXN_INDEX, ""));
    }

    /** Closes and deletes all files. */
    public void deleteIfExists() throws IOException {
        log.deleteIfExists();
        offsetIndex.deleteIfExists();
        timeIndex.deleteIfExists();
        txnIndex.deleteIfExists();
    }

    /** When the file was last written; of one that is yet to be, when the segment was created. */
    public long lastModifiedMs() throws IOException {
        return log.isOnDisk() ? log.lastModifiedMs() : lock.get(() -> createdMs);
    }

    /** For the cleaner: the cleaned segment keeps the time of those it replaces. */
    public void lastModifiedMs(long ms) throws IOException {
        Files.setLastModifiedTime(log.path(), FileTime.fromMillis(ms));
    }

    @Override
    public String toString() {
        return "LogSegment(baseOffset=" + baseOffset + ", size=" + log.size() + ")";
    }
}
