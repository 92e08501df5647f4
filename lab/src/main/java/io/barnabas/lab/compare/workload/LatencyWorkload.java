// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.result.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A load far below the limit: how long an acknowledgement takes, and what the brokers use for it. The records come one by
 * one, then at the same rate in small bursts, as Kafka's own producer-perf-test sends them.
 */
public final class LatencyWorkload implements Workload {
    private static final int SIZE = 1024;
    private static final int RATE = 5_000;
    private static final String TOPIC = "steady";

    @Override
    public String id() {
        return "latency";
    }

    @Override
    public void run(Bench bench) throws Exception {
        try (Cluster cluster = bench.start(3);
                Client client = bench.client(cluster)) {
            bench.amount(id(), bench.scale().steadySeconds() + " s each");
            Bench.createTopic(cluster, TOPIC, 3, 3);
            bench.warmUp(cluster, client, bench.scale().warmUpRecords());
            List<String> read = new ArrayList<>(List.of("--topic=" + TOPIC, "--size=" + SIZE, "--groups=1"));
            int run = 0;
            for (int burstMs : bench.scale().burstsMs()) {
                run++;
                read.add("--expect=" + run + ":1:" + steady(bench, client, run, burstMs));
            }
            client.run(read.toArray(String[]::new)).faults().forEach(fault -> bench.problem(id(), fault));
        }
    }

    private long steady(Bench bench, Client client, int run, int burstMs) throws Exception {
        String title = "5,000 records/s, " + (burstMs == 0 ? "one by one" : "in bursts");
        long warmUp = (long) RATE * Math.max(2, bench.scale().steadySeconds() / 3);
        long records = warmUp + (long) RATE * bench.scale().steadySeconds();
        Client.Run made = client.run(
                "--topic=" + TOPIC,
                "--size=" + SIZE,
                "--records=" + records,
                "--warm-up=" + warmUp,
                "--rate=" + RATE,
                "--burst-ms=" + burstMs,
                "--producers=1",
                "--run=" + run,
                "--producer-setting=acks=all",
                "--producer-setting=linger.ms=0");
        Map<Metric, Double> figures = made.produced(SIZE);
        figures.put(Metric.COORDINATION_CPU_SECONDS, made.coordinationCpuSeconds());
        bench.record(id(), title, figures);
        made.faults().forEach(fault -> bench.problem(id(), title + ": " + fault));
        return records;
    }
}
