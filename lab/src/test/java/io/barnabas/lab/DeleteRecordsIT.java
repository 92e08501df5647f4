// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Records deleted stay deleted: both replicas are killed as soon as DeleteRecords is answered. */
@Tag("long")
class DeleteRecordsIT {
    private static final int PARTITIONS = 4;
    private static final long KEPT_FROM = 7L;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void deletedRecordsDoNotComeBackAfterAKill() throws Exception {
        cluster = new ClusterProcesses(
                directory,
                Map.of(
                        "auto.leader.rebalance.enable", "false",
                        "unclean.leader.election.enable", "false",
                        // broker 2 leads everything once the session of broker 1 is over
                        "zookeeper.session.timeout.ms", "2000",
                        // a follower tells of its log start with its next fetch
                        "replica.fetch.wait.max.ms", "100"));
        cluster.startZooKeeper();
        cluster.startBrokers(BrokerKind.BARNABAS, BrokerKind.BARNABAS);
        Map<TopicPartition, RecordsToDelete> deleted = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            deleted.put(new TopicPartition("orders", i), RecordsToDelete.beforeOffset(KEPT_FROM));
        }
        try (Admin admin = admin(cluster.bootstrap())) {
            admin.createTopics(List.of(new NewTopic("orders", PARTITIONS, (short) 2)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            produce();
            admin.deleteRecords(deleted).all().get(30, TimeUnit.SECONDS);
            cluster.broker(1).kill();
            cluster.broker(2).kill();
        }
        cluster.restartBroker(2);
        assertThat(firstOffsets(deleted.keySet())).hasSize(PARTITIONS).containsOnly(KEPT_FROM);
    }

    /** Broker 2 led some of the partitions and followed in the others; now it leads all. */
    private List<Long> firstOffsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
        try (Admin admin = admin(cluster.address(2))) {
            return await("broker 2 to lead everything")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(
                            () -> admin.listOffsets(asked).all().get(5, TimeUnit.SECONDS).values().stream()
                                    .map(ListOffsetsResult.ListOffsetsResultInfo::offset)
                                    .toList(),
                            offsets -> offsets.size() == partitions.size());
        }
    }

    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 3_000));
    }

    private void produce() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < PARTITIONS * 10; i++) {
                producer.send(new ProducerRecord<>("orders", i % PARTITIONS, "k", "v" + i));
            }
            producer.flush();
        }
    }
}
