// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.result.Metric;
import java.util.Map;

/**
 * Groups that follow a topic as it grows: how long a record takes from its due time through three copies to a reader, and
 * what more readers cost. Then several groups read everything at once.
 */
public final class FanOutWorkload implements Workload {
    private static final int SIZE = 1_024;
    private static final int RATE = 5_000;
    private static final int MANY = 5;

    @Override
    public String id() {
        return "fan-out";
    }

    @Override
    public void run(Bench bench) throws Exception {
        try (Cluster cluster = bench.start(3);
                Client client = bench.client(cluster)) {
            bench.amount(id(), seconds(bench) + " s each");
            bench.warmUp(cluster, client, bench.scale().warmUpRecords());
            follow(bench, cluster, client, 1, "one group follows");
            long records = follow(bench, cluster, client, MANY, MANY + " groups follow");
            Client.Run all = client.run(
                    "--topic=" + topic(MANY),
                    "--size=" + SIZE,
                    "--groups=" + MANY,
                    "--group-prefix=late",
                    "--expect=" + MANY + ":1:" + records);
            bench.record(id(), MANY + " groups catch up at once", all.read());
            all.faults().forEach(fault -> bench.problem(id(), fault));
        }
    }

    private long follow(Bench bench, Cluster cluster, Client client, int groups, String title) throws Exception {
        String topic = topic(groups);
        Bench.createTopic(cluster, topic, 3, 3);
        long warmUp = (long) RATE * Math.max(5, bench.scale().steadySeconds() / 3);
        long records = warmUp + (long) RATE * seconds(bench);
        Client.Run made = client.run(
                "--topic=" + topic,
                "--size=" + SIZE,
                "--records=" + records,
                "--warm-up=" + warmUp,
                "--rate=" + RATE,
                "--producers=1",
                "--run=" + groups,
                "--groups=" + groups,
                "--group-prefix=" + topic,
                "--expect=" + groups + ":1:" + records,
                "--producer-setting=acks=all",
                "--producer-setting=linger.ms=0");
        Map<Metric, Double> figures = made.produced(SIZE);
        figures.put(Metric.READ_P50_MS, made.figure("endToEndP50Ms"));
        figures.put(Metric.READ_P99_MS, made.figure("endToEndP99Ms"));
        figures.put(Metric.READ_P999_MS, made.figure("endToEndP999Ms"));
        bench.record(id(), title, figures);
        made.faults().forEach(fault -> bench.problem(id(), title + ": " + fault));
        return records;
    }

    /** How long each following is measured. */
    private static int seconds(Bench bench) {
        return Math.max(5, bench.scale().steadySeconds() / 2);
    }

    private static String topic(int groups) {
        return "followed-by-" + groups;
    }
}
