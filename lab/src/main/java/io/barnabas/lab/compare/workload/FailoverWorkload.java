// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.Product;
import io.barnabas.lab.compare.cluster.Waiting;
import io.barnabas.lab.compare.result.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ElectLeadersOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ElectionNotNeededException;

/**
 * A process is killed, stopped or frozen while a producer and a group run: their longest silences. Each role in turn: a
 * broker that only leads, the controller, the group's coordinator, and one ZooKeeper node of three.
 */
public final class FailoverWorkload implements Workload {
    private static final String TOPIC = "beats";
    private static final String BALLAST = "ballast";
    private static final int PARTITIONS = 6;
    private static final int LIMIT_SECONDS = 120;
    /** Beats of 5 ms that must have come through after a fault before it counts as survived. */
    private static final int BEATS_AFTER = 300;

    private static final long FROZEN_MS = 12_000;
    private static final int ELECTION_LIMIT_MS = 10_000;

    private final String id;
    private final int ballast;

    private FailoverWorkload(String id, int ballast) {
        this.id = id;
        this.ballast = ballast;
    }

    /** On a cluster with a handful of partitions. */
    public static FailoverWorkload small() {
        return new FailoverWorkload("failover", 0);
    }

    /** On a cluster that has 2,000 partitions × 3 besides. */
    public static FailoverWorkload large() {
        return new FailoverWorkload("failover-large", 2_000);
    }

    @Override
    public String id() {
        return id;
    }

    /** What is done to a process. */
    enum Fault {
        KILL("kill -9"),
        TERM("SIGTERM"),
        FREEZE("SIGSTOP for 12 s");

        private final String title;

        Fault(String title) {
            this.title = title;
        }
    }

    /** To whom. */
    enum Role {
        LEADER("a leader"),
        CONTROLLER("the controller"),
        COORDINATOR("the group's coordinator"),
        ZOOKEEPER("one ZooKeeper of three");

        private final String title;

        Role(String title) {
            this.title = title;
        }
    }

    private record Step(Fault fault, Role role) {
        String title() {
            return fault.title + " of " + role.title;
        }
    }

    @Override
    public void run(Bench bench) throws Exception {
        try (Cluster cluster = bench.start(3, 3, bench.jvm())) {
            bench.asksItself(id);
            Bench.createTopic(cluster, TOPIC, PARTITIONS, 3);
            if (ballast > 0) {
                Bench.createTopic(cluster, BALLAST, ballast, 3);
            }
            try (Heartbeat heartbeat = new Heartbeat(cluster.bootstrap(), TOPIC, PARTITIONS).start()) {
                awaitBeats(cluster, heartbeat);
                for (Step step : steps(bench)) {
                    hit(bench, cluster, heartbeat, step);
                }
                prove(bench, heartbeat);
            }
        }
    }

    private static List<Step> steps(Bench bench) {
        List<Step> steps = new ArrayList<>(List.of(
                new Step(Fault.TERM, Role.LEADER),
                new Step(Fault.KILL, Role.LEADER),
                new Step(Fault.KILL, Role.CONTROLLER)));
        if (bench.scale().everything()) {
            steps.addAll(List.of(
                    new Step(Fault.TERM, Role.CONTROLLER),
                    new Step(Fault.TERM, Role.COORDINATOR),
                    new Step(Fault.KILL, Role.COORDINATOR),
                    new Step(Fault.FREEZE, Role.LEADER),
                    new Step(Fault.FREEZE, Role.CONTROLLER),
                    new Step(Fault.FREEZE, Role.COORDINATOR)));
            if (bench.product() != Product.KRAFT) {
                steps.add(new Step(Fault.KILL, Role.ZOOKEEPER));
            }
        }
        return steps;
    }

    private void hit(Bench bench, Cluster cluster, Heartbeat heartbeat, Step step) throws Exception {
        int victim = victim(cluster, step.role());
        heartbeat.acks().reset();
        heartbeat.reads().reset();
        Waiting.sleep(500);
        apply(cluster, step, victim);
        awaitBeats(cluster, heartbeat);
        bench.record(
                id,
                step.title(),
                Map.of(
                        Metric.ACK_GAP_MS, heartbeat.acks().longestMs(),
                        Metric.PARTITION_GAP_MS, heartbeat.acks().longestOfPartitionMs(),
                        Metric.READ_GAP_MS, heartbeat.reads().longestMs()));
        mend(cluster, step, victim);
        awaitBeats(cluster, heartbeat);
    }

