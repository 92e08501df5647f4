// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

/**
 * How logs are compacted.
 *
 * @param threads {@code log.cleaner.threads}
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}: most memory for the keys, of all threads together
 * @param dedupeBufferLoadFactor {@code log.cleaner.io.buffer.load.factor}: how full the memory for the keys may get
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}: for reading and writing, of all threads together
 * @param maxIoBytesPerSecond {@code log.cleaner.io.max.bytes.per.second}: reads and writes of all threads together
 * @param backoffMs {@code log.cleaner.backoff.ms}: pause when there is nothing to clean
 */
public record CleanerConfig(
        int threads,
        long dedupeBufferBytes,
        double dedupeBufferLoadFactor,
        int ioBufferBytes,
        double maxIoBytesPerSecond,
        long backoffMs) {
    /** Kafka's defaults. */
    public static final CleanerConfig DEFAULT =
            new CleanerConfig(1, 128L * 1024 * 1024, 0.9, 512 * 1024, Double.MAX_VALUE, 15_000L);

    public CleanerConfig {
        if (threads < 1) {
            throw new IllegalArgumentException("Log cleaner threads should be at least 1");
        }
    }

    /** Most memory one thread spends on keys. */
    long dedupeBytesPerThread() {
        return Math.min(dedupeBufferBytes / threads, Integer.MAX_VALUE);
    }

    /** One thread's buffer for reading, and the one for writing. */
    int ioBytesPerBuffer() {
        return Math.max(1024, ioBufferBytes / threads / 2);
    }
}
