// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * As many records as possible, from a fresh start on, over and over: what a cluster bears cold and warm. Then a group
 * reads everything back from the beginning, which is a figure of its own, and the proof.
 */
public final class ThroughputWorkload implements Workload {
    private static final int SIZE = 1024;
    private static final String TOPIC = "load";

    private final String id;
    private final int brokers;

    private ThroughputWorkload(String id, int brokers) {
        this.id = id;
        this.brokers = brokers;
    }

    /** Three brokers, three copies. */
    public static ThroughputWorkload replicated() {
        return new ThroughputWorkload("throughput", 3);
    }

    /** One broker, one copy. */
    public static ThroughputWorkload single() {
        return new ThroughputWorkload("single", 1);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void run(Bench bench) throws Exception {
        try (Cluster cluster = bench.start(brokers);
                Client client = bench.client(cluster)) {
            bench.amount(
                    id,
                    String.format(
                            Locale.ROOT,
                            "%d × %,d records",
                            bench.scale().runs(),
                            bench.scale().records()));
            Bench.createTopic(cluster, TOPIC, 3, brokers);
            List<String> read = new ArrayList<>(List.of("--topic=" + TOPIC, "--size=" + SIZE, "--groups=1"));
            for (int run = 1; run <= bench.scale().runs(); run++) {
                produce(bench, client, run);
                read.add("--expect=" + run + ":1:" + bench.scale().records());
            }
            Client.Run all = client.run(read.toArray(String[]::new));
            bench.record(id, "catch-up read by a group", all.read());
            all.faults().forEach(fault -> bench.problem(id, fault));
        }
    }

    private void produce(Bench bench, Client client, int run) throws Exception {
        Client.Run made = client.produce(TOPIC, SIZE, bench.scale().records(), run);
        bench.record(
                id,
                switch (run) {
                    case 1 -> "first run after the start";
                    case 2 -> "second run";
                    default -> "warm";
                },
                made.produced(SIZE));
        made.faults().forEach(fault -> bench.problem(id, fault));
    }
}
