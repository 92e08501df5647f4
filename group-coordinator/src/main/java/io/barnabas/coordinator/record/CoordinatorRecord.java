// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.record;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One record for an internal topic, already encoded. The buffers are read, never changed; each reader duplicates.
 *
 * @param key the record's key, never null (internal topics are compacted)
 * @param value its value; null deletes the key
 */
public record CoordinatorRecord(ByteBuffer key, ByteBuffer value) {
    /** Wants a key. */
    public CoordinatorRecord {
        Objects.requireNonNull(key, "key");
    }

    /** A record that deletes the key. */
    public static CoordinatorRecord tombstone(ByteBuffer key) {
        return new CoordinatorRecord(key, null);
    }

    /** Bytes of key and value together, without framing. */
    public int sizeInBytes() {
        return key.remaining() + (value == null ? 0 : value.remaining());
    }
}
