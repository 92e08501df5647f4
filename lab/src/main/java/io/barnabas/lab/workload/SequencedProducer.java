// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * An idempotent acks=all producer on a thread of its own that numbers its records per partition: 0, 1, 2, … It keeps
 * what was acknowledged at which offset, and the longest time without an acknowledgement.
 */
public final class SequencedProducer implements AutoCloseable {
    private final String topic;
    private final int partitions;
    private final int recordsPerSecond;
    private final Map<String, Object> settings;
    private final Thread thread = new Thread(this::run, "sequenced-producer");
    private final Map<Integer, Map<Long, Long>> offsetBySequence = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private volatile boolean on = true;
    private long acknowledged;
    private long lastAckNanos = System.nanoTime();
    private long longestGapNanos;
    private final long[] lastAckNanosOf;
    private final long[] longestGapNanosOf;

    /**
     * @param bootstrap the cluster
     * @param topic an existing topic
     * @param partitions its partition count; each is written in turn
     * @param recordsPerSecond about how many, over all partitions
     * @param extra producer settings on top of idempotence and acks=all
     */
    public SequencedProducer(
            String bootstrap, String topic, int partitions, int recordsPerSecond, Map<String, Object> extra) {
        this.topic = topic;
        this.partitions = partitions;
        this.recordsPerSecond = recordsPerSecond;
        this.lastAckNanosOf = new long[partitions];
        this.longestGapNanosOf = new long[partitions];
        this.settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                2,
                "request.timeout.ms",
                10_000,
                "delivery.timeout.ms",
                120_000,
                "key.serializer",
                LongSerializer.class,
                "value.serializer",
                LongSerializer.class));
        this.settings.putAll(extra);
        for (int partition = 0; partition < partitions; partition++) {
            offsetBySequence.put(partition, new HashMap<>());
        }
    }

    public SequencedProducer start() {
        thread.start();
        return this;
    }

    /** Sends no more; returns when everything sent is acknowledged or failed. */
    public void stop() {
        on = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(150));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public synchronized long acknowledged() {
        return acknowledged;
    }

    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** Acknowledged offsets by sequence number, by partition. */
    public synchronized Map<Integer, Map<Long, Long>> promises() {
        Map<Integer, Map<Long, Long>> copy = new TreeMap<>();
        offsetBySequence.forEach((partition, offsets) -> copy.put(partition, Map.copyOf(offsets)));
        return copy;
    }

    /** Forgets the gaps so far. */
    public synchronized void startWatch() {
        lastAckNanos = System.nanoTime();
        longestGapNanos = 0;
        Arrays.fill(lastAckNanosOf, lastAckNanos);
        Arrays.fill(longestGapNanosOf, 0);
    }

    /** The longest time one partition was without an acknowledgement since the watch was started, in milliseconds. */
    public synchronized long worstPartitionGapMs() {
        long now = System.nanoTime();
        long worst = 0;
        for (int partition = 0; partition < partitions; partition++) {
            worst = Math.max(worst, Math.max(longestGapNanosOf[partition], on ? now - lastAckNanosOf[partition] : 0));
        }
        return TimeUnit.NANOSECONDS.toMillis(worst);
    }

    /** The longest time without an acknowledgement since the watch was started, in milliseconds. */
    public synchronized long longestGapMs() {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(longestGapNanos, on ? System.nanoTime() - lastAckNanos : 0));
    }

    private void run() {
        try (KafkaProducer<Long, Long> producer = new KafkaProducer<>(settings)) {
            int burst = Math.max(partitions, recordsPerSecond / 100);
            long sent = 0;
            while (on) {
                for (int i = 0; i < burst; i++, sent++) {
                    send(producer, (int) (sent % partitions), sent / partitions);
                }
                TimeUnit.MILLISECONDS.sleep(1000L * burst / recordsPerSecond);
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(KafkaProducer<Long, Long> producer, int partition, long sequence) {
        producer.send(new ProducerRecord<>(topic, partition, (long) partition, sequence), (metadata, failure) -> {
            if (failure == null) {
                acknowledge(partition, sequence, metadata);
            } else {
                fail(partition, sequence, failure);
            }
        });
    }

    private synchronized void acknowledge(int partition, long sequence, RecordMetadata metadata) {
        offsetBySequence.get(partition).put(sequence, metadata.offset());
        acknowledged++;
        long now = System.nanoTime();
        longestGapNanos = Math.max(longestGapNanos, now - lastAckNanos);
        lastAckNanos = now;
        longestGapNanosOf[partition] = Math.max(longestGapNanosOf[partition], now - lastAckNanosOf[partition]);
        lastAckNanosOf[partition] = now;
    }

    private synchronized void fail(int partition, long sequence, Exception failure) {
        failures.add("partition " + partition + " record " + sequence + ": " + failure);
    }

    @Override
    public void close() {
        stop();
    }
}
