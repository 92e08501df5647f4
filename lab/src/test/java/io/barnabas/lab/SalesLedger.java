// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The tills of {@code StreamsIT}: writes receipts at an even rate on a thread of its own, and keeps the sums that the
 * application must come to, by store, by city, and by store and window.
 */
final class SalesLedger implements AutoCloseable {
    static final int STORES = 8;
    private static final List<String> CITIES = List.of("Graz", "Linz", "Prag");

    /** How many receipts, and their sum. */
    record Sum(long sales, long cents) {
        Sum plus(long more) {
            return new Sum(sales + 1, cents + more);
        }
    }

    private final Map<String, Object> settings;
    private final int perSecond;
    private final long windowMs;
    private final SplittableRandom random;
    private final Thread thread = new Thread(this::run, "tills");
    /** By topic of the application's output, then by key. */
    private final Map<String, Map<String, Sum>> sums = new TreeMap<>();

    private final List<String> failures = new ArrayList<>();
    private long sent;
    private volatile boolean on = true;

    SalesLedger(String bootstrap, int perSecond, long windowMs, long seed) {
        settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "enable.idempotence",
                true,
                "request.timeout.ms",
                10_000,
                "delivery.timeout.ms",
                150_000,
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class);
        this.perSecond = perSecond;
        this.windowMs = windowMs;
        this.random = new SplittableRandom(seed);
    }

    /** Writes the table of stores; returns when it is acknowledged. */
    void writeStores() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < STORES; i++) {
                String value = "{\"name\":\"store " + i + "\",\"city\":\"" + city(i) + "\"}";
                producer.send(new ProducerRecord<>("stores", code(i), value), (metadata, failure) -> note(failure));
            }
        }
    }

    SalesLedger start() {
        thread.start();
        return this;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** What the application must come to, by topic of its output and key. */
    synchronized Map<String, Map<String, Sum>> sums() {
        Map<String, Map<String, Sum>> copy = new TreeMap<>();
        sums.forEach((topic, each) -> copy.put(topic, new TreeMap<>(each)));
        return copy;
    }

    private void run() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(new HashMap<>(settings))) {
            long begun = System.nanoTime();
            while (on) {
                long due = (System.nanoTime() - begun) / (TimeUnit.SECONDS.toNanos(1) / perSecond);
                while (sent() < due) {
                    ring(producer);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ring(KafkaProducer<String, String> producer) {
        int store = random.nextInt(STORES);
        long cents = random.nextLong(1, 10_000);
        long now = System.currentTimeMillis();
        String value = "{\"receipt\":\"r" + sent() + "\",\"department\":\"toys\",\"cents\":" + cents + "}";
        producer.send(
                new ProducerRecord<>("sales", null, now, code(store), value), (metadata, failure) -> note(failure));
        add(store, cents, now - now % windowMs);
    }

    private synchronized void add(int store, long cents, long window) {
        sent++;
        add("sales-per-store", code(store), cents);
        add("sales-per-city", city(store), cents);
        add("sales-per-store-window", code(store) + "@" + window, cents);
    }

    private void add(String topic, String key, long cents) {
        sums.computeIfAbsent(topic, name -> new TreeMap<>())
                .merge(key, new Sum(1, cents), (sum, first) -> sum.plus(cents));
    }

    private synchronized void note(Exception failure) {
        if (failure != null) {
            failures.add(failure.toString());
        }
    }

    private static String code(int store) {
        return "s" + store;
    }

    private static String city(int store) {
        return CITIES.get(store % CITIES.size());
    }

    /** Sends no more; returns when everything sent is acknowledged or failed. */
    @Override
    public void close() {
        on = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(160));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
