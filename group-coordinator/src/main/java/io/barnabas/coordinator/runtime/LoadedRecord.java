// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.nio.ByteBuffer;

/**
 * One record as read back from the log while a shard loads.
 *
 * @param offset its offset in the partition
 * @param timestamp its timestamp in milliseconds
 * @param producerId who wrote it in a transaction, {@code -1} outside of one
 * @param transactional whether it counts only once its transaction committed
 * @param key the key; valid only during the call
 * @param value the value, null for a tombstone; valid only during the call
 */
public record LoadedRecord(
        long offset, long timestamp, long producerId, boolean transactional, ByteBuffer key, ByteBuffer value) {}
