// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What the application has committed so far, read back as anybody could: from its output topics, with
 * {@code read_committed}. Used by one thread.
 */
final class SalesBoard implements AutoCloseable {
    private final KafkaConsumer<String, Turnover> consumer;
    private final long windowMs;
    private final Map<String, Turnover> perStore = new TreeMap<>();
    private final Map<String, Turnover> perCity = new TreeMap<>();
    /** The newest window of each store, with its start. */
    private final Map<String, Map.Entry<Long, Turnover>> newest = new TreeMap<>();

    /** @param settings of the consumer, without serializers */
    SalesBoard(Map<String, Object> settings, Duration window) {
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new JsonSerde<>(Turnover.class).deserializer());
        windowMs = window.toMillis();
        List<TopicPartition> partitions = Stream.of(Topics.PER_STORE, Topics.PER_WINDOW, Topics.PER_CITY)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Takes in what has been committed since, waiting for it a moment. */
    void poll(Duration patience) {
        consumer.poll(patience).forEach(this::take);
    }

    Map<String, Turnover> perStore() {
        return perStore;
    }

    /** All stores together. */
    Turnover total() {
        return sum(perStore.values().stream());
    }

    private void take(ConsumerRecord<String, Turnover> update) {
        switch (update.topic()) {
            case Topics.PER_STORE -> perStore.put(update.key(), update.value());
            case Topics.PER_CITY -> perCity.put(update.key(), update.value());
            default -> {
                int at = update.key().lastIndexOf('@');
                long start = Long.parseLong(update.key().substring(at + 1));
                newest.merge(
                        update.key().substring(0, at),
                        Map.entry(start, update.value()),
                        (known, next) -> next.getKey() < known.getKey() ? known : next);
            }
        }
    }

    /**
     * The table a person looks at.
     *
     * @param nowMs decides which window is the present one
     */
    String table(long nowMs) {
        long present = nowMs - Math.floorMod(nowMs, windowMs);
        String unit = windowMs == 60_000 ? "this minute" : "these " + windowMs / 1_000 + " s";
        StringBuilder out = new StringBuilder();
        line(out, "store", "", "sales", "turnover", unit);
        perStore.forEach((code, sum) -> line(out, code, sum, present(code, present)));
        line(out, "", total(), sum(perStore.keySet().stream().map(code -> present(code, present))));
        if (!perCity.isEmpty()) {
            out.append('\n');
            line(out, "city", "", "sales", "turnover", "");
            perCity.forEach((city, sum) -> line(out, city, "", number(sum.sales()), money(sum.cents()), ""));
        }
        return out.toString();
    }

    private Turnover present(String code, long start) {
        Map.Entry<Long, Turnover> window = newest.get(code);
        return window == null || window.getKey() < start ? Turnover.none() : window.getValue();
    }

    private static Turnover sum(Stream<Turnover> each) {
        return each.reduce(new Turnover("all stores", 0, 0), Turnover::plus);
    }

    private static void line(StringBuilder out, String code, Turnover sum, Turnover window) {
        line(out, code, sum.name(), number(sum.sales()), money(sum.cents()), money(window.cents()));
    }

    private static void line(StringBuilder out, String code, String name, String sales, String money, String window) {
        out.append("  %-11s %-20s %12s %16s %14s"
                        .formatted(code, name, sales, money, window)
                        .stripTrailing())
                .append('\n');
    }

    private static String number(long value) {
        return "%,d".formatted(value);
    }

    private static String money(long cents) {
        return "%,d.%02d".formatted(cents / 100, cents % 100);
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(2));
    }
}
