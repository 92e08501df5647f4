// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.broker.config.BarnabasConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.curator.test.TestingServer;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Stock clients in transactions with three brokers and a ZooKeeper in this process. */
class TransactionsTest {
    private static final int PARTITIONS = 3;

    private static TestingServer zooKeeper;
    private static final List<BrokerProcess> BROKERS = new ArrayList<>();
    private static String bootstrap;
    private static Admin admin;

    private String topic;
    private String id;

    @BeforeAll
    static void startCluster(@TempDir Path directory) throws Exception {
        zooKeeper = new TestingServer(-1, directory.resolve("zookeeper").toFile(), true);
        List<Integer> ports = freePorts(3);
        bootstrap = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        for (int broker = 1; broker <= 3; broker++) {
            BrokerProcess process = new BrokerProcess(config(directory, broker, ports.get(broker - 1)));
            BROKERS.add(process);
            process.start();
        }
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        }
        List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }

    private static BarnabasConfig config(Path directory, int broker, int port) {
        return BarnabasConfig.of(Map.ofEntries(
                Map.entry("broker.id", Integer.toString(broker)),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("log.dirs", directory.resolve("broker-" + broker).toString()),
                Map.entry("zookeeper.connect", zooKeeper.getConnectString()),
                Map.entry("min.insync.replicas", "2"),
                Map.entry("offsets.topic.num.partitions", "3"),
                Map.entry("transaction.state.log.num.partitions", "3"),
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"),
                Map.entry("controlled.shutdown.max.retries", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0")));
    }

    @AfterAll
    static void stopCluster() throws Exception {
        admin.close();
        BROKERS.forEach(BrokerProcess::stop);
        zooKeeper.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        id = "id-" + topic;
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 3)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private KafkaProducer<String, String> producer(int timeoutMs) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", id, "transaction.timeout.ms", timeoutMs),
                new StringSerializer(),
                new StringSerializer());
    }

    private void sendToAll(KafkaProducer<String, String> producer, String value) {
        IntStream.range(0, PARTITIONS)
                .forEach(partition -> producer.send(new ProducerRecord<>(topic, partition, null, value)));
        producer.flush();
    }

    private List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** The values in all partitions, up to the ends that the isolation level shows. */
    private List<String> read(String isolation) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(partitions());
            consumer.seekToBeginning(partitions());
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions());
            List<String> values = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            return values;
        }
    }

    private TransactionDescription describe() throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get(30, TimeUnit.SECONDS);
    }

    private void awaitState(TransactionState state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(describe().state()).isEqualTo(state));
    }

    @Test
    void committedRecordsAreSeenAndAbortedOnesAreNot() throws Exception {
        try (KafkaProducer<String, String> producer = producer(60_000)) {
            producer.initTransactions();
            producer.beginTransaction();
            sendToAll(producer, "committed");
            assertThat(describe().state()).isEqualTo(TransactionState.ONGOING);
            assertThat(describe().topicPartitions()).hasSize(PARTITIONS);
            assertThat(read("read_committed")).isEmpty();
            assertThat(read("read_uncommitted")).hasSize(PARTITIONS);
            producer.commitTransaction();
            producer.beginTransaction();
            sendToAll(producer, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            sendToAll(producer, "committed too");
            producer.commitTransaction();
            awaitState(TransactionState.COMPLETE_COMMIT);
            assertThat(read("read_committed")).hasSize(2 * PARTITIONS).doesNotContain("aborted");
            assertThat(read("read_uncommitted")).hasSize(3 * PARTITIONS);

            producer.beginTransaction();
            sendToAll(producer, "open");
            assertThat(latest(IsolationLevel.READ_COMMITTED)).isEqualTo(6L);
            assertThat(latest(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(7L);
            producer.abortTransaction();
        }
    }

    private long latest(IsolationLevel isolation) throws Exception {
        TopicPartition first = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(first, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(first)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    @Test
    void offsetsCountOnceTheirTransactionCommits() throws Exception {
        TopicPartition read = new TopicPartition(topic, 1);
        try (KafkaProducer<String, String> producer = producer(60_000)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(read, new OffsetAndMetadata(5)), new ConsumerGroupMetadata(id));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(read, new OffsetAndMetadata(7)), new ConsumerGroupMetadata(id));
            assertThat(committed()).doesNotContainKey(read);
            producer.commitTransaction();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(committed()).containsEntry(read, new OffsetAndMetadata(7)));
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return admin.listConsumerGroupOffsets(id)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void aNewProducerFencesTheFormer() throws Exception {
        try (KafkaProducer<String, String> zombie = producer(60_000);
                KafkaProducer<String, String> successor = producer(60_000)) {
            zombie.initTransactions();
            zombie.beginTransaction();
            sendToAll(zombie, "zombie");
            successor.initTransactions();
            successor.beginTransaction();
            sendToAll(successor, "successor");
            assertThatThrownBy(zombie::commitTransaction).isInstanceOf(KafkaException.class);
            successor.commitTransaction();
            awaitState(TransactionState.COMPLETE_COMMIT);
        }
        assertThat(read("read_committed")).hasSize(PARTITIONS).containsOnly("successor");
    }

    @Test
    void whatTakesTooLongIsAborted() throws Exception {
        try (KafkaProducer<String, String> slow = producer(300)) {
            slow.initTransactions();
            slow.beginTransaction();
            sendToAll(slow, "slow");
            awaitState(TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }
        assertThat(read("read_committed")).isEmpty();
        assertThat(openTransactions()).isEmpty();
    }

    private Map<TopicPartition, ProducerState> openTransactions() throws Exception {
        Map<TopicPartition, ProducerState> open = new HashMap<>();
        admin.describeProducers(partitions())
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .forEach(producer -> open.put(partition, producer)));
        return open;
    }

    @Test
    void anAdministratorFencesListsAndAborts() throws Exception {
        try (KafkaProducer<String, String> producer = producer(60_000)) {
            producer.initTransactions();
            producer.beginTransaction();
            sendToAll(producer, "hanging");
            assertThat(admin.listTransactions(
                                    new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                            .all()
                            .get(30, TimeUnit.SECONDS))
                    .anyMatch(listed -> listed.transactionalId().equals(id));

            TopicPartition first = new TopicPartition(topic, 0);
            for (int broker = 1; broker <= 3; broker++) {
                assertThat(admin.describeProducers(partitions(), new DescribeProducersOptions().brokerId(broker))
                                .all()
                                .get(30, TimeUnit.SECONDS))
                        .as("what broker " + broker + " knows, leading or following")
                        .hasSize(PARTITIONS);
            }
            ProducerState open = openTransactions().get(first);
            admin.abortTransaction(new AbortTransactionSpec(first, open.producerId(), (short) open.producerEpoch(), -1))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            assertThat(openTransactions()).hasSize(PARTITIONS - 1).doesNotContainKey(first);

            admin.fenceProducers(List.of(id)).all().get(30, TimeUnit.SECONDS);
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(openTransactions()).isEmpty());
    }
}
