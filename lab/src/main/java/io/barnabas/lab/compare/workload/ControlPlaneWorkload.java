// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.Waiting;
import io.barnabas.lab.compare.result.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What many partitions cost: creating them, memory while nothing happens, a broker's return after {@code kill -9}, a
 * change of controller, and deleting them; for each number of partitions on a fresh cluster.
 */
public final class ControlPlaneWorkload implements Workload {
    private static final String TOPIC = "many";
    private static final int LIMIT_SECONDS = 180;

    @Override
    public String id() {
        return "control";
    }

    @Override
    public void run(Bench bench) throws Exception {
        bench.asksItself(id());
        for (int partitions : bench.scale().partitions()) {
            // the limit is the same; whether a JVM uses it is its own affair, and part of what is looked at
            try (Cluster cluster = bench.start(3, 1, bench.jvm().withHeap("-Xmx1g"))) {
                new Steps(bench, cluster, partitions).all();
            }
        }
    }

    private final class Steps {
        private final Bench bench;
        private final Cluster cluster;
        private final int partitions;

        Steps(Bench bench, Cluster cluster, int partitions) {
            this.bench = bench;
            this.cluster = cluster;
            this.partitions = partitions;
        }

        void all() throws Exception {
            create();
            memory();
            restart();
            changeController();
            delete();
        }

        private void create() throws Exception {
            try (Admin admin = Bench.admin(cluster)) {
                admin.describeCluster().nodes().get(30, TimeUnit.SECONDS);
                double cpu = cluster.usage().cpuSeconds();
                double coordinationCpu = cluster.coordinationCpuSeconds();
                long began = System.nanoTime();
                admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 3)))
                        .all()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
                double answered = StartWorkload.secondsSince(began);
                TopicWatch.awaitFull(cluster, TOPIC, partitions, LIMIT_SECONDS);
                note(
                        "create",
                        Map.of(
                                Metric.ANSWER_SECONDS,
                                answered,
                                Metric.KNOWN_SECONDS,
                                StartWorkload.secondsSince(began),
                                Metric.CPU_SECONDS,
                                cluster.usage().cpuSeconds() - cpu,
                                Metric.COORDINATION_CPU_SECONDS,
                                cluster.coordinationCpuSeconds() - coordinationCpu));
            }
        }

        private void memory() {
            double cpu = cluster.usage().cpuSeconds();
            Waiting.sleep(TimeUnit.SECONDS.toMillis(bench.scale().idleSeconds()));
            note(
                    "idle",
                    Map.of(
                            Metric.RESIDENT_MIB,
                            cluster.usage().residentMib(),
                            Metric.CPU_CORES,
                            (cluster.usage().cpuSeconds() - cpu) / bench.scale().idleSeconds()));
        }

        private void restart() throws Exception {
            int controller = Controllers.current(cluster);
            int victim = cluster.ids().stream()
                    .filter(id -> id != controller)
                    .findFirst()
                    .orElseThrow();
            kill(victim);
            TopicWatch.awaitNoticed(cluster, TOPIC, partitions, LIMIT_SECONDS);
            long began = System.nanoTime();
            cluster.launch(victim);
            Waiting.until("the broker to answer", LIMIT_SECONDS, cluster.probe(victim)::answers, cluster::diagnosis);
            double answered = StartWorkload.secondsSince(began);
            TopicWatch.awaitFull(cluster, TOPIC, partitions, LIMIT_SECONDS);
            note(
                    "restart after kill -9",
                    Map.of(
                            Metric.FIRST_ANSWER_SECONDS,
                            answered,
                            Metric.FULL_SECONDS,
                            StartWorkload.secondsSince(began)));
        }

        private void changeController() throws Exception {
            int controller = Controllers.current(cluster);
            long began = System.nanoTime();
            kill(controller);
            TopicWatch.awaitLed(cluster, TOPIC, partitions, LIMIT_SECONDS);
            double led = StartWorkload.secondsSince(began);
            try (Admin admin = Bench.admin(cluster)) {
                admin.createTopics(List.of(new NewTopic("after", 1, (short) 2)))
                        .all()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            TopicWatch.awaitFull(cluster, "after", 1, LIMIT_SECONDS);
            note(
                    "kill -9 of the controller",
                    Map.of(Metric.LEADERS_SECONDS, led, Metric.WORKING_SECONDS, StartWorkload.secondsSince(began)));
            cluster.launch(controller);
            TopicWatch.awaitFull(cluster, TOPIC, partitions, LIMIT_SECONDS);
        }

        private void delete() throws Exception {
            try (Admin admin = Bench.admin(cluster)) {
                admin.describeCluster().nodes().get(30, TimeUnit.SECONDS);
                long began = System.nanoTime();
                admin.deleteTopics(List.of(TOPIC)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
                double answered = StartWorkload.secondsSince(began);
                TopicWatch.awaitGone(cluster, TOPIC, LIMIT_SECONDS);
                note(
                        "delete",
                        Map.of(
                                Metric.ANSWER_SECONDS,
                                answered,
                                Metric.KNOWN_SECONDS,
                                StartWorkload.secondsSince(began)));
            }
        }

        private void kill(int id) {
            cluster.closeProbe(id);
            cluster.broker(id).kill();
        }

        private void note(String step, Map<Metric, Double> figures) {
            bench.record(id(), String.format(Locale.ROOT, "%s, %,d x 3", step, partitions), figures);
        }
    }
}
