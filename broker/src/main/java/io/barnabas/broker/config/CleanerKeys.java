// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * The compaction of logs. All but {@code enabled} may change at run time.
 *
 * @param enabled {@code log.cleaner.enable}
 * @param threads {@code log.cleaner.threads}
 * @param dedupeBufferBytes {@code log.cleaner.dedupe.buffer.size}, shared by all threads
 * @param dedupeBufferLoadFactor {@code log.cleaner.io.buffer.load.factor}
 * @param ioBufferBytes {@code log.cleaner.io.buffer.size}, shared by all threads
 * @param ioMaxBytesPerSecond {@code log.cleaner.io.max.bytes.per.second}
 * @param backoffMs {@code log.cleaner.backoff.ms}
 * @param maxMessageBytes {@code message.max.bytes}
 */
public record CleanerKeys(
        boolean enabled,
        int threads,
        long dedupeBufferBytes,
        double dedupeBufferLoadFactor,
        int ioBufferBytes,
        double ioMaxBytesPerSecond,
        long backoffMs,
        int maxMessageBytes) {
    static CleanerKeys from(AbstractConfig values) {
        return new CleanerKeys(
                values.getBoolean("log.cleaner.enable"),
                values.getInt("log.cleaner.threads"),
                values.getLong("log.cleaner.dedupe.buffer.size"),
                values.getDouble("log.cleaner.io.buffer.load.factor"),
                values.getInt("log.cleaner.io.buffer.size"),
                values.getDouble("log.cleaner.io.max.bytes.per.second"),
                values.getLong("log.cleaner.backoff.ms"),
                values.getInt("message.max.bytes"));
    }
}