    private static void apply(Cluster cluster, Step step, int victim) {
        if (step.role() == Role.ZOOKEEPER) {
            cluster.zooKeepers().process(victim).kill();
            return;
        }
        cluster.closeProbe(victim);
        switch (step.fault()) {
            case KILL -> cluster.broker(victim).kill();
            case TERM -> cluster.broker(victim).terminate(LIMIT_SECONDS);
            case FREEZE -> {
                cluster.broker(victim).pause();
                Waiting.sleep(FROZEN_MS);
                cluster.broker(victim).resume();
            }
        }
    }

    private void mend(Cluster cluster, Step step, int victim) throws Exception {
        if (step.role() == Role.ZOOKEEPER) {
            cluster.zooKeepers().restart(victim);
        } else if (step.fault() != Fault.FREEZE) {
            cluster.launch(victim);
        }
        Waiting.until("all brokers to be back", LIMIT_SECONDS, cluster::complete, cluster::diagnosis);
        TopicWatch.awaitFull(cluster, TOPIC, PARTITIONS, LIMIT_SECONDS);
        if (ballast > 0) {
            TopicWatch.awaitFull(cluster, BALLAST, ballast, LIMIT_SECONDS);
        }
        electPreferred(cluster);
    }

    /** So that each broker leads again when the next step begins; asked again should an order be lost on its way. */
    private static void electPreferred(Cluster cluster) {
        try (Admin admin = Bench.asking(cluster)) {
            Waiting.until("preferred leaders", LIMIT_SECONDS, () -> preferredElected(admin), cluster::diagnosis);
        }
    }

    private static boolean preferredElected(Admin admin) {
        Set<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(index -> new TopicPartition(TOPIC, index))
                .collect(Collectors.toSet());
        try {
            return admin
                    .electLeaders(
                            ElectionType.PREFERRED, partitions, new ElectLeadersOptions().timeoutMs(ELECTION_LIMIT_MS))
                    .partitions()
                    .get()
                    .values()
                    .stream()
                    // those that are led by their preferred replica already say so as an error of theirs
                    .allMatch(error -> error.isEmpty() || error.get() instanceof ElectionNotNeededException);
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Until every partition has had records that were sent after now acknowledged, and read. */
    private static void awaitBeats(Cluster cluster, Heartbeat heartbeat) {
        long wanted = heartbeat.position() + BEATS_AFTER;
        Waiting.until(
                "records to flow",
                LIMIT_SECONDS,
                () -> heartbeat.acks().reached(wanted) && heartbeat.reads().reached(wanted),
                cluster::diagnosis);
    }

    private void prove(Bench bench, Heartbeat heartbeat) {
        heartbeat.stopWriting();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (heartbeat.unread() > 0 && System.nanoTime() < deadline) {
            Waiting.sleep(50);
        }
        if (heartbeat.unread() > 0) {
            bench.problem(id, heartbeat.unread() + " acknowledged records were not read back");
        }
        if (heartbeat.failures() > 0) {
            bench.problem(id, heartbeat.failures() + " records were refused");
        }
    }

    private static int victim(Cluster cluster, Role role) throws Exception {
        int controller = Controllers.current(cluster);
        int coordinator = coordinator(cluster);
        return switch (role) {
            case CONTROLLER -> controller;
            case COORDINATOR -> coordinator;
            case ZOOKEEPER -> 1;
            case LEADER ->
                cluster.ids().stream()
                        .filter(id -> id != controller && id != coordinator && leads(cluster, id))
                        .findFirst()
                        .orElseGet(() -> cluster.ids().stream()
                                .filter(id -> id != controller && leads(cluster, id))
                                .findFirst()
                                .orElseThrow());
        };
    }

    private static boolean leads(Cluster cluster, int id) {
        return cluster.probe(cluster.liveIds().get(0))
                .topic(TOPIC)
                .filter(view -> view.leaders().contains(id))
                .isPresent();
    }

    private static int coordinator(Cluster cluster) throws Exception {
        try (Admin admin = Bench.asking(cluster)) {
            return admin.describeConsumerGroups(List.of("heartbeat"))
                    .describedGroups()
                    .get("heartbeat")
                    .get()
                    .coordinator()
                    .id();
        }
    }
}
