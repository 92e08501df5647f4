// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.barnabas.replica.log.FileSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * What a generated message writes itself to: buffers, and between them stretches of records that are sent from where
 * they are. Few records are copied into the buffer, which costs less than sending them apart.
 */
final class ByteBufWritable implements Writable {
    /** Records up to this many bytes are copied. */
    static final int MAX_COPIED_RECORDS_BYTES = 16 * 1024;

    private static final int LATER_BUFFER_BYTES = 256;

    private final ByteBufAllocator allocator;
    private final List<Object> parts = new ArrayList<>(1);
    private ByteBuf current;
    private long finishedBytes;

    ByteBufWritable(ByteBufAllocator allocator, int firstCapacity) {
        this.allocator = allocator;
        this.current = allocator.directBuffer(firstCapacity);
    }

    /** All that was written, in order; the caller owns it. Nothing may be written afterwards. */
    List<Object> finish() {
        endBuffer();
        return parts;
    }

    /** Bytes written so far, records included. */
    long totalBytes() {
        return finishedBytes + (current == null ? 0 : current.readableBytes());
    }

    /** Gives up what was written. */
    void discard() {
        endBuffer();
        parts.forEach(ReferenceCountUtil::safeRelease);
        parts.clear();
    }

    private void endBuffer() {
        if (current != null) {
            finishedBytes += current.readableBytes();
            parts.add(current);
            current = null;
        }
    }

    private ByteBuf buffer() {
        if (current == null) {
            current = allocator.directBuffer(LATER_BUFFER_BYTES);
        }
        return current;
    }

    @Override
    public void writeRecords(BaseRecords records) {
        int bytes = records.sizeInBytes();
        if (bytes == 0) {
            return;
        }
        if (records instanceof FileSlice slice) {
            writeSlice(slice);
        } else if (records instanceof MemoryRecords memoryRecords) {
            writeMemory(memoryRecords.buffer(), bytes);
        } else {
            writePart(new RecordsSendRegion(records.toSend()), bytes);
        }
    }

    private void writeSlice(FileSlice slice) {
        int bytes = slice.sizeInBytes();
        if (bytes > MAX_COPIED_RECORDS_BYTES) {
            writePart(new FileSliceRegion(slice), bytes);
            return;
        }
        try {
            int done = 0;
            while (done < bytes) {
                int read = buffer().writeBytes(slice.channel(), slice.position() + done, bytes - done);
                if (read < 0) {
                    throw new EOFException("the log was truncated while it was being sent");
                }
                done += read;
            }
        } catch (IOException e) {
            throw new KafkaStorageException(e.getMessage(), e);
        }
    }

    private void writeMemory(ByteBuffer records, int bytes) {
        if (bytes <= MAX_COPIED_RECORDS_BYTES) {
            buffer().writeBytes(records);
        } else {
            writePart(Unpooled.wrappedBuffer(records), bytes);
        }
    }

    private void writePart(Object part, int bytes) {
        endBuffer();
        parts.add(part);
        finishedBytes += bytes;
    }

    @Override
    public void writeByte(byte value) {
        buffer().writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer().writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer().writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer().writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer().writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        buffer().writeBytes(bytes);
    }

    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        buffer().writeBytes(bytes.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        ByteBuf buffer = buffer();
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            buffer.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        ByteBuf buffer = buffer();
        while ((rest & ~0x7FL) != 0) {
            buffer.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }
}
