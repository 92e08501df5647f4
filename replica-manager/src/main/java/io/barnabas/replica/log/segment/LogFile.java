// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.blocks.BlockAllocator;
import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.file.LazyFile;
import io.barnabas.replica.log.file.LogLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Records;

/**
 * A segment's {@code .log} file, plain and guarded by the log's lock: it is written under it. Any thread may read without
 * the lock up to {@link #size}, which only a truncation lowers. A write that fails half-way leaves the size as it was, so that the next one overwrites the rest.
 *
 * <p>An existing file is opened when first needed: most segments of most logs are not touched for long. The first file of
 * a log just created is made with its first byte.
 */
public final class LogFile {
    private static final int SCAN_CHUNK = 1024 * 1024;

    private final LazyFile file;
    /** Volatile: it publishes to readers without the lock what was written before it. */
    private volatile int size;

    private int reservedTo;

    private LogFile(LazyFile file, int size) {
        this.file = file;
        this.size = size;
    }

    /** What has to be there before a file can be made: its directory. */
    @FunctionalInterface
    public interface Place {
        /** Prepares the file before its first append. */
        void prepare() throws IOException;
    }

    /**
     * How a file is made that is not on disk yet.
     *
     * @param place its directory
     * @param initialBytes what to preallocate, 0 for nothing
     */
    private record Creation(Place place, int initialBytes) {
        FileChannel make(Path path) throws IOException {
            place.prepare();
            FileChannel made = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (made.size() > 0) {
                    made.truncate(0L);
                }
                if (initialBytes > 0) {
                    made.write(ByteBuffer.allocate(1), initialBytes - 1L);
                }
            } catch (IOException e) {
                made.close();
                throw e;
            }
            return made;
        }
    }

    /** Sees a batch of a scan; the batch is valid only during the call. */
    @FunctionalInterface
    public interface BatchVisitor {
        /** @return false to end the scan before this batch */
        boolean visit(MutableRecordBatch batch, int position) throws IOException;
    }

    /** An existing file; its size is what it has on disk. */
    static LogFile open(Path path, LogLock lock) throws IOException {
        long bytes = Files.size(path);
        if (bytes > Integer.MAX_VALUE) {
            throw new IOException("The size of segment " + path + " (" + bytes + ") is larger than the maximum "
                    + "allowed segment size of " + Integer.MAX_VALUE);
        }
        return new LogFile(new LazyFile(path, lock, LogFile::openExisting, true), (int) bytes);
    }

    /** Creates a new file, preallocated to {@code initialBytes} if that is not 0. */
    static LogFile create(Path path, int initialBytes, LogLock lock) throws IOException {
        LogFile file = createLater(path, initialBytes, () -> {}, lock);
        file.channel();
        return file;
    }

    /** As {@link #create}, but with the first byte written. */
    static LogFile createLater(Path path, int initialBytes, Place place, LogLock lock) {
        Creation creation = new Creation(place, initialBytes);
        return new LogFile(new LazyFile(path, lock, creation::make, false), 0);
    }

    private static FileChannel openExisting(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    Path path() {
        return file.path();
    }

    FileChannel channel() throws IOException {
        return file.channel();
    }

    /** Whether there is a file: none before the first byte of a log's first segment. */
    boolean isOnDisk() {
        return file.isOnDisk();
    }

    int size() {
        return size;
    }

    /** Appends bytes; returns the position they begin at. */
    int append(ByteBuffer bytes) throws IOException {
        int position = size;
        int count = bytes.remaining();
        if (count > Integer.MAX_VALUE - position) {
            throw new IllegalArgumentException("Append of size " + count
                    + " bytes is too large for segment with current" + " file position at " + position);
        }
        DurableFiles.writeFully(channel(), bytes, position);
        size = position + count;
        return position;
    }

    FileSlice slice(int position, int count) throws IOException {
        return count <= 0 ? FileSlice.EMPTY : new FileSlice(channel(), position, count);
    }

    BatchHeaders headers(int from) {
        return new BatchHeaders(this, from, size);
    }

    /** Fills a buffer with what lies from a position on, up to the end, and flips it. */
    void readInto(ByteBuffer buffer, int position) throws IOException {
        fill(buffer, position, Math.max(position, size));
    }

    /** Reads a stretch into memory. */
    MemoryRecords read(int position, int count) throws IOException {
        return new FileSlice(channel(), position, count).toMemoryRecords();
    }

    /**
     * Reads batch after batch with their records.
     *
     * @return the position after the last batch visited
     * @throws CorruptRecordException where there cannot be a batch; those before it were visited
     */
    int scan(int from, int to, BatchVisitor visitor) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.max(0, Math.min(SCAN_CHUNK, to - from)));
        int position = from;
        while (to - position >= Records.HEADER_SIZE_UP_TO_MAGIC) {
            fill(chunk, position, to);
            int after = visitChunk(chunk, position, visitor);
            if (after < 0) {
                return -after - 1;
            }
            if (after == position) {
                int batch = batchSize(chunk);
                if (batch > to - position || batch <= chunk.capacity()) {
                    return position;
                }
                chunk = ByteBuffer.allocate(batch);
            }
            position = after;
        }
        return position;
    }

    /** The position after the batches of the chunk, or its complement minus one if the visitor ended the scan. */
    private static int visitChunk(ByteBuffer chunk, int start, BatchVisitor visitor) throws IOException {
        int position = start;
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(chunk).batches().iterator();
        while (batches.hasNext()) {
            MutableRecordBatch batch = batches.next();
            if (!visitor.visit(batch, position)) {
                return -position - 1;
            }
            position += batch.sizeInBytes();
        }
        return position;
    }

    private static int batchSize(ByteBuffer chunk) {
        long size = (long) chunk.getInt(Records.SIZE_OFFSET) + Records.LOG_OVERHEAD;
        return size > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) size;
    }

    private void fill(ByteBuffer chunk, int position, int to) throws IOException {
        chunk.clear().limit(Math.min(chunk.capacity(), to - position));
        FileChannel from = channel();
        while (chunk.hasRemaining()) {
            if (from.read(chunk, (long) position + chunk.position()) < 0) {
                break;
            }
        }
        chunk.flip();
    }

    /** Cuts the file; returns the number of bytes removed. */
    int truncateTo(int newSize) throws IOException {
        int before = size;
        if (newSize > before || newSize < 0) {
            throw new IllegalArgumentException("Attempt to truncate log segment " + path() + " to " + newSize
                    + " bytes failed, size of this log segment is " + before + " bytes.");
        }
        size = newSize;
        boolean untouched = !file.isOpen() && newSize == before;
        if (!untouched && channel().size() > newSize) {
            channel().truncate(newSize);
            reservedTo = 0;
        }
        return before - newSize;
    }

    /**
     * Reserves disk blocks for that much beyond the end, which somebody may be moving meanwhile; see
     * {@link BlockAllocator}.
     */
    boolean reserve(BlockAllocator allocator, int bytes) {
        int from = size;
        boolean reserved = allocator.reserve(path(), from, bytes);
        if (reserved) {
            file.lock().run(() -> reservedTo = from + bytes);
        }
        return reserved;
    }

    /** Blocks may be reserved beyond the end by a process that is gone. */
    void mayHaveBlocks() {
        reservedTo = Integer.MAX_VALUE;
    }

    /** Gives back blocks that were reserved and are not needed. Under the log's lock: nobody appends meanwhile. */
    void giveBackBlocks() throws IOException {
        if (!file.isClosed() && file.isOpen() && reservedTo > size) {
            reservedTo = 0;
            BlockAllocator.giveBack(path(), size);
        }
    }

    /** Gives back what was preallocated and not used. */
    void trim() throws IOException {
        truncateTo(size);
    }

    /** @throws IOException whatever the cause, never one that looks like a lack of room: bytes taken may be lost */
    void force() throws IOException {
        if (!file.isOpen() && size == 0) {
            return;
        }
        try {
            channel().force(true);
        } catch (IOException e) {
            throw new IOException("records in " + path() + " could not be forced to disk", e);
        }
    }

    long lastModifiedMs() throws IOException {
        return Files.getLastModifiedTime(path()).toMillis();
    }

    void renameTo(Path target) throws IOException {
        file.renameTo(target);
    }

    void renamed(Path newPath) {
        file.renamed(newPath);
    }

    void close() throws IOException {
        if (!file.isClosed() && file.isOpen()) {
            trim();
            giveBackBlocks();
        }
        closeHandle();
    }

    void closeHandle() throws IOException {
        file.close();
    }

    boolean deleteIfExists() throws IOException {
        return file.deleteIfExists();
    }
}
