// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Transactions of a mixed cluster: a producer per coordinating broker writes to partitions led by each broker and commits a
 * group's offsets with it, while coordinators are killed in the middle and the other kind takes over what they wrote.
 */
@Tag("referee")
class MixedTransactionsIT extends MixedDrill {
    private static final String LEDGER = "ledger";
    private static final String GROUP = "ledger-group";
    private static final TopicPartition SOURCE = new TopicPartition(MixedTraffic.TOPIC, 0);
    private static final int PARTITIONS = 3;

    /** By the broker that coordinates it at the start. */
    private final Map<Integer, KafkaProducer<Long, Long>> producers = new TreeMap<>();

    private final List<String> ids = new ArrayList<>();
    private final List<Long> committed = new ArrayList<>();
    private long sequence;

    @AfterEach
    void closeProducers() {
        producers.values().forEach(producer -> producer.close(Duration.ofSeconds(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void keepsTransactionsWhoeverCoordinatesThem(String mix) throws Exception {
        start(mix, Map.of());
        traffic.admin()
                .createTopics(List.of(
                        new NewTopic(LEDGER, Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))))
                .all()
                .get(120, TimeUnit.SECONDS);
        oneProducerPerCoordinator();
        round();
        for (int id = 1; id <= 3; id++) {
            String what = announce("kill -9 in the middle of a transaction of coordinator", id);
            KafkaProducer<Long, Long> producer = producers.get(id);
            write(producer);
            cluster.broker(id).kill();
            commit(producer);
            round();
            restart(id, cluster.kind(id));
            awaitAllWell("the restart after " + what);
            traffic.electPreferredLeaders();
            round();
        }
        checkLedger();
        await("no transaction to be open", this::allComplete);
        verify();
    }

    private void oneProducerPerCoordinator() throws Exception {
        for (int i = 0; i < 60 && producers.size() < 3; i++) {
            String id = "clerk-" + i;
            KafkaProducer<Long, Long> producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            cluster.bootstrap(),
                            "transactional.id",
                            id,
                            "request.timeout.ms",
                            10_000),
                    new LongSerializer(),
                    new LongSerializer());
            producer.initTransactions();
            if (producers.putIfAbsent(describe(id).coordinatorId(), producer) == null) {
                ids.add(id);
            } else {
                producer.close();
            }
        }
        assertThat(producers).as("brokers that coordinate transactions").containsOnlyKeys(1, 2, 3);
        List<Long> producerIds = new ArrayList<>();
        for (String id : ids) {
            producerIds.add(describe(id).producerId());
        }
        assertThat(producerIds).as("producer ids, from a block per coordinator").doesNotHaveDuplicates();
    }

    private TransactionDescription describe(String id) throws Exception {
        return traffic.admin().describeTransactions(List.of(id)).description(id).get(120, TimeUnit.SECONDS);
    }

    /** Two commits and an abort of each producer. */
    private void round() {
        for (KafkaProducer<Long, Long> producer : producers.values()) {
            write(producer);
            commit(producer);
            write(producer);
            producer.abortTransaction();
            write(producer);
            commit(producer);
        }
    }

    private void write(KafkaProducer<Long, Long> producer) {
        sequence++;
        producer.beginTransaction();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            producer.send(new ProducerRecord<>(LEDGER, partition, sequence, sequence));
        }
        producer.sendOffsetsToTransaction(
                Map.of(SOURCE, new OffsetAndMetadata(sequence)), new ConsumerGroupMetadata(GROUP));
        producer.flush();
    }

    private void commit(KafkaProducer<Long, Long> producer) {
        producer.commitTransaction();
        committed.add(sequence);
    }

    private void checkLedger() throws Exception {
        List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(LEDGER, partition))
                .toList();
        Map<TopicPartition, List<Long>> read = new TreeMap<>(Comparator.comparing(TopicPartition::partition));
        all.forEach(partition -> read.put(partition, new ArrayList<>()));
        try (KafkaConsumer<Long, Long> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", cluster.bootstrap(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new LongDeserializer(),
                new LongDeserializer())) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            await("the ledger to be read", () -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(item -> read.get(new TopicPartition(item.topic(), item.partition()))
                                .add(item.value()));
                return all.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            });
        }
        read.forEach((partition, values) ->
                assertThat(values).as("what is committed in %s", partition).isEqualTo(committed));
        assertThat(traffic.admin()
                        .listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get(120, TimeUnit.SECONDS)
                        .get(SOURCE)
                        .offset())
                .as("the offset committed with the last transaction")
                .isEqualTo(sequence);
    }

    private boolean allComplete() throws Exception {
        return traffic.admin().listTransactions().all().get(120, TimeUnit.SECONDS).stream()
                .map(TransactionListing::state)
                .allMatch(state -> state == TransactionState.COMPLETE_COMMIT
                        || state == TransactionState.COMPLETE_ABORT
                        || state == TransactionState.EMPTY);
    }
}
