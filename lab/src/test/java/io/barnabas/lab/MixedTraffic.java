// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.GroupReader;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * An idempotent acks=all producer and one group per coordinating broker on a cluster of both kinds, with what a test asks
 * about them. Owned by the test's thread.
 */
final class MixedTraffic implements AutoCloseable {
    static final String TOPIC = "drill";
    private static final int PARTITIONS = 3;
    private static final int STEP = 150;

    private final ClusterProcesses cluster;
    private final Admin admin;
    private final SequencedProducer producer;
    private final List<GroupReader> groups = new ArrayList<>();

    MixedTraffic(ClusterProcesses cluster) throws Exception {
        this.cluster = cluster;
        this.admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
        await("three brokers")
                .atMost(Duration.ofSeconds(30))
                .until(() -> admin.describeCluster().nodes().get().size() == 3);
        Map<Integer, List<Integer>> assignment = Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));
        admin.createTopics(List.of(new NewTopic(TOPIC, assignment))).all().get(30, TimeUnit.SECONDS);
        awaitHealth();
        producer = new SequencedProducer(cluster.bootstrap(), TOPIC, PARTITIONS, 300, Map.of()).start();
        for (String group : oneGroupPerCoordinator()) {
            groups.add(new GroupReader(cluster.bootstrap(), TOPIC, group, Map.of()).start(1));
        }
        awaitProgress("the start");
    }

    Admin admin() {
        return admin;
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

    /** Every partition of the drill's topic and of the groups' has its full ISR. */
    void awaitHealth() {
        await("every partition to have a full ISR")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    Set<String> names = new HashSet<>(admin.listTopics(new ListTopicsOptions().listInternal(true))
                            .names()
                            .get(30, TimeUnit.SECONDS));
                    names.retainAll(Set.of(TOPIC, "__consumer_offsets"));
                    Collection<TopicDescription> topics = admin.describeTopics(names)
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS)
                            .values();
                    return topics.stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.leader() != null
                                    && partition.isr().size()
                                            == partition.replicas().size());
                });
    }

    void awaitProgress(String after) {
        long acknowledged = producer.acknowledged();
        await("acknowledgements after " + after)
                .atMost(Duration.ofSeconds(60))
                .until(() -> producer.acknowledged() > acknowledged + STEP);
        for (GroupReader group : groups) {
            long read = group.distinctRead();
            await("a group to read on after " + after)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> group.distinctRead() > read + STEP);
        }
    }

    /** Nothing acknowledged is lost, doubled or out of order; each group has read all of it and lost no commit. */
    void verify() {
        producer.stop();
        assertThat(producer.failures()).as("sends that failed").isEmpty();
        var log = LogChecker.readAll(cluster.bootstrap(), TOPIC, PARTITIONS);
        assertThat(LogChecker.check(producer.promises(), log)).isEmpty();
        for (GroupReader group : groups) {
            await("the group to catch up")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> group.distinctRead() >= producer.acknowledged());
            group.close();
            assertThat(group.anomalies()).as("what a group saw").isEmpty();
        }
        assertThat(complaints()).as("errors in the brokers' logs").isEmpty();
    }

    /** The ERROR lines of all brokers. */
    private List<String> complaints() {
        List<String> found = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            try (Stream<String> lines = Files.lines(cluster.broker(id).output())) {
                String broker = "broker " + id + ": ";
                lines.filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d+ (ERROR|FATAL).*"))
                        .forEach(line -> found.add(broker + line));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static int asking(Callable<Integer> question) {
        return await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(question, id -> id >= 0);
    }

    @Override
    public void close() {
        producer.close();
        groups.forEach(GroupReader::close);
        admin.close(Duration.ofSeconds(5));
    }
}
