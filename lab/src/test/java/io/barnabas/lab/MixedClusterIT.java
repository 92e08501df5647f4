// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.LogChecker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One cluster of Apache Kafka 3.9.2 and Barnabas brokers. Every broker leads, follows and coordinates a group; the first to
 * start is the controller.
 */
@Tag("referee")
class MixedClusterIT {
    private static final TopicPartition MOVED = new TopicPartition("moved", 0);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void rollsFromKafkaToBarnabasAndBackUnderTraffic() throws Exception {
        start(BrokerKind.KAFKA, BrokerKind.KAFKA, BrokerKind.KAFKA);
        try (MixedTraffic traffic = new MixedTraffic(cluster)) {
            for (BrokerKind kind : List.of(BrokerKind.BARNABAS, BrokerKind.KAFKA)) {
                for (int id = 1; id <= 3; id++) {
                    roll(traffic, id, kind);
                }
            }
            traffic.verify();
            assertNothingWasSetAside();
        }
    }

    private void roll(MixedTraffic traffic, int id, BrokerKind kind) {
        assertThat(cluster.broker(id).terminate(60))
                .as("exit code of broker %d", id)
                .isIn(0, 143);
        cluster.startBroker(id, kind);
        traffic.awaitHealth();
        traffic.awaitProgress("broker " + id + " became " + kind);
    }

    @ParameterizedTest
    @CsvSource({"KAFKA, BARNABAS, BARNABAS", "BARNABAS, KAFKA, KAFKA"})
    void worksInEveryRoleOfEitherKind(BrokerKind first, BrokerKind second, BrokerKind third) throws Exception {
        start(first, second, third);
        try (MixedTraffic traffic = new MixedTraffic(cluster)) {
            assertThat(traffic.controller()).isEqualTo(1);
            administrate(traffic);
            createAutomatically("before");
            for (int id = 1; id <= 3; id++) {
                cluster.broker(id).kill();
                traffic.awaitProgress("kill -9 of broker " + id + ", " + cluster.kind(id));
                cluster.restartBroker(id);
                traffic.awaitHealth();
            }
            administrate(traffic);
            createAutomatically("after");
            traffic.verify();
            assertNothingWasSetAside();
        }
    }

    /** The first broker is the controller. */
    private void start(BrokerKind... kinds) throws Exception {
        cluster = new ClusterProcesses(directory, Map.of());
        cluster.startZooKeeper();
        cluster.startBroker(1, kinds[0]);
        try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> tree.exists("/controller"));
        }
        cluster.launchBroker(2, kinds[1]);
        cluster.launchBroker(3, kinds[2]);
        cluster.awaitBroker(2);
        cluster.awaitBroker(3);
    }

    private void administrate(MixedTraffic traffic) throws Exception {
        Admin admin = traffic.admin();
        admin.createTopics(List.of(new NewTopic(MOVED.topic(), Map.of(0, List.of(1)))))
                .all()
                .get(30, TimeUnit.SECONDS);
        produce(MOVED, 0, 100);
        long sequence = 100;
        for (List<Integer> target : List.of(List.of(2), List.of(3), List.of(1), List.of(1, 2, 3))) {
            reassign(traffic, target);
            produce(MOVED, sequence, 10);
            sequence += 10;
        }
        reassign(traffic, List.of(3, 2, 1));
        admin.electLeaders(ElectionType.PREFERRED, Set.of(MOVED)).all().get(30, TimeUnit.SECONDS);
        await("the preferred leader")
                .atMost(Duration.ofSeconds(30))
                .until(() -> traffic.describe(MOVED.topic())
                                .partitions()
                                .get(0)
                                .leader()
                                .id()
                        == 3);
        admin.createPartitions(
                        Map.of(MOVED.topic(), NewPartitions.increaseTo(3, List.of(List.of(2, 1, 3), List.of(1, 3, 2)))))
                .all()
                .get(30, TimeUnit.SECONDS);
        produce(new TopicPartition(MOVED.topic(), 1), 0, 10);
        produce(new TopicPartition(MOVED.topic(), 2), 0, 10);
        assertThat(records()).containsExactly(Map.entry(0, (int) sequence), Map.entry(1, 10), Map.entry(2, 10));
        delete(admin);
        admin.createTopics(List.of(new NewTopic(MOVED.topic(), Map.of(0, List.of(3, 1, 2)))))
                .all()
                .get(30, TimeUnit.SECONDS);
        produce(MOVED, 0, 5);
        assertThat(LogChecker.readAll(cluster.bootstrap(), MOVED.topic(), 1).get(0))
                .hasSize(5);
        delete(admin);
    }

    /** Whichever broker a client asks for metadata creates the topic; on Kafka that need not be the controller. */
    private void createAutomatically(String when) throws Exception {
        for (int i = 0; i < 5; i++) {
            produce(new TopicPartition("automatic-" + when + "-" + i, 0), 0, 3);
        }
    }

    private static void delete(Admin admin) throws Exception {
        admin.deleteTopics(List.of(MOVED.topic())).all().get(30, TimeUnit.SECONDS);
        await("the topic to be gone")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !admin.listTopics().names().get().contains(MOVED.topic()));
    }

    private void reassign(MixedTraffic traffic, List<Integer> target) throws Exception {
        Admin admin = traffic.admin();
        admin.alterPartitionReassignments(Map.of(MOVED, Optional.of(new NewPartitionReassignment(target))))
                .all()
                .get(30, TimeUnit.SECONDS);
        await("the reassignment to " + target)
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty()
                                && traffic.describe(MOVED.topic())
                                                .partitions()
                                                .get(0)
                                                .isr()
                                                .size()
                                        == target.size());
    }

    /** How many records each partition holds. */
    private Map<Integer, Integer> records() {
        Map<Integer, Integer> sizes = new TreeMap<>();
        LogChecker.readAll(cluster.bootstrap(), MOVED.topic(), 3)
                .forEach((partition, log) -> sizes.put(partition, log.size()));
        return sizes;
    }

    private void produce(TopicPartition partition, long from, int count) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", cluster.bootstrap(),
                "key.serializer", LongSerializer.class,
                "value.serializer", LongSerializer.class);
        try (KafkaProducer<Long, Long> producer = new KafkaProducer<>(settings)) {
            for (long i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), i, i))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** A directory set aside would mean that a broker took a living topic's log for a stray. */
    private void assertNothingWasSetAside() throws Exception {
        for (int id = 1; id <= 3; id++) {
            try (Stream<Path> files = Files.list(cluster.brokerDirectory(id).resolve("data"))) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith("-stray"));
            }
        }
    }
}
