// SPDX-License-Identifier: Apache-2.0
package io.barnabas.tools;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer (idempotent, acks=all, about 1,000 records a second) and a consumer of a group, each on a thread of its
 * own, until closed. What was acknowledged stands in the ledger.
 */
final class Traffic implements AutoCloseable {
    private static final int PAUSE_MS = 10;
    private static final int BURST = 10;

    private final String bootstrapServer;
    private final String topic;
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final AckLedger ledger = new AckLedger(System.nanoTime());
    private final AtomicLong consumed = new AtomicLong();
    private final Thread producing = new Thread(this::produce, "producer");
    private final Thread consuming = new Thread(this::consume, "consumer");
    private volatile boolean produceOn = true;
    private volatile boolean consumeOn = true;

    Traffic(String bootstrapServer, String topic) {
        this.bootstrapServer = bootstrapServer;
        this.topic = topic;
    }

    void start() {
        consuming.start();
        producing.start();
    }

    AckLedger ledger() {
        return ledger;
    }

    /** How many records of this run the group has read; a re-delivered one after a rebalance counts again. */
    long consumed() {
        return consumed.get();
    }

    /** Returns when everything sent is acknowledged or failed. */
    void stopProducing() throws InterruptedException {
        produceOn = false;
        producing.join();
    }

    private void produce() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServer,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                5,
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (long i = 0; produceOn; i++) {
                String value = run + "-" + i;
                producer.send(new ProducerRecord<>(topic, "key-" + i % 100, value), (metadata, failure) -> {
                    if (failure == null) {
                        ledger.acknowledge(metadata, value, System.nanoTime());
                    } else {
                        ledger.fail();
                    }
                });
                if (i % BURST == BURST - 1) {
                    Thread.sleep(PAUSE_MS);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void consume() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServer,
                "group.id",
                "quickstart-group",
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(topic));
            while (consumeOn) {
                consumer.poll(Duration.ofMillis(100)).forEach(item -> {
                    if (item.value().startsWith(run)) {
                        consumed.incrementAndGet();
                    }
                });
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        produceOn = false;
        consumeOn = false;
        try {
            producing.join(Duration.ofSeconds(30).toMillis());
            consuming.join(Duration.ofSeconds(30).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
