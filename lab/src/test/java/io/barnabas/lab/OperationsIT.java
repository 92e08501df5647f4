// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.TcpProxy;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to a running cluster while clients use it: three brokers in three racks, two log directories each. */
class OperationsIT {
    private static final int RECORD_BYTES = 10_000;
    /** The partition that only has to be big. */
    private static final int BALLAST = 1;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static ClusterProcesses cluster;
    private static Admin admin;

    @BeforeAll
    static void start() {
        cluster = new ClusterProcesses(
                directory,
                Map.of(
                        "min.insync.replicas", "1",
                        "replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector",
                        // a throttle just set is spread over all windows but one: with two it bites after a second
                        "replication.quota.window.num", "2",
                        "zookeeper.session.timeout.ms", "3000"));
        cluster.startZooKeeper();
        for (int id = 1; id <= 3; id++) {
            cluster.launchBroker(
                    id,
                    BrokerKind.BARNABAS,
                    Map.of("broker.rack", "rack-" + id, "log.dirs", logDir(id, "a") + "," + logDir(id, "b")));
        }
        for (int id = 1; id <= 3; id++) {
            cluster.awaitBroker(id);
        }
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(5));
        }
        cluster.close();
    }

    private static Path logDir(int id, String name) {
        return cluster.brokerDirectory(id).resolve(name);
    }

    // ---- fetch from follower (KIP-392)

    @Test
    void aConsumerReadsFromTheReplicaInItsRack() throws Exception {
        create("near", 1, List.of(1, 2, 3));
        int records = 200;
        fill("near", 0, records);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "client.rack",
                "rack-3",
                "auto.offset.reset",
                "earliest",
                "max.partition.fetch.bytes",
                100_000,
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(List.of(new TopicPartition("near", 0)));
            int[] read = {0};
            await("all records").atMost(Duration.ofSeconds(60)).until(() -> {
                read[0] += consumer.poll(Duration.ofMillis(200)).count();
                return read[0] >= records;
            });
            assertThat(read[0]).isEqualTo(records);
            double all = (double) records * RECORD_BYTES;
            assertThat(bytesFrom(consumer, 3)).isGreaterThan(all * 0.7);
            assertThat(bytesFrom(consumer, 1)).isLessThan(all * 0.3);
        }
    }

    @Test
    void aConsumerOfAFollowerGetsEachRecordAtOnce() throws Exception {
        create("prompt", 1, List.of(1, 2, 3));
        Map<String, Object> reading = Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "client.rack",
                "rack-3",
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class);
        List<Double> delaysMs = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer();
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(reading)) {
            consumer.assign(List.of(new TopicPartition("prompt", 0)));
            for (int i = 0; i < 40; i++) {
                producer.send(new ProducerRecord<>("prompt", 0, null, new byte[100]))
                        .get(30, TimeUnit.SECONDS);
                long acknowledgedNanos = System.nanoTime();
                while (consumer.poll(Duration.ofSeconds(5)).isEmpty()) {
                    assertThat(System.nanoTime() - acknowledgedNanos)
                            .as("ns without record %d", i)
                            .isLessThan(TimeUnit.SECONDS.toNanos(30));
                }
                delaysMs.add((System.nanoTime() - acknowledgedNanos) / 1e6);
            }
            assertThat(bytesFrom(consumer, 3)).as("bytes from the follower").isGreaterThan(bytesFrom(consumer, 1));
        }
        List<Double> warm =
                delaysMs.subList(10, delaysMs.size()).stream().sorted().toList();
        System.out.println("from acknowledgement to the follower's consumer, ms: " + warm);
        assertThat(warm.get(warm.size() / 2)).as("median in ms of %s", delaysMs).isLessThan(100);
    }

    private static double bytesFrom(KafkaConsumer<?, ?> consumer, int broker) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("incoming-byte-total")
                        && ("node-" + broker).equals(metric.getKey().tags().get("node-id")))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .sum();
    }

    // ---- leaders

    @Test
    void aLeaderThatMetadataNamesKnowsThatItLeads() throws Exception {
        int topics = 60;
        create("warm-up", 3, List.of(1, 2, 3));
        try (LeaderProbe probe = new LeaderProbe(List.of(1, 2, 3), cluster::port)) {
            for (int i = 0; i < topics; i++) {
                String topic = "led-" + i;
                var created = admin.createTopics(List.of(new NewTopic(topic, 3, (short) 3)));
                probe.probe(topic, 3, -1);
                created.all().get(30, TimeUnit.SECONDS);
            }
            assertThat(probe.answers()).containsOnlyKeys(Errors.NONE);
        }
    }

    // ---- reassignment (KIP-455) with a throttle (KIP-73)

    @Test
    void aThrottledReassignmentCompletesUnderLoadAndLosesNothing() throws Exception {
        create("moving", 2, List.of(1, 2));
        fill("moving", BALLAST, 1_200);
        try (SequencedProducer producer = producer("moving")) {
            throttle("moving", "3000000", "0:1,0:2,1:1,1:2", "0:3,1:3");
            long begun = System.nanoTime();
            Optional<NewPartitionReassignment> target = Optional.of(new NewPartitionReassignment(List.of(3, 2)));
            admin.alterPartitionReassignments(Map.of(
                            new TopicPartition("moving", 0), target, new TopicPartition("moving", BALLAST), target))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            await("the reassignment")
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> admin.listPartitionReassignments()
                            .reassignments()
                            .get(30, TimeUnit.SECONDS)
                            .isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("12 MB at 3 MB/s")
                    .isGreaterThan(Duration.ofMillis(1_500));
            TopicPartitionInfo now = describe("moving");
            assertThat(now.replicas()).extracting(Node::id).containsExactly(3, 2);
            assertThat(now.isr()).extracting(Node::id).containsExactlyInAnyOrder(2, 3);
            awaitAcknowledged(producer, 300);
            producer.stop();
            assertUnharmed(producer, "moving");
            throttle("moving", null, null, null);
        }
        await("the directory to go from broker 1")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !Files.exists(logDir(1, "a").resolve("moving-0"))
                        && !Files.exists(logDir(1, "b").resolve("moving-0")));
    }

    @Test
    void aDeletionEndsAThrottledReassignmentAndTheNameIsFreeAgain() throws Exception {
        TopicPartition partition = new TopicPartition("doomed", 0);
        create("doomed", 1, List.of(1));
        fill("doomed", 0, 600);
        throttle("doomed", "100000", "0:1", "0:2,0:3");
        admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(2, 3)))))
                .all()
                .get(30, TimeUnit.SECONDS);
        assertThat(reassignments()).containsKey(partition);
        admin.deleteTopics(List.of("doomed")).all().get(10, TimeUnit.SECONDS);
        awaitRecreated("doomed");
        assertThat(reassignments()).doesNotContainKey(partition);
        fill("doomed", 0, 5);
        throttleRates(null);
    }

    private static Map<TopicPartition, PartitionReassignment> reassignments() throws Exception {
        return admin.listPartitionReassignments().reassignments().get(30, TimeUnit.SECONDS);
    }

    /** The name is free when all replicas are deleted, under a throttle too. */
    private static void awaitRecreated(String topic) {
        await("the name " + topic + " to be free")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> {
                    admin.createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(1)))))
                            .all()
                            .get(30, TimeUnit.SECONDS);
                    return true;
                });
        awaitIsr(topic, List.of(1));
    }

    private static void throttle(String name, String bytesPerSecond, String leaders, String followers)
            throws Exception {
        throttleRates(bytesPerSecond);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        OpType type = bytesPerSecond == null ? OpType.DELETE : OpType.SET;
        alter(topic, type, "leader.replication.throttled.replicas", leaders);
        alter(topic, type, "follower.replication.throttled.replicas", followers);
    }

    private static void throttleRates(String bytesPerSecond) throws Exception {
        for (String key : List.of("leader.replication.throttled.rate", "follower.replication.throttled.rate")) {
            setOnAll(key, bytesPerSecond);
        }
    }

    /** Sets a key on each broker; null takes it back. */
    private static void setOnAll(String key, String value) throws Exception {
        for (int id = 1; id <= 3; id++) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
            alter(broker, value == null ? OpType.DELETE : OpType.SET, key, value);
        }
    }

    // ---- moves between log directories (KIP-113)

    @Test
    void aReplicaMovesToAnotherDirectoryUnderLoadAndLosesNothing() throws Exception {
        create("shelved", 1, List.of(1, 2));
        TopicPartitionReplica replica = new TopicPartitionReplica("shelved", 0, 1);
        try (SequencedProducer producer = producer("shelved")) {
            String from = currentDir(replica);
            String to = from.endsWith("/a")
                    ? logDir(1, "b").toString()
                    : logDir(1, "a").toString();
            admin.alterReplicaLogDirs(Map.of(replica, to)).all().get(30, TimeUnit.SECONDS);
            await("the move to " + to)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> currentDir(replica).equals(to) && futureDir(replica) == null);
            awaitAcknowledged(producer, 300);
            producer.stop();
            assertUnharmed(producer, "shelved");
            assertThat(Path.of(to, "shelved-0")).isDirectory();
            await("the former directory to go")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !Files.exists(Path.of(from, "shelved-0")));
        }
    }

    @Test
    void aTopicIsDeletedWhileItsReplicaMovesUnderAThrottle() throws Exception {
        create("leaving", 1, List.of(1));
        fill("leaving", 0, 600);
        TopicPartitionReplica replica = new TopicPartitionReplica("leaving", 0, 1);
        setOnAll("replica.alter.log.dirs.io.max.bytes.per.second", "100000");
        String other = logDir(1, currentDir(replica).endsWith("/a") ? "b" : "a").toString();
        admin.alterReplicaLogDirs(Map.of(replica, other)).all().get(30, TimeUnit.SECONDS);
        await("the move to begin").atMost(Duration.ofSeconds(30)).until(() -> other.equals(futureDir(replica)));
        admin.deleteTopics(List.of("leaving")).all().get(10, TimeUnit.SECONDS);
        awaitRecreated("leaving");
        fill("leaving", 0, 5);
        setOnAll("replica.alter.log.dirs.io.max.bytes.per.second", null);
    }

    private static String currentDir(TopicPartitionReplica replica) throws Exception {
        return admin.describeReplicaLogDirs(List.of(replica))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(replica)
                .getCurrentReplicaLogDir();
    }

    private static String futureDir(TopicPartitionReplica replica) throws Exception {
        return admin.describeReplicaLogDirs(List.of(replica))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(replica)
                .getFutureReplicaLogDir();
    }

    // ---- settings at run time

    @Test
    void clientsFollowAnAdvertisedListenerThatChangesAtRunTime() throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "2");
        try (TcpProxy proxy = TcpProxy.to(cluster.port(2))) {
            alter(broker, OpType.SET, "advertised.listeners", "PLAINTEXT://" + proxy.address());
            await("broker 2 at port " + proxy.port())
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> portOf(2) == proxy.port());
            create("behind-the-proxy", 1, List.of(2));
            fill("behind-the-proxy", 0, 10);
            alter(broker, OpType.DELETE, "advertised.listeners", null);
            await("broker 2 at its own port again")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> portOf(2) == cluster.port(2));
        }
    }

    private static int portOf(int id) throws Exception {
        return admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).stream()
                .filter(node -> node.id() == id)
                .mapToInt(Node::port)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void moreNetworkThreadsTakeConnectionsAtRunTime() throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "3");
        assertThat(networkThreads(3)).isLessThanOrEqualTo(3);
        alter(broker, OpType.SET, "num.network.threads", "6");
        List<Socket> connections = new ArrayList<>();
        try {
            await("more than the three threads of the start")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        connections.add(new Socket(InetAddress.getLoopbackAddress(), cluster.port(3)));
                        return networkThreads(3) == 6;
                    });
        } finally {
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    private static long networkThreads(int id) throws IOException {
        try (Stream<Path> tasks =
                Files.list(Path.of("/proc", Long.toString(cluster.broker(id).pid()), "task"))) {
            return tasks.filter(task -> nameOf(task).startsWith("network-")).count();
        }
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return ""; // ended since it was listed
        }
    }

    @Test
    void aLeaderlessPartitionGetsALeaderWhenUncleanElectionsAreAllowedAtRunTime() throws Exception {
        ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
        create("unclean", 1, List.of(1, 2));
        fill("unclean", 0, 5);
        cluster.broker(2).kill();
        awaitIsr("unclean", List.of(1));
        fill("unclean", 0, 5);
        cluster.broker(1).kill();
        cluster.restartBroker(2);
        await("a partition without a leader")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> describe("unclean").leader() == null);
        alter(all, OpType.SET, "unclean.leader.election.enable", "true");
        await("broker 2 to lead, although it is behind")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> describe("unclean").leader() != null
                        && describe("unclean").leader().id() == 2);
        alter(all, OpType.DELETE, "unclean.leader.election.enable", null);
        cluster.restartBroker(1);
        awaitIsr("unclean", List.of(1, 2));
    }

    // ---- helpers

    private static void create(String topic, int partitions, List<Integer> replicas) throws Exception {
        Map<Integer, List<Integer>> assignments =
                IntStream.range(0, partitions).boxed().collect(Collectors.toMap(index -> index, index -> replicas));
        admin.createTopics(List.of(new NewTopic(topic, assignments))).all().get(30, TimeUnit.SECONDS);
        awaitIsr(topic, replicas);
    }

    private static void awaitIsr(String topic, Collection<Integer> brokers) {
        await("topic " + topic + " in sync on " + brokers)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    TopicPartitionInfo partition = describe(topic);
                    return partition.leader() != null
                            && partition.isr().size() == brokers.size()
                            && partition.isr().stream().allMatch(node -> brokers.contains(node.id()));
                });
    }

    private static TopicPartitionInfo describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .get(0);
    }

    private static void alter(ConfigResource resource, OpType type, String key, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(key, value), type))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static SequencedProducer producer(String topic) {
        SequencedProducer producer =
                new SequencedProducer(cluster.bootstrap(), topic, 1, 300, Map.of("batch.size", 1_000)).start();
        awaitAcknowledged(producer, 100);
        return producer;
    }

    private static void awaitAcknowledged(SequencedProducer producer, int more) {
        long before = producer.acknowledged();
        await("acknowledgements").atMost(Duration.ofSeconds(60)).until(() -> producer.acknowledged() > before + more);
    }

    private static void assertUnharmed(SequencedProducer producer, String topic) {
        assertThat(producer.failures()).isEmpty();
        assertThat(LogChecker.check(producer.promises(), LogChecker.readAll(cluster.bootstrap(), topic, 1)))
                .isEmpty();
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "acks",
                "all",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class));
    }

    private static void fill(String topic, int partition, int records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < records - 1; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, new byte[RECORD_BYTES]));
            }
            producer.send(new ProducerRecord<>(topic, partition, null, new byte[RECORD_BYTES]))
                    .get(30, TimeUnit.SECONDS);
        }
    }
}
