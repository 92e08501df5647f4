// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Small transactions, one after another, from some producers side by side: records to three partitions, a group's
 * offsets, and the commit. What is timed is what a read-process-write loop waits for, from the beginning of a
 * transaction to the acknowledgement of its commit; the next one of the same producer begins at once.
 */
public final class TransactionLoad {
    private static final int PARTITIONS = 3;
    private static final int RECORD_BYTES = 200;

    private final String bootstrap;
    private final String topic;
    private final int producers;
    private final int recordsPerPartition;

    /**
     * What was measured.
     *
     * @param transactions committed in the time measured
     * @param perSecond of all producers together
     * @param p50Ms median latency of a transaction, milliseconds; likewise the others
     */
    public record Result(long transactions, double perSecond, double p50Ms, double p99Ms, double p999Ms) {}

    /**
     * @param topic an existing topic of three partitions
     * @param producers side by side, each with a transactional id and a group of its own
     * @param recordsPerPartition how many records of 200 bytes a transaction writes to each of the three partitions
     */
    public TransactionLoad(String bootstrap, String topic, int producers, int recordsPerPartition) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.producers = producers;
        this.recordsPerPartition = recordsPerPartition;
    }

    /**
     * Runs until the time is up.
     *
     * @param warmUp at first, not measured
     * @param length measured
     */
    public Result run(Duration warmUp, Duration length) throws InterruptedException, ExecutionException {
        long begin = System.nanoTime() + warmUp.toNanos();
        long end = begin + length.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                String id = topic + "-load-" + producers + "-" + recordsPerPartition + "-" + i;
                running.add(threads.submit(() -> transactions(id, begin, end)));
            }
            List<long[]> latencies = new ArrayList<>();
            for (Future<long[]> each : running) {
                latencies.add(each.get());
            }
            return result(latencies, length);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Result result(List<long[]> latencies, Duration length) {
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        if (all.length == 0) {
            throw new IllegalStateException("no transaction was committed within " + length);
        }
        double seconds = length.toNanos() / 1e9;
        return new Result(all.length, all.length / seconds, at(all, 0.5), at(all, 0.99), at(all, 0.999));
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length))] / 1e6;
    }

    /** The latencies of the transactions that began in the measured time, in nanoseconds. */
    private long[] transactions(String id, long beginNanos, long endNanos) {
        List<Long> latencies = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(id)) {
            producer.initTransactions();
            ConsumerGroupMetadata group = new ConsumerGroupMetadata(id);
            byte[] value = new byte[RECORD_BYTES];
            for (long number = 1; ; number++) {
                long begun = System.nanoTime();
                if (begun - endNanos >= 0) {
                    return latencies.stream().mapToLong(Long::longValue).toArray();
                }
                transaction(producer, group, value, number);
                if (begun - beginNanos >= 0) {
                    latencies.add(System.nanoTime() - begun);
                }
            }
        }
    }

    private void transaction(
            KafkaProducer<byte[], byte[]> producer, ConsumerGroupMetadata group, byte[] value, long number) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int i = 0; i < recordsPerPartition; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, value));
            }
            offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(number));
        }
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", transactionalId, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
