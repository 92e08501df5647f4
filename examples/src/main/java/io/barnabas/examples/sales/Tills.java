// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;

/** All tills of all stores: receipts at an even rate, on a thread of its own, until closed. */
final class Tills implements AutoCloseable {
    private static final List<String> DEPARTMENTS = List.of("bakery", "books", "cheese", "garden", "toys", "wine");

    private final Map<String, Object> settings;
    private final int stores;
    private final int perSecond;
    private final SplittableRandom random;
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final Thread thread = new Thread(this::run, "tills");
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean on = true;

    /**
     * @param settings of the producer; acks=all and idempotence are its defaults
     * @param perSecond receipts of all tills together
     */
    Tills(Map<String, Object> settings, int stores, int perSecond, SplittableRandom random) {
        this.settings = settings;
        this.stores = stores;
        this.perSecond = perSecond;
        this.random = random;
    }

    Tills start() {
        if (perSecond > 0) {
            thread.start();
        }
        return this;
    }

    /** Receipts the cluster has acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    long failed() {
        return failed.get();
    }

    private void run() {
        try (KafkaProducer<String, Sale> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new JsonSerde<>(Sale.class).serializer())) {
            long begun = System.nanoTime();
            for (long sent = 0; on; ) {
                long due = 1 + (System.nanoTime() - begun) / (TimeUnit.SECONDS.toNanos(1) / perSecond);
                for (; sent < due && on; sent++) {
                    ring(producer, sent);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ring(KafkaProducer<String, Sale> producer, long number) {
        Sale sale = new Sale(
                run + "-" + number, DEPARTMENTS.get(random.nextInt(DEPARTMENTS.size())), 50 + random.nextInt(15_000));
        String store = StoreTable.code(random.nextInt(stores));
        producer.send(
                new ProducerRecord<>(Topics.SALES, store, sale),
                (metadata, failure) -> (failure == null ? acknowledged : failed).incrementAndGet());
    }

    /** Returns when all that was sent is acknowledged or failed, after ten seconds at the latest. */
    @Override
    public void close() {
        on = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
