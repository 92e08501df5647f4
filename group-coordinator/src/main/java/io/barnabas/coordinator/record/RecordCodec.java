// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.record;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Turns the records of one internal topic into words and back. Stateless, so any thread may call it.
 *
 * @param <R> the words
 */
public interface RecordCodec<R> {
    /** The record's bytes, as they go into the log. */
    CoordinatorRecord encode(R record);

    /**
     * Reads a record back.
     *
     * @param key read, never changed
     * @param value read, never changed; null for a tombstone
     * @return empty if the key is of a kind this version does not know
     * @throws IllegalStateException if the kind is known, but the value is of a version that is not
     */
    Optional<R> decode(ByteBuffer key, ByteBuffer value);
}
