// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.GroupReader;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * What runs while something is broken: an idempotent acks=all producer on one topic of three copies, and a consumer group
 * that reads it. Knows who leads what, and what must hold in the end.
 */
final class Traffic implements AutoCloseable {
    static final String TOPIC = "drill";
    static final String GROUP = "drill-group";

    private final ClusterProcesses cluster;
    private final int partitions;
    private final Admin admin;
    private SequencedProducer producer;
    private GroupReader readers;

    Traffic(ClusterProcesses cluster, int partitions) {
        this.cluster = cluster;
        this.partitions = partitions;
        this.admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
    }

    /** Creates the topic and starts a producer and two group members. */
    Traffic start(int recordsPerSecond) {
        return start(recordsPerSecond, Map.of());
    }

    /** @param settings of all clients, on top of their own */
    Traffic start(int recordsPerSecond, Map<String, Object> settings) {
        createTopic(TOPIC, partitions);
        awaitHealth();
        producer = new SequencedProducer(cluster.bootstrap(), TOPIC, partitions, recordsPerSecond, settings).start();
        readers = new GroupReader(cluster.bootstrap(), TOPIC, GROUP, settings).start(2);
        awaitProgress("the start");
        return this;
    }

    /** Creates a topic of three copies, once as many brokers are known. */
    void createTopic(String name, int partitionCount) {
        new ClusterRoles(admin).awaitBrokers(3);
        try {
            admin.createTopics(List.of(new NewTopic(name, partitionCount, (short) 3)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("topic " + name + " could not be created", e);
        }
    }

    Admin admin() {
        return admin;
    }

    SequencedProducer producer() {
        return producer;
    }

    /** Stops sending; holds what was acknowledged against the log, and what the group saw against both. */
    void verifyEverything() {
        producer.stop();
        assertThat(producer.failures()).as("sends that failed").isEmpty();
        await("the group to catch up")
                .atMost(Duration.ofSeconds(60))
                .until(() -> readers.distinctRead() >= producer.acknowledged());
        readers.close();
        var log = LogChecker.readAll(cluster.bootstrap(), TOPIC, partitions);
        assertThat(LogChecker.check(producer.promises(), log)).isEmpty();
        assertThat(readers.anomalies()).as("what the group saw").isEmpty();
        readers.read()
                .forEach((partition, read) -> assertThat(log.get(partition)).containsAllEntriesOf(read));
    }

    /** Waits until records are acknowledged and read again. */
    void awaitProgress(String after) {
        long acknowledged = producer.acknowledged();
        long read = readers.distinctRead();
        await("acknowledgements after " + after)
                .atMost(Duration.ofSeconds(60))
                .until(() -> producer.acknowledged() > acknowledged + 300);
        await("the group to read on after " + after)
                .atMost(Duration.ofSeconds(60))
                .until(() -> readers.distinctRead() > read + 300);
    }

    /** Waits until every partition has a leader and all its copies. */
    void awaitHealth() {
        await("every partition to have a full ISR")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> describe().partitions().stream()
                        .allMatch(partition ->
                                partition.leader() != null && partition.isr().size() == 3));
    }

    TopicDescription describe() throws Exception {
        return describe(TOPIC);
    }

    private TopicDescription describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic);
    }

    /** Who leads partition 0. */
    int leader() {
        return leaderOf(TOPIC);
    }

    /** Who leads partition 0 of a topic. */
    int leaderOf(String topic) {
        return asking(() -> describe(topic).partitions().get(0).leader().id());
    }

    int controller() {
        return asking(() ->
                admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id());
    }

    int coordinator() {
        return asking(() -> admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP)
                .get(30, TimeUnit.SECONDS)
                .coordinator()
                .id());
    }

    private static int asking(Callable<Integer> question) {
        return await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(question, id -> id >= 0);
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        if (readers != null) {
            readers.close();
        }
        admin.close(Duration.ofSeconds(5));
    }
}
