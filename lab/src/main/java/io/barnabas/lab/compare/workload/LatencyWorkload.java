// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.result.Metric;
import java.util.Map;

/** A load far below the limit: how long an acknowledgement takes, and what the brokers use for it. */
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
        try (Cluster cluster = bench.start(3)) {
            Bench.createTopic(cluster, TOPIC, 3, 3);
            Client client = bench.client(cluster);
            bench.warmUp(cluster, client, bench.scale().records());
            long warmUp = (long) RATE * Math.max(2, bench.scale().steadySeconds() / 3);
            long records = warmUp + (long) RATE * bench.scale().steadySeconds();
            Client.Run made = client.run(
                    "--topic=" + TOPIC,
                    "--size=" + SIZE,
                    "--records=" + records,
                    "--warm-up=" + warmUp,
                    "--rate=" + RATE,
                    "--producers=1",
                    "--run=1",
                    "--producer-setting=acks=all",
                    "--producer-setting=linger.ms=0");
            Map<Metric, Double> figures = made.produced(SIZE);
            figures.put(Metric.COORDINATION_CPU_SECONDS, made.coordinationCpuSeconds());
            bench.record(id(), "5,000 records/s", figures);
            made.faults().forEach(fault -> bench.problem(id(), fault));
            Client.Run read = client.run("--topic=" + TOPIC, "--size=" + SIZE, "--groups=1", "--expect=1:1:" + records);
            read.faults().forEach(fault -> bench.problem(id(), fault));
        }
    }
}
