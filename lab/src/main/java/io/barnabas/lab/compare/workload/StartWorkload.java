// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.Waiting;
import io.barnabas.lab.compare.result.Metric;
import java.util.Map;

/** From the start of processes to their first answers, of one broker beside two others, and of all three at once. */
public final class StartWorkload implements Workload {
    private static final int TIMES = 2;

    @Override
    public String id() {
        return "start";
    }

    @Override
    public void run(Bench bench) throws Exception {
        bench.asksItself(id());
        try (Cluster cluster = bench.start(3)) {
            for (int time = 0; time < TIMES; time++) {
                stop(cluster, 3);
                long began = System.nanoTime();
                cluster.launch(3);
                Waiting.until("broker 3 to answer", 60, cluster.probe(3)::answers, cluster::diagnosis);
                bench.record(id(), "one broker", Map.of(Metric.FIRST_ANSWER_SECONDS, secondsSince(began)));
                Waiting.until("all to know each other", 120, cluster::complete, cluster::diagnosis);
            }
            cluster.ids().forEach(id -> stop(cluster, id));
            long began = System.nanoTime();
            cluster.launchAll();
            Waiting.until("all to know each other", 180, cluster::complete, cluster::diagnosis);
            bench.record(id(), "three brokers at once", Map.of(Metric.CLUSTER_SECONDS, secondsSince(began)));
        }
    }

    private static void stop(Cluster cluster, int id) {
        cluster.closeProbe(id);
        // the last of a quorum finds nobody to hand over to; a kill is as good then
        if (cluster.broker(id).terminate(cluster.liveIds().size() > 2 ? 60 : 10) == -1) {
            cluster.closeProbe(id);
        }
    }

    static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
