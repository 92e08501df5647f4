// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A numbered record to each partition every few milliseconds, acks=all, and a group that reads them: their silences show
 * a failover as clients feel it. What was acknowledged and what was read is kept for the proof.
 */
final class Heartbeat implements AutoCloseable {
    private static final long EVERY_NANOS = 5_000_000;
    private static final Duration POLL = Duration.ofMillis(50);

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final GapMeter acks;
    private final GapMeter reads;
    private final Map<Integer, BitSet> acknowledged = new ConcurrentHashMap<>();
    private final Map<Integer, BitSet> read = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Thread writer = new Thread(this::write, "heartbeat-writer");
    private final Thread reader = new Thread(this::read, "heartbeat-reader");
    private volatile boolean writing = true;
    private volatile boolean reading = true;

    Heartbeat(String bootstrap, String topic, int partitions) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.acks = new GapMeter(partitions);
        this.reads = new GapMeter(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            acknowledged.put(partition, new BitSet());
            read.put(partition, new BitSet());
        }
    }

    Heartbeat start() {
        writer.start();
        reader.start();
        return this;
    }

    GapMeter acks() {
        return acks;
    }

    GapMeter reads() {
        return reads;
    }

    /** The number of the next record of every partition. */
    long position() {
        return sequence.get();
    }

    /** Sends that were refused for good. */
    long failures() {
        return failures.get();
    }

    /** Sends no more; returns when everything sent is acknowledged or refused. */
    void stopWriting() {
        writing = false;
        join(writer);
    }

    /** How many acknowledged records the group has not read. */
    long unread() {
        long count = 0;
        for (int partition = 0; partition < partitions; partition++) {
            BitSet missing = copy(acknowledged.get(partition));
            missing.andNot(copy(read.get(partition)));
            count += missing.cardinality();
        }
        return count;
    }

    private void write() {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 0,
                "request.timeout.ms", 3_000,
                "delivery.timeout.ms", 120_000,
                "reconnect.backoff.max.ms", 200));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long due = System.nanoTime();
            while (writing) {
                long next = sequence.get();
                for (int partition = 0; partition < partitions; partition++) {
                    send(producer, partition, next);
                }
                sequence.incrementAndGet();
                due = Math.max(due + EVERY_NANOS, System.nanoTime() - EVERY_NANOS);
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int partition, long number) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> {
            if (failure == null) {
                acks.heard(partition, number);
                mark(acknowledged.get(partition), number);
            } else {
                failures.incrementAndGet();
            }
        });
    }

    private void read() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "heartbeat",
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                10_000,
                "request.timeout.ms",
                3_000,
                "reconnect.backoff.max.ms",
                200,
                "auto.commit.interval.ms",
                1_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (reading) {
                take(consumer);
            }
        }
    }

    private void take(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            for (ConsumerRecord<byte[], byte[]> item : consumer.poll(POLL)) {
                long number = ByteBuffer.wrap(item.value()).getLong();
                reads.heard(item.partition(), number);
                mark(read.get(item.partition()), number);
            }
        } catch (RetriableException e) {
            // asked again in the next round; the silence is what counts
            Thread.onSpinWait();
        }
    }

    private static void mark(BitSet records, long number) {
        synchronized (records) {
            records.set((int) number);
        }
    }

    private static BitSet copy(BitSet records) {
        synchronized (records) {
            return (BitSet) records.clone();
        }
    }

    @Override
    public void close() {
        stopWriting();
        reading = false;
        join(reader);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
