// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** Writes the fields of an internal topic's record in Kafka's classic (not flexible) encoding. */
public final class FieldWriter {
    private byte[] bytes;
    private int size;

    /** A writer that grows beyond the hint if it has to. */
    public FieldWriter(int sizeHint) {
        this.bytes = new byte[sizeHint];
    }

    /** The lowest byte of the value. */
    public FieldWriter int8(int value) {
        reserve(Byte.BYTES).put((byte) value);
        return this;
    }

    /** The two lowest bytes of the value, big endian. */
    public FieldWriter int16(int value) {
        reserve(Short.BYTES).putShort((short) value);
        return this;
    }

    /** Four bytes, big endian. */
    public FieldWriter int32(int value) {
        reserve(Integer.BYTES).putInt(value);
        return this;
    }

    /** Eight bytes, big endian. */
    public FieldWriter int64(long value) {
        reserve(Long.BYTES).putLong(value);
        return this;
    }

    /**
     * A string in UTF-8 with its length before it.
     *
     * @throws IllegalArgumentException if it is longer than 32767 bytes
     */
    public FieldWriter string(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a string of " + encoded.length + " bytes does not fit a record");
        }
        int16(encoded.length);
        reserve(encoded.length).put(encoded);
        return this;
    }

    /** A string like {@link #string}, or null. */
    public FieldWriter nullableString(String value) {
        return value == null ? int16(-1) : string(value);
    }

    /** Bytes with their length before them. */
    public FieldWriter bytes(Bytes value) {
        int32(value.get().length);
        reserve(value.get().length).put(value.get());
        return this;
    }

    /** What was written, ready to be read. */
    public ByteBuffer done() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private ByteBuffer reserve(int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
        }
        ByteBuffer place = ByteBuffer.wrap(bytes, size, length);
        size += length;
        return place;
    }
}
