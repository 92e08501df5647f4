// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;

/** Reads a topic from its beginning and holds it against what a {@link SequencedProducer} was promised. */
public final class LogChecker {
    private LogChecker() {}

    /** Every record of the topic: sequence number by offset, by partition. */
    public static Map<Integer, TreeMap<Long, Long>> readAll(String bootstrap, String topic, int partitions) {
        Map<Integer, TreeMap<Long, Long>> all = new TreeMap<>();
        List<TopicPartition> assigned = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                LongDeserializer.class,
                "value.deserializer",
                LongDeserializer.class);
        try (KafkaConsumer<Long, Long> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
            assigned.forEach(partition -> all.put(partition.partition(), new TreeMap<>()));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (assigned.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the topic could not be read to its end within 120 s");
                }
                consumer.poll(Duration.ofMillis(500))
                        .forEach(item -> all.get(item.partition()).put(item.offset(), item.value()));
            }
        }
        return all;
    }

    /**
     * What is wrong with the log, empty when nothing is: acknowledged records that are missing or stand at another
     * offset, records that stand twice, and records out of order.
     */
    public static List<String> check(Map<Integer, Map<Long, Long>> promises, Map<Integer, TreeMap<Long, Long>> log) {
        List<String> faults = new ArrayList<>();
        promises.forEach((partition, offsets) -> {
            TreeMap<Long, Long> records = log.getOrDefault(partition, new TreeMap<>());
            offsets.forEach((sequence, offset) -> {
                Long found = records.get(offset);
                if (found == null || !found.equals(sequence)) {
                    faults.add("partition " + partition + ": record " + sequence + " was acknowledged at offset "
                            + offset + ", which holds " + found);
                }
            });
            long previous = -1;
            for (Map.Entry<Long, Long> entry : records.entrySet()) {
                if (entry.getValue() <= previous) {
                    faults.add("partition " + partition + ": offset " + entry.getKey() + " holds record "
                            + entry.getValue() + " after record " + previous);
                }
                previous = entry.getValue();
            }
        });
        return faults;
    }
}
