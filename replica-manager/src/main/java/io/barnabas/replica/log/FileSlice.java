// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.DefaultRecordsSend;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.TransferableRecords;

/**
 * A stretch of a segment's file, to be sent without copying it through the JVM. Immutable and safe to share.
 *
 * <p>The file stays open and readable for at least {@code file.delete.delay.ms} after its segment left the log; a
 * truncation may shorten it at any time, then a transfer comes up short and the reader must ask again. Never closes
 * the channel: the segment owns it.
 */
public final class FileSlice implements TransferableRecords {
    /** No records. */
    public static final FileSlice EMPTY = new FileSlice(null, 0, 0);

    private final FileChannel channel;
    private final long position;
    private final int size;

    /**
     * @param channel the segment's file, null only when size is 0
     * @param position first byte
     * @param size number of bytes
     */
    public FileSlice(FileChannel channel, long position, int size) {
        if (channel == null && size != 0) {
            throw new IllegalArgumentException("a slice of " + size + " bytes needs a file");
        }
        this.channel = channel;
        this.position = position;
        this.size = size;
    }

    /** The segment's file; null when the slice is empty. Not to be closed, nor its position moved. */
    public FileChannel channel() {
        return channel;
    }

    /** Where it begins in its file. */
    public long position() {
        return position;
    }

    @Override
    public int sizeInBytes() {
        return size;
    }

    /** The first {@code maxBytes} of this slice, or all of it if it is shorter. */
    public FileSlice limit(int maxBytes) {
        return maxBytes >= size ? this : new FileSlice(channel, position, Math.max(0, maxBytes));
    }

    @Override
    public DefaultRecordsSend<FileSlice> toSend() {
        return new DefaultRecordsSend<>(this);
    }

    @Override
    public int writeTo(TransferableChannel target, int offset, int length) throws IOException {
        int count = Math.min(length, size - offset);
        return count <= 0 ? 0 : (int) target.transferFrom(channel, position + offset, count);
    }

    /**
     * Copies the slice into memory, for down-conversion, and for coordinators that load their partitions.
     *
     * @throws EOFException if the file was truncated below the slice's end in the meantime
     */
    public MemoryRecords toMemoryRecords() throws IOException {
        if (size == 0) {
            return MemoryRecords.EMPTY;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        readInto(buffer);
        return MemoryRecords.readableRecords(buffer);
    }

    /** Reads the whole slice into a buffer of enough room, and flips it. */
    public void readInto(ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        buffer.limit(start + size);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position() - start) < 0) {
                throw new EOFException("the file ends before byte " + (position + size));
            }
        }
        buffer.position(start);
    }

    @Override
    public String toString() {
        return "FileSlice(position=" + position + ", size=" + size + ")";
    }
}
