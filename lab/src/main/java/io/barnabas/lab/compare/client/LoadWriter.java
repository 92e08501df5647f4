// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One producer on a thread of its own, that writes a fixed number of records at a rate or as fast as it can. At a rate,
 * latency counts from when a record was due, so that a stall is not hidden by the records it kept from being sent.
 */
final class LoadWriter implements Runnable {
    private final Map<String, Object> settings;
    private final String topic;
    private final Payload payload;
    private final int run;
    private final int producer;
    private final long records;
    private final Pace pace;
    private final long warmUp;
    private final Runnable measuring;
    private final Latencies latencies;
    private final AtomicLong failed = new AtomicLong();
    private long acknowledged;
    private long startNanos;
    private volatile String failure;
    private volatile long beganNanos;
    private volatile long endedNanos;

    /**
     * When records are due.
     *
     * @param perSecond how many a second, 0 for as fast as possible
     * @param burstNanos 0 for one after the other at even distances; else what falls due within as long is due together,
     *     at its end, as with Kafka's own producer-perf-test, which sleeps 2 ms at a time
     */
    record Pace(double perSecond, long burstNanos) {
        /** When a record is due, counted from the first. */
        long afterNanos(long sequence) {
            long after = (long) (sequence * (TimeUnit.SECONDS.toNanos(1) / perSecond));
            return burstNanos == 0 ? after : (after + burstNanos - 1) / burstNanos * burstNanos;
        }
    }

    /**
     * @param run marks the records, with {@code producer}
     * @param records how many to write
     * @param pace when they are due
     * @param warmUp how many of the records come before the measurement begins
     * @param measuring called when it begins
     */
    LoadWriter(
            Map<String, Object> settings,
            String topic,
            Payload payload,
            int run,
            int producer,
            long records,
            Pace pace,
            long warmUp,
            Runnable measuring) {
        this.settings = settings;
        this.topic = topic;
        this.payload = payload;
        this.run = run;
        this.producer = producer;
        this.records = records;
        this.pace = pace;
        this.warmUp = warmUp;
        this.measuring = measuring;
        this.latencies = new Latencies(records);
    }

    @Override
    public void run() {
        try (KafkaProducer<byte[], byte[]> client =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            client.partitionsFor(topic);
            startNanos = System.nanoTime();
            for (long sequence = 0; sequence < records; sequence++) {
                if (sequence == warmUp) {
                    measuring.run();
                    beganNanos = System.nanoTime();
                }
                send(client, sequence, due(sequence));
            }
            client.flush();
            endedNanos = System.nanoTime();
        }
    }

    private long due(long sequence) {
        if (pace.perSecond <= 0) {
            return System.nanoTime();
        }
        long due = startNanos + pace.afterNanos(sequence);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }

    private void send(KafkaProducer<byte[], byte[]> client, long sequence, long due) {
        byte[] value = payload.value(run, producer, sequence, due);
        client.send(new ProducerRecord<>(topic, value), (metadata, e) -> {
            if (e == null) {
                acknowledged++;
                if (sequence >= warmUp) {
                    latencies.add(System.nanoTime() - due);
                }
            } else {
                failed.incrementAndGet();
                failure = e.toString();
            }
        });
    }

    /** Call after the thread has ended, as the following. */
    long acknowledged() {
        return acknowledged;
    }

    long failed() {
        return failed.get();
    }

    /** Why a record failed, null if none did. */
    String failure() {
        return failure;
    }

    Latencies latencies() {
        return latencies;
    }

    long beganNanos() {
        return beganNanos;
    }

    long endedNanos() {
        return endedNanos;
    }
}
