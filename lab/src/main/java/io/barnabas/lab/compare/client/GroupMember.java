// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The only member of a group, on a thread of its own: reads until its tally is full, or nothing has come for long. */
final class GroupMember implements Runnable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Object> settings;
    private final String topic;
    private final Tally tally;
    private final long latencyFrom;
    private final Latencies latencies = new Latencies(1024);
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile long firstNanos;
    private volatile long lastNanos;

    /**
     * @param latencyFrom each writer's first record of which the latency from its due time is wanted; only a writer in this
     *     process has the same clock
     */
    GroupMember(Map<String, Object> settings, String topic, Tally tally, long latencyFrom) {
        this.settings = settings;
        this.topic = topic;
        this.tally = tally;
        this.latencyFrom = latencyFrom;
    }

    @Override
    public void run() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long heard = System.nanoTime();
            while (tally.read() < tally.expected() && System.nanoTime() - heard < PATIENCE_NANOS) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (!consumer.assignment().isEmpty()) {
                    ready.countDown();
                }
                if (!records.isEmpty()) {
                    heard = System.nanoTime();
                    take(records, heard);
                }
            }
        } finally {
            ready.countDown();
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records, long now) {
        if (firstNanos == 0) {
            firstNanos = now;
        }
        for (ConsumerRecord<byte[], byte[]> item : records) {
            tally.add(item.value());
            if (Payload.sequence(item.value()) >= latencyFrom) {
                latencies.add(now - Payload.dueNanos(item.value()));
            }
        }
        lastNanos = System.nanoTime();
    }

    /** Waits until partitions have been assigned. */
    void awaitReady() throws InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the group got no partitions within 60 s");
        }
    }

    Tally tally() {
        return tally;
    }

    Latencies latencies() {
        return latencies;
    }

    /** When the first records came, on {@link System#nanoTime()}; 0 if none did. */
    long firstNanos() {
        return firstNanos;
    }

    long lastNanos() {
        return lastNanos;
    }
}
