// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.GroupReader;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;

/**
 * An idempotent acks=all producer and one group per coordinating broker on a cluster of both kinds, with what a test asks
 * about them. Owned by the test's thread.
 */
final class MixedTraffic implements AutoCloseable {
    static final String TOPIC = "drill";
    private static final int PARTITIONS = 3;
    private static final int STEP = 150;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ClusterProcesses cluster;
    private final Admin admin;
    private final SequencedProducer producer;
    private final Map<String, GroupReader> groups = new TreeMap<>();

    MixedTraffic(ClusterProcesses cluster) {
        this.cluster = cluster;
        // electLeaders does not look for another controller itself
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "default.api.timeout.ms",
                30_000,
                "metadata.max.age.ms",
                1_000));
        this.producer = new SequencedProducer(cluster.bootstrap(), TOPIC, PARTITIONS, 300, Map.of());
    }

    /** Waits for three brokers, creates the topic, and starts. */
    void start() throws Exception {
        new ClusterRoles(admin).awaitBrokers(3);
        Map<Integer, List<Integer>> assignment = Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));
        admin.createTopics(List.of(new NewTopic(TOPIC, assignment))).all().get(30, TimeUnit.SECONDS);
        awaitHealth("the topic was created");
        awaitLeaders();
        producer.start();
        for (String group : oneGroupPerCoordinator()) {
            groups.put(group, new GroupReader(cluster.bootstrap(), TOPIC, group, Map.of()).start(1));
        }
        awaitProgress("the start");
    }

    Admin admin() {
        return admin;
    }

    /**
     * Until each leader answers for its partition. A stock idempotent producer whose first batch is refused by a leader
     * that does not know its role yet, while the second is taken, is never rid of OutOfOrderSequence (KAFKA-14359).
     */
    private void awaitLeaders() {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(TOPIC, partition), OffsetSpec.latest());
        }
        asking(() -> admin.listOffsets(ends).all().get(30, TimeUnit.SECONDS));
    }

    /** Group names such that every broker coordinates one. */
    private List<String> oneGroupPerCoordinator() {
        Set<Integer> found = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 60 && found.size() < 3; i++) {
            String name = "group-" + i;
            if (found.add(coordinator(name))) {
                names.add(name);
            }
        }
        assertThat(found).as("brokers that coordinate groups").hasSize(3);
        return names;
    }

    private int coordinator(String group) {
        return asking(() -> admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get(30, TimeUnit.SECONDS)
                .coordinator()
                .id());
    }

    int controller() {
        return asking(() ->
                admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id());
    }

    TopicDescription describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic);
    }

    /** Gives every leader its preferred broker back. */
    void electPreferredLeaders() {
        await("preferred leaders")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    admin.electLeaders(ElectionType.PREFERRED, null).all().get(30, TimeUnit.SECONDS);
                    assertThat(describe(TOPIC).partitions())
                            .allMatch(
                                    p -> p.leader().id() == p.replicas().get(0).id());
                });
    }

    /** What a broker is at the moment, in words. */
    String roles(int id) {
        List<String> roles = new ArrayList<>();
        if (controller() == id) {
            roles.add("controller");
        }
        asking(() -> describe(TOPIC)).partitions().stream()
                .filter(partition ->
                        partition.leader() != null && partition.leader().id() == id)
                .forEach(partition -> roles.add("leads " + TOPIC + "-" + partition.partition()));
        groups.keySet().stream()
                .filter(group -> coordinator(group) == id)
                .forEach(group -> roles.add("coordinates " + group));
        return String.join(", ", roles);
    }

    /** Every partition of every topic has a leader and a full ISR. */
    void awaitHealth(String after) {
        await("every partition to have a full ISR after " + after)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(new ClusterRoles(admin).underReplicated(List.of(TOPIC)))
                        .isEmpty());
    }

    /** How many partitions have this broker in their ISR without being led by it, of the drill's topic. */
    long partitionsFollowedInSync(int id) throws Exception {
        return describe(TOPIC).partitions().stream()
                .filter(partition ->
                        partition.leader() != null && partition.leader().id() != id)
                .filter(partition -> partition.isr().stream().anyMatch(node -> node.id() == id))
                .count();
    }

    void awaitProgress(String after) {
        long acknowledged = producer.acknowledged();
        await("acknowledgements after " + after)
                .atMost(PATIENCE)
                .until(() -> producer.acknowledged() > acknowledged + STEP);
        groups.forEach((name, group) -> {
            long read = group.distinctRead();
            await(name + " to read on after " + after).atMost(PATIENCE).until(() -> group.distinctRead() > read + STEP);
        });
    }

    /** Nothing acknowledged is lost, doubled or out of order; each group has read all of it and lost no commit. */
    void verify() {
        producer.stop();
        assertThat(producer.failures()).as("sends that failed").isEmpty();
        var log = LogChecker.readAll(cluster.bootstrap(), TOPIC, PARTITIONS);
        assertThat(LogChecker.check(producer.promises(), log)).isEmpty();
        groups.forEach((name, group) -> {
            await(name + " to catch up").atMost(PATIENCE).until(() -> group.distinctRead() >= producer.acknowledged());
            group.close();
            assertThat(group.anomalies()).as("what " + name + " saw").isEmpty();
        });
    }

    private static <T> T asking(Callable<T> question) {
        return await().atMost(PATIENCE).ignoreExceptions().until(question, Objects::nonNull);
    }

    @Override
    public void close() {
        producer.close();
        groups.values().forEach(GroupReader::close);
        admin.close(Duration.ofSeconds(5));
    }
}
