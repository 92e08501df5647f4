// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Bytes;

/**
 * Reads the fields of an internal topic's record, in the classic or the flexible (KIP-482) encoding. A
 * record cut short makes it throw {@link BufferUnderflowException}.
 */
public final class FieldReader {
    private final ByteBuffer buffer;
    private final boolean flexible;

    /**
     * A reader that moves the buffer's position.
     *
     * @param flexible whether the record is in the flexible encoding
     */
    public FieldReader(ByteBuffer buffer, boolean flexible) {
        this.buffer = buffer;
        this.flexible = flexible;
    }

    /** One byte, signed. */
    public byte int8() {
        return buffer.get();
    }

    /** Two bytes, signed, big endian. */
    public short int16() {
        return buffer.getShort();
    }

    /** Four bytes, signed, big endian. */
    public int int32() {
        return buffer.getInt();
    }

    /** Eight bytes, signed, big endian. */
    public long int64() {
        return buffer.getLong();
    }

    /** A string, null where the record has none. */
    public String string() {
        int length = flexible ? ByteUtils.readUnsignedVarint(buffer) - 1 : buffer.getShort();
        return length < 0 ? null : new String(take(length), StandardCharsets.UTF_8);
    }

    /** Bytes with their length before them; none if the record has null. */
    public Bytes bytes() {
        int length = flexible ? ByteUtils.readUnsignedVarint(buffer) - 1 : buffer.getInt();
        return Bytes.wrap(take(Math.max(0, length)));
    }

    /** How many elements of an array follow; 0 if the record has null. */
    public int arrayLength() {
        int length = flexible ? ByteUtils.readUnsignedVarint(buffer) - 1 : buffer.getInt();
        return Math.max(0, length);
    }

    /** Steps over the tagged fields that end a structure of the flexible encoding. */
    public void skipTaggedFields() {
        if (!flexible) {
            return;
        }
        int count = ByteUtils.readUnsignedVarint(buffer);
        for (int i = 0; i < count; i++) {
            ByteUtils.readUnsignedVarint(buffer);
            take(ByteUtils.readUnsignedVarint(buffer));
        }
    }

    private byte[] take(int length) {
        if (length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        buffer.get(taken);
        return taken;
    }
}
