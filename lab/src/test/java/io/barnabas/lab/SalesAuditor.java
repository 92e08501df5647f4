// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.barnabas.lab.SalesLedger.Sum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what the application of {@code StreamsIT} has committed, as it comes. The application runs without caches, so
 * every receipt makes one new sum of its store, its city and its window: the counts of each must be 1, 2, 3, … A gap
 * is a sum that was lost, a step back one that was made twice.
 */
final class SalesAuditor implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String bootstrap;
    private final int partitions;
    private final Thread thread = new Thread(this::run, "auditor");
    private final Map<String, Map<String, Sum>> sums = new TreeMap<>();
    private final List<String> anomalies = new ArrayList<>();
    private volatile boolean on = true;

    /** @param partitions of each output topic */
    SalesAuditor(String bootstrap, int partitions) {
        this.bootstrap = bootstrap;
        this.partitions = partitions;
    }

    SalesAuditor start() {
        thread.start();
        return this;
    }

    /** The last sums, by topic and key. */
    synchronized Map<String, Map<String, Sum>> sums() {
        Map<String, Map<String, Sum>> copy = new TreeMap<>();
        sums.forEach((topic, each) -> copy.put(topic, new TreeMap<>(each)));
        return copy;
    }

    /** Receipts in all sums of one topic. */
    synchronized long sales(String topic) {
        return sums.getOrDefault(topic, Map.of()).values().stream()
                .mapToLong(Sum::sales)
                .sum();
    }

    synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    private void run() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "isolation.level",
                "read_committed",
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                60_000,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> all = Stream.of("sales-per-store", "sales-per-city", "sales-per-store-window")
                    .flatMap(
                            topic -> IntStream.range(0, partitions).mapToObj(index -> new TopicPartition(topic, index)))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (on) {
                for (ConsumerRecord<String, String> update : consumer.poll(Duration.ofMillis(100))) {
                    take(update);
                }
            }
        } catch (KafkaException | JsonProcessingException e) {
            anomaly("the auditor failed: " + e);
        }
    }

    private synchronized void take(ConsumerRecord<String, String> update) throws JsonProcessingException {
        JsonNode value = MAPPER.readTree(update.value());
        Sum sum = new Sum(value.get("sales").asLong(), value.get("cents").asLong());
        Sum before =
                sums.computeIfAbsent(update.topic(), topic -> new TreeMap<>()).put(update.key(), sum);
        long expected = before == null ? 1 : before.sales() + 1;
        if (sum.sales() != expected) {
            anomalies.add(update.topic() + "-" + update.partition() + "@" + update.offset() + ": " + update.key()
                    + " counts " + sum.sales() + " where " + expected + " is next");
        }
    }

    private synchronized void anomaly(String what) {
        anomalies.add(what);
    }

    @Override
    public void close() {
        on = false;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
