// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.GroupReader;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers and a ZooKeeper as real processes; while an idempotent acks=all producer and a group run, each role
 * is killed, paused and stopped in turn. What was acknowledged is there, once, in order; the group goes on from its
 * committed offsets.
 */
class FailoverIT {
    private static final String TOPIC = "drill";
    private static final int PARTITIONS = 3;
    private static final String GROUP = "drill-group";
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Admin admin;
    private SequencedProducer producer;
    private GroupReader readers;

    @BeforeEach
    void startTraffic() throws Exception {
        cluster = new ClusterProcesses(directory, Map.of());
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 3)))
                .all()
                .get(30, TimeUnit.SECONDS);
        awaitHealth();
        producer = new SequencedProducer(cluster.bootstrap(), TOPIC, PARTITIONS, 600, Map.of()).start();
        readers = new GroupReader(cluster.bootstrap(), TOPIC, GROUP, Map.of()).start(2);
        awaitProgress("traffic at the start");
    }

    @AfterEach
    void stopEverything() {
        producer.close();
        readers.close();
        admin.close(Duration.ofSeconds(5));
        cluster.close();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRoleIsKilled() {
        drill("kill -9", ChildProcess::kill, this::restart);
        verifyEverything();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRoleIsStopped() {
        drill(
                "SIGTERM",
                process -> assertThat(process.terminate(40))
                        .as("exit code after SIGTERM")
                        .isIn(0, 143),
                this::restart);
        verifyEverything();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRoleIsPausedPastItsSession() {
        drill(
                "SIGSTOP for 9 s",
                process -> {
                    process.pause();
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
                    await().atMost(Duration.ofSeconds(15)).until(() -> System.nanoTime() > until);
                    process.resume();
                },
                id -> {});
        verifyEverything();
    }

    private void drill(
            String what, java.util.function.Consumer<ChildProcess> fault, java.util.function.IntConsumer mend) {
        hit(what, "leader of partition 0", this::leader, fault, mend);
        hit(what, "controller", this::controller, fault, mend);
        hit(what, "group coordinator", this::coordinator, fault, mend);
        hit(what, "ZooKeeper", () -> 0, fault, mend);
    }

    private void hit(
            String what,
            String role,
            IntSupplier target,
            java.util.function.Consumer<ChildProcess> fault,
            java.util.function.IntConsumer mend) {
        int id = target.getAsInt();
        producer.startWatch();
        fault.accept(id == 0 ? cluster.zooKeeper() : cluster.broker(id));
        awaitProgress(what + " of " + role + (id == 0 ? "" : " (broker " + id + ")"));
        System.out.printf("%-16s %-24s longest gap between acks %6d ms%n", what, role, producer.longestGapMs());
        mend.accept(id);
        awaitHealth();
        awaitProgress("recovery from " + what + " of " + role);
    }

    private void restart(int id) {
        if (id == 0) {
            cluster.startZooKeeper();
        } else {
            cluster.restartBroker(id);
        }
    }

    private void verifyEverything() {
        producer.stop();
        assertThat(producer.failures()).as("sends that failed").isEmpty();
        await("the group to catch up")
                .atMost(Duration.ofSeconds(60))
                .until(() -> readers.distinctRead() >= producer.acknowledged());
        readers.close();
        var log = LogChecker.readAll(cluster.bootstrap(), TOPIC, PARTITIONS);
        assertThat(LogChecker.check(producer.promises(), log)).isEmpty();
        assertThat(readers.anomalies()).as("what the group saw").isEmpty();
        readers.read()
                .forEach((partition, read) -> assertThat(log.get(partition)).containsAllEntriesOf(read));
    }

    private void awaitProgress(String after) {
        long acknowledged = producer.acknowledged();
        long read = readers.distinctRead();
        await("acknowledgements after " + after)
                .atMost(Duration.ofSeconds(60))
                .until(() -> producer.acknowledged() > acknowledged + 300);
        await("the group to read on after " + after)
                .atMost(Duration.ofSeconds(60))
                .until(() -> readers.distinctRead() > read + 300);
    }

    private void awaitHealth() {
        await("every partition to have a full ISR")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> describe().partitions().stream()
                        .allMatch(partition ->
                                partition.leader() != null && partition.isr().size() == 3));
    }

    private TopicDescription describe() throws Exception {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(TOPIC);
    }

    private int leader() {
        return asking(() -> describe().partitions().get(0).leader().id());
    }

    private int controller() {
        return asking(() ->
                admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id());
    }

    private int coordinator() {
        return asking(() -> admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP)
                .get(30, TimeUnit.SECONDS)
                .coordinator()
                .id());
    }

    private static int asking(java.util.concurrent.Callable<Integer> question) {
        return await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(question, id -> id >= 0);
    }
}
