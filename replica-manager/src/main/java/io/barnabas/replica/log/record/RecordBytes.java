// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;

/**
 * The bytes of a batch's records, one after the other: where they lie, or through a window that is filled by
 * decompressing. One thread.
 */
final class RecordBytes implements AutoCloseable {
    private static final int VARINT_BITS = 35;
    private static final int VARLONG_BITS = 70;

    private final InputStream source;
    private final DecompressionBuffers buffers;
    private final long maxBytes;
    private final ByteBuffer window;
    /** Bytes in windows before this one, less where this one begins. */
    private long before;

    private RecordBytes(ByteBuffer window, InputStream source, DecompressionBuffers buffers, long maxBytes) {
        this.window = window;
        this.source = source;
        this.buffers = buffers;
        this.maxBytes = maxBytes;
        this.before = -window.position();
    }

    /** Bytes that are not compressed. */
    static RecordBytes of(ByteBuffer records) {
        return new RecordBytes(records, null, null, Long.MAX_VALUE);
    }

    /**
     * Bytes that are compressed.
     *
     * @param magic the format of their batch
     * @param maxBytes the most to decompress
     */
    static RecordBytes decompressing(ByteBuffer records, CompressionType codec, byte magic, long maxBytes) {
        if (codec == CompressionType.SNAPPY) {
            SnappyFrames.check(records);
        }
        DecompressionBuffers buffers = DecompressionBuffers.take();
        try {
            InputStream source = Compression.of(codec).build().wrapForInput(records, magic, buffers.supplier());
            ByteBuffer window = ByteBuffer.wrap(buffers.block()).limit(0);
            return new RecordBytes(window, source, buffers, maxBytes);
        } catch (KafkaException e) {
            buffers.giveBack();
            throw new UndecompressibleException("The records are not compressed with " + codec, e);
        }
    }

    /** Bytes read and skipped so far. */
    long consumed() {
        return before + window.position();
    }

    /** Whether there is nothing more. */
    boolean atEnd() {
        return !window.hasRemaining() && !fill();
    }

    /** Skips what is decompressed already. */
    void skipBlock() {
        window.position(window.limit());
    }

    private boolean fill() {
        if (source == null) {
            return false;
        }
        before += window.position();
        int read;
        try {
            read = source.read(buffers.block());
        } catch (IOException e) {
            throw new UndecompressibleException("Failed to decompress record stream", e);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) { // snappy's library says so
            throw new UndecompressibleException("Failed to decompress record stream", e);
        }
        window.position(0).limit(Math.max(0, read));
        if (before + window.limit() > maxBytes) {
            throw new TooManyBytesException(maxBytes);
        }
        return read > 0;
    }

    private byte next() {
        if (!window.hasRemaining() && !fill()) {
            throw new InvalidRecordException("Incorrect declared batch size, premature EOF reached");
        }
        return window.get();
    }

    int varint() {
        int value = 0;
        for (int shift = 0; shift < VARINT_BITS; shift += 7) {
            byte b = next();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new InvalidRecordException("Found invalid record structure: a number longer than five bytes");
    }

    long varlong() {
        long value = 0;
        for (int shift = 0; shift < VARLONG_BITS; shift += 7) {
            byte b = next();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new InvalidRecordException("Found invalid record structure: a number longer than ten bytes");
    }

    /**
     * Skips a field that begins with its size.
     *
     * @param end where the record ends: the field must not reach beyond
     * @return the size, negative for a field that is null
     */
    int skipSized(long end) {
        int size = varint();
        if (size > 0) {
            skip(size, end);
        }
        return size;
    }

    void skip(int count, long end) {
        if (consumed() + count > end) {
            throw new InvalidRecordException("Found invalid record structure: a field beyond the record's end");
        }
        int left = count;
        while (left > window.remaining()) {
            left -= window.remaining();
            window.position(window.limit());
            if (!fill()) {
                throw new InvalidRecordException("Incorrect declared batch size, premature EOF reached");
            }
        }
        window.position(window.position() + left);
    }

    @Override
    public void close() {
        if (source == null) {
            return;
        }
        try {
            source.close();
        } catch (IOException e) {
            throw new UndecompressibleException("Failed to close the record stream", e);
        } finally {
            buffers.giveBack();
        }
    }
}
