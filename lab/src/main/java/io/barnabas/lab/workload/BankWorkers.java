// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Clerks of a bank, a thread each: one group that reads transfers, and books each as two entries in a ledger, with the
 * offsets read, in one transaction. Now and then a clerk aborts what it wrote and begins again.
 *
 * <p>A transfer is keyed by its number, with the value {@code from to amount}; an entry is keyed by the account, with the
 * value {@code transfer attempt amount}.
 */
public final class BankWorkers implements AutoCloseable {
    private static final int ABORTED_PERCENT = 20;

    private final String bootstrap;
    private final String transfers;
    private final List<String> ledgers;
    private final String group;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Long> aborted = ConcurrentHashMap.newKeySet();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong restarts = new AtomicLong();
    private volatile boolean on = true;

    /**
     * @param transfers the topic to read
     * @param ledgers the topics to write; an account's number decides which
     * @param seed decides who aborts
     */
    public BankWorkers(String bootstrap, String transfers, List<String> ledgers, String group, long seed) {
        this.bootstrap = bootstrap;
        this.transfers = transfers;
        this.ledgers = ledgers;
        this.group = group;
        this.seed = seed;
    }

    public BankWorkers start(int workers) {
        for (int i = 0; i < workers; i++) {
            int worker = i;
            Thread thread = new Thread(() -> run(worker), group + "-" + i);
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    /** The transactional id of a worker. */
    public String transactionalId(int worker) {
        return group + "-" + worker;
    }

    /** Attempts that were aborted for certain: nothing of them may be seen. */
    public Set<Long> aborted() {
        return Set.copyOf(aborted);
    }

    /** Transactions whose commit was acknowledged. */
    public long committed() {
        return committed.get();
    }

    /** How often a worker had to begin anew with fresh clients. */
    public long restarts() {
        return restarts.get();
    }

    private void run(int worker) {
        SplittableRandom random = new SplittableRandom(seed + worker);
        while (on) {
            try (KafkaProducer<String, String> producer = producer(worker);
                    KafkaConsumer<String, String> consumer = consumer()) {
                producer.initTransactions();
                consumer.subscribe(List.of(transfers));
                while (on) {
                    work(producer, consumer, random);
                }
            } catch (InterruptException e) {
                return;
            } catch (KafkaException e) {
                // fenced, timed out, or in doubt: what was committed tells where to go on
                restarts.incrementAndGet();
            }
        }
    }

    private void work(
            KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer, SplittableRandom random) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
        if (records.isEmpty()) {
            return;
        }
        long attempt = attempts.incrementAndGet();
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> transfer : records) {
            book(producer, transfer, attempt);
            offsets.put(
                    new TopicPartition(transfer.topic(), transfer.partition()),
                    new OffsetAndMetadata(transfer.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        if (random.nextInt(100) < ABORTED_PERCENT) {
            producer.flush();
            producer.abortTransaction();
            aborted.add(attempt);
            rewind(consumer);
        } else {
            producer.commitTransaction();
            committed.incrementAndGet();
        }
    }

    private void book(KafkaProducer<String, String> producer, ConsumerRecord<String, String> transfer, long attempt) {
        String[] parts = transfer.value().split(" ");
        int amount = Integer.parseInt(parts[2]);
        String mark = transfer.key() + " " + attempt + " ";
        producer.send(new ProducerRecord<>(ledger(parts[0]), parts[0], mark + -amount));
        producer.send(new ProducerRecord<>(ledger(parts[1]), parts[1], mark + amount));
    }

    private String ledger(String account) {
        return ledgers.get(Integer.parseInt(account) % ledgers.size());
    }

    private static void rewind(KafkaConsumer<String, String> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = consumer.committed(consumer.assignment());
        positions.forEach((partition, position) -> {
            if (position == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, position.offset());
            }
        });
    }

    private KafkaProducer<String, String> producer(int worker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "transactional.id", transactionalId(worker),
                        "transaction.timeout.ms", 20_000,
                        "max.block.ms", 20_000,
                        "request.timeout.ms", 5_000,
                        "delivery.timeout.ms", 15_000),
                new StringSerializer(),
                new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "session.timeout.ms",
                        6_000,
                        "heartbeat.interval.ms",
                        1_000,
                        "max.poll.records",
                        10),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @Override
    public void close() {
        on = false;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(40));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
