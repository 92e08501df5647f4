// SPDX-License-Identifier: Apache-2.0
package io.barnabas.tools;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What a producer was promised: the value at each acknowledged offset, and the longest time without any
 * acknowledgement. Written by the producer's callbacks, read by whoever checks; safe for both.
 */
final class AckLedger {
    private final Map<TopicPartition, Map<Long, String>> acknowledged = new HashMap<>();
    private final AtomicLong failures = new AtomicLong();
    private long lastAckNanos;
    private long longestGapNanos;
    private long count;

    AckLedger(long nowNanos) {
        this.lastAckNanos = nowNanos;
    }

    synchronized void acknowledge(RecordMetadata metadata, String value, long nowNanos) {
        TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
        acknowledged.computeIfAbsent(partition, key -> new HashMap<>()).put(metadata.offset(), value);
        longestGapNanos = Math.max(longestGapNanos, nowNanos - lastAckNanos);
        lastAckNanos = nowNanos;
        count++;
    }

    void fail() {
        failures.incrementAndGet();
    }

    /** Forgets the gaps so far, so that the next question is about what happens from now on. */
    synchronized void startWatch(long nowNanos) {
        lastAckNanos = nowNanos;
        longestGapNanos = 0;
    }

    synchronized long longestGapMs() {
        return longestGapNanos / 1_000_000;
    }

    synchronized long count() {
        return count;
    }

    long failures() {
        return failures.get();
    }

    synchronized Map<TopicPartition, Map<Long, String>> snapshot() {
        Map<TopicPartition, Map<Long, String>> copy = new HashMap<>();
        acknowledged.forEach((partition, values) -> copy.put(partition, Map.copyOf(values)));
        return copy;
    }
}
