// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A clerk of the bank, a process of its own: a member of a group that reads transfers, and books each as two entries in
 * a ledger, with the offsets read, in one transaction. Now and then it aborts what it wrote and begins again. It prints
 * a line for each attempt whose end it knows ({@code committed ID}, {@code aborted ID}), and {@code restart WHY} when
 * it goes on with fresh clients.
 *
 * <p>A transfer is keyed by its number, with the value {@code from to amount}; an entry is keyed by the account, with the
 * value {@code transfer attempt amount}.
 */
public final class BankWorker {
    private static final int ABORTED_PERCENT = 20;

    private final String bootstrap;
    private final String transfers;
    private final List<String> ledgers;
    private final String group;
    private final String transactionalId;
    /** Begins the names of this process' attempts: no two processes ever share one. */
    private final String incarnation;

    private final SplittableRandom random;
    private long attempts;

    private BankWorker(String[] args) {
        bootstrap = args[0];
        transfers = args[1];
        ledgers = List.of(args[2].split(","));
        group = args[3];
        transactionalId = args[4];
        incarnation = args[5];
        random = new SplittableRandom(Long.parseLong(args[6]));
    }

    /**
     * @param args bootstrap servers; the topic to read; the topics to write, separated by commas (an account's number
     *     decides which); the group; the transactional id; a name of this process that none had before; the seed that
     *     decides who aborts
     */
    public static void main(String[] args) {
        new BankWorker(args).run();
    }

    private void run() {
        while (true) {
            try (KafkaProducer<String, String> producer = producer();
                    KafkaConsumer<String, String> consumer = consumer()) {
                producer.initTransactions();
                consumer.subscribe(List.of(transfers));
                while (true) {
                    work(producer, consumer);
                }
            } catch (KafkaException e) {
                // fenced, timed out, or in doubt: what was committed tells where to go on
                System.out.println("restart " + e.toString().replace('\n', ' '));
            }
        }
    }

    private void work(KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
        if (records.isEmpty()) {
            return;
        }
        String attempt = incarnation + "." + ++attempts;
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
            System.out.println("aborted " + attempt);
            rewind(consumer);
        } else {
            producer.commitTransaction();
            System.out.println("committed " + attempt);
        }
    }

    private void book(KafkaProducer<String, String> producer, ConsumerRecord<String, String> transfer, String attempt) {
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

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        transactionalId,
                        "transaction.timeout.ms",
                        BankWorkers.TRANSACTION_TIMEOUT_MS,
                        "max.block.ms",
                        20_000,
                        "request.timeout.ms",
                        5_000,
                        "delivery.timeout.ms",
                        8_000),
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
}
