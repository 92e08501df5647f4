// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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
 * Commits, aborts, reads with both isolation levels, moves a group's offsets with a transaction, and fences a zombie;
 * uses only what clients since 2.5 offer. Fails with an {@link AssertionError} that says what was not as expected.
 */
final class TransactionRoundTrip {
    private static final int RECORDS = 100;

    private final String bootstrap;
    private final String input;
    private final String output;
    private final String group;

    /** @param prefix begins the names of the two topics and the group it makes */
    TransactionRoundTrip(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        input = prefix + "-tx-in";
        output = prefix + "-tx-out";
        group = prefix + "-tx-group";
    }

    void run(Admin admin) throws Exception {
        List<NewTopic> topics = List.of(new NewTopic(input, 2, (short) 3), new NewTopic(output, 2, (short) 3));
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        try (KafkaProducer<String, String> producer = producer("writer")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, input, "aborted");
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, input, "committed");
            producer.commitTransaction();
        }
        expect(read(input, "read_committed", RECORDS), "committed");
        expect(read(input, "read_uncommitted", 2 * RECORDS), "aborted", "committed");
        readProcessWrite();
        expect(read(output, "read_committed", RECORDS), "processed");
        fenceAZombie();
        admin.deleteTopics(List.of(input, output)).all().get(30, TimeUnit.SECONDS);
    }

    /** The first attempt is aborted, with its offsets; the second does the whole again. */
    private void readProcessWrite() {
        try (KafkaProducer<String, String> producer = producer("processor");
                KafkaConsumer<String, String> consumer = consumer("read_committed", group)) {
            producer.initTransactions();
            consumer.subscribe(List.of(input));
            List<ConsumerRecord<String, String>> read = poll(consumer, RECORDS);
            Map<TopicPartition, OffsetAndMetadata> positions = positions(consumer);
            producer.beginTransaction();
            send(producer, output, "never");
            producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
            producer.abortTransaction();
            consumer.committed(consumer.assignment())
                    .forEach((partition, offset) -> check(offset == null, "an aborted offset is seen: " + offset));

            producer.beginTransaction();
            read.forEach(each -> producer.send(
                    new ProducerRecord<>(output, each.partition(), each.key(), "processed-" + each.key())));
            producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
            producer.commitTransaction();
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
            check(committed.equals(positions), "committed " + committed + " instead of " + positions);
        }
    }

    private void fenceAZombie() {
        try (KafkaProducer<String, String> zombie = producer("fenced");
                KafkaProducer<String, String> successor = producer("fenced")) {
            zombie.initTransactions();
            zombie.beginTransaction();
            send(zombie, output, "zombie");
            zombie.flush();
            successor.initTransactions();
            boolean fenced = false;
            try {
                zombie.commitTransaction();
            } catch (KafkaException e) {
                fenced = true;
            }
            check(fenced, "a zombie committed");
            successor.beginTransaction();
            send(successor, output, "successor");
            successor.commitTransaction();
        }
        expect(read(output, "read_committed", 2 * RECORDS), "processed", "successor");
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String what) {
        for (int i = 0; i < RECORDS; i++) {
            producer.send(new ProducerRecord<>(topic, i % 2, "key-" + i, what + "-key-" + i));
        }
    }

    /** Everything there is, and not less than the given count. */
    private List<ConsumerRecord<String, String>> read(String topic, String isolation, int atLeast) {
        try (KafkaConsumer<String, String> consumer = consumer(isolation, group + "-reader")) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, String>> read = poll(consumer, atLeast);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
            return read;
        }
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (read.size() < count) {
            check(System.nanoTime() < deadline, "read " + read.size() + " of " + count + " records within 40 s");
            ConsumerRecords<String, String> polled = consumer.poll(Duration.ofMillis(100));
            polled.forEach(read::add);
        }
        return read;
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(KafkaConsumer<String, String> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        consumer.assignment()
                .forEach(each -> positions.put(each, new OffsetAndMetadata(consumer.position(each), "by transaction")));
        return positions;
    }

    /** Each key once for each word, in the order of the words within a partition. */
    private static void expect(List<ConsumerRecord<String, String>> read, String... words) {
        for (int partition = 0; partition < 2; partition++) {
            int index = partition;
            List<String> wanted = Arrays.stream(words)
                    .flatMap(word -> IntStream.range(0, RECORDS)
                            .filter(i -> i % 2 == index)
                            .mapToObj(i -> word + "-key-" + i))
                    .toList();
            List<String> found = read.stream()
                    .filter(each -> each.partition() == index)
                    .map(ConsumerRecord::value)
                    .toList();
            check(found.equals(wanted), "partition " + index + " holds " + found + " instead of " + wanted);
        }
    }

    private KafkaProducer<String, String> producer(String role) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", input + "-" + role, "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String isolation, String groupId) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        groupId,
                        "isolation.level",
                        isolation,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
