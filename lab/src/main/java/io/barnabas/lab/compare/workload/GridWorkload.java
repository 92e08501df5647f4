// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.result.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * The same number of bytes in many ways: record size, compression, copies, acknowledgements, partitions, producers. Each
 * case has a topic of its own, and a group reads it back.
 */
public final class GridWorkload implements Workload {
    private static final Case BASE = new Case(3, "all", 1_024, "none", 12, 1, Batching.LARGE);
    private static final Case SMALL_BATCHES = new Case(3, "all", 1_024, "none", 12, 1, Batching.DEFAULT);

    @Override
    public String id() {
        return "grid";
    }

    /** How the producer puts records together. */
    private enum Batching {
        /** As in throughput figures. */
        LARGE("", List.of("batch.size=65536", "linger.ms=5")),
        /** As it comes: 16 KiB at most, and nothing waits for more. */
        DEFAULT(", default batching", List.of("batch.size=16384", "linger.ms=0"));

        private final String title;
        private final List<String> settings;

        Batching(String title, List<String> settings) {
            this.title = title;
            this.settings = settings;
        }
    }

    /** One cell. */
    private record Case(
            int copies, String acks, int size, String compression, int partitions, int producers, Batching batching) {
        String title() {
            return String.format(
                    Locale.ROOT,
                    "%,d B, %s, %d %s, acks=%s, %d %s, %d %s%s",
                    size,
                    compression,
                    copies,
                    copies == 1 ? "copy" : "copies",
                    acks,
                    partitions,
                    partitions == 1 ? "partition" : "partitions",
                    producers,
                    producers == 1 ? "producer" : "producers",
                    batching.title);
        }
    }

    @Override
    public void run(Bench bench) throws Exception {
        try (Cluster cluster = bench.start(3);
                Client client = bench.client(cluster)) {
            bench.amount(
                    id(),
                    String.format(Locale.ROOT, "%.1f MB each", bench.scale().gridBytes() / 1e6));
            bench.warmUp(cluster, client, bench.scale().warmUpRecords() / 5);
            int run = 0;
            for (Case cell : cases(bench.scale().everything())) {
                run++;
                measure(bench, cluster, client, cell, run);
            }
        }
    }

    private static List<Case> cases(boolean everything) {
        if (!everything) {
            // one thing at a time is changed
            return List.of(
                    BASE,
                    new Case(3, "all", 100, "none", 12, 1, Batching.LARGE),
                    new Case(3, "all", 1_024, "lz4", 12, 1, Batching.LARGE),
                    new Case(3, "all", 1_024, "none", 100, 1, Batching.LARGE),
                    new Case(3, "all", 1_024, "none", 12, 8, Batching.LARGE),
                    new Case(1, "all", 1_024, "none", 12, 1, Batching.LARGE),
                    SMALL_BATCHES);
        }
        List<Case> all = new ArrayList<>();
        for (int copies : new int[] {1, 3}) {
            for (String acks : List.of("1", "all")) {
                for (int size : new int[] {100, 1_024, 10_240}) {
                    for (String compression : List.of("none", "lz4", "zstd")) {
                        for (int partitions : new int[] {1, 12, 100}) {
                            all.add(new Case(copies, acks, size, compression, partitions, 1, Batching.LARGE));
                            all.add(new Case(copies, acks, size, compression, partitions, 8, Batching.LARGE));
                        }
                    }
                }
            }
        }
        all.add(SMALL_BATCHES);
        return all;
    }

    private void measure(Bench bench, Cluster cluster, Client client, Case cell, int run) throws Exception {
        String topic = "grid-" + run;
        long records = records(bench, cell);
        Bench.createTopic(cluster, topic, cell.partitions(), cell.copies());
        List<String> writing = new ArrayList<>(List.of(
                "--topic=" + topic,
                "--size=" + cell.size(),
                "--records=" + records,
                "--producers=" + cell.producers(),
                "--run=" + run,
                "--producer-setting=acks=" + cell.acks(),
                "--producer-setting=compression.type=" + cell.compression()));
        cell.batching().settings.forEach(setting -> writing.add("--producer-setting=" + setting));
        Client.Run made = client.run(writing.toArray(String[]::new));
        Client.Run read = client.run(
                "--topic=" + topic,
                "--size=" + cell.size(),
                "--groups=1",
                "--group-prefix=" + topic,
                "--expect=" + run + ":" + cell.producers() + ":" + records / cell.producers());
        Map<Metric, Double> figures = made.produced(cell.size());
        figures.put(Metric.MB_WRITTEN_PER_SECOND, figures.get(Metric.RECORDS_PER_SECOND) * cell.size() / 1e6);
        figures.put(Metric.MB_PER_SECOND, read.read().get(Metric.MB_PER_SECOND));
        figures.put(Metric.CPU_PER_GIB_READ, read.read().get(Metric.CPU_PER_GIB_READ));
        bench.record(id(), cell.title(), figures);
        made.faults().forEach(fault -> bench.problem(id(), cell.title() + ": " + fault));
        read.faults().forEach(fault -> bench.problem(id(), cell.title() + ": " + fault));
        try (Admin admin = Bench.admin(cluster)) {
            admin.deleteTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
        }
    }

    /** A whole number for each producer. */
    private static long records(Bench bench, Case cell) {
        return bench.scale().gridBytes() / cell.size() / 8 * 8;
    }
}
