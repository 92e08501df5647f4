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

    public FieldWriter(int sizeHint) {
        this.bytes = new byte[sizeHint];
    }

    public FieldWriter int8(int value) {
        reserve(Byte.BYTES).put((byte) value);
        return this;
    }

    public FieldWriter int16(int value) {
        reserve(Short.BYTES).putShort((short) value);
        return this;
    }

    public FieldWriter int32(int value) {
        reserve(Integer.BYTES).putInt(value);
        return this;
    }

    public FieldWriter int64(long value) {
        reserve(Long.BYTES).putLong(value);
        return this;
    }

    public FieldWriter string(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a string of " + encoded.length + " bytes does not fit a record");
        }
        int16(encoded.length);
        reserve(encoded.length).put(encoded);
        return this;
    }

    public FieldWriter nullableString(String value) {
        return value == null ? int16(-1) : string(value);
    }

    public FieldWriter bytes(Bytes value) {
        int32(value.get().length);
        reserve(value.get().length).put(value.get());
        return this;
    }

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
