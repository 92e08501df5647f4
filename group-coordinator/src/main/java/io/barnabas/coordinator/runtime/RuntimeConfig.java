// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import org.apache.kafka.common.record.CompressionType;

/**
 * How a coordinator's loops run.
 *
 * @param mailboxCapacity commands that may wait for one shard; one more is refused with COORDINATOR_NOT_AVAILABLE.
 *     Timers, commits and leadership changes are always taken
 * @param turnSize commands a loop runs before it lets another shard have the thread
 * @param loadBufferSize about how many bytes are read at a time while loading ({@code offsets.load.buffer.size})
 * @param loadRetryBackoffMs how long a shard whose log could not be read waits before it tries again
 * @param commitTimeoutMs when a caller is told that its records are not replicated yet
 *     ({@code offsets.commit.timeout.ms})
 * @param compressionType how batches are compressed ({@code offsets.topic.compression.codec})
 */
public record RuntimeConfig(
        int mailboxCapacity,
        int turnSize,
        int loadBufferSize,
        long loadRetryBackoffMs,
        int commitTimeoutMs,
        CompressionType compressionType) {
    /** Commands that may wait for one shard. */
    public static final int DEFAULT_MAILBOX_CAPACITY = 10_000;
    /** Commands in one turn. */
    public static final int DEFAULT_TURN_SIZE = 128;
    /** Bytes read at a time while loading, as in Kafka. */
    public static final int DEFAULT_LOAD_BUFFER_SIZE = 5 * 1024 * 1024;
    /** Milliseconds until a log that could not be read is read again. */
    public static final long DEFAULT_LOAD_RETRY_BACKOFF_MS = 1_000;
    /** Milliseconds until a caller is told that its records are late, as in Kafka. */
    public static final int DEFAULT_COMMIT_TIMEOUT_MS = 5_000;

    /** All of the above, without compression. */
    public static final RuntimeConfig DEFAULTS = new RuntimeConfig(
            DEFAULT_MAILBOX_CAPACITY,
            DEFAULT_TURN_SIZE,
            DEFAULT_LOAD_BUFFER_SIZE,
            DEFAULT_LOAD_RETRY_BACKOFF_MS,
            DEFAULT_COMMIT_TIMEOUT_MS,
            CompressionType.NONE);
}
