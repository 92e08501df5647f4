// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.compare.result.WorkloadText;
import io.barnabas.lab.compare.workload.ControlPlaneWorkload;
import io.barnabas.lab.compare.workload.FailoverWorkload;
import io.barnabas.lab.compare.workload.LatencyWorkload;
import io.barnabas.lab.compare.workload.StartWorkload;
import io.barnabas.lab.compare.workload.ThroughputWorkload;
import io.barnabas.lab.compare.workload.Workload;
import java.util.List;
import java.util.Optional;

/** All workloads, in the order they are run and reported. */
final class Catalogue {
    private static final List<Entry> ALL = List.of(
            new Entry(
                    ThroughputWorkload.replicated(),
                    true,
                    "Throughput, three copies",
                    "One producer sends 1 KB records as fast as it can to three partitions with three copies each, acks=all,"
                            + " batch.size=65536, linger.ms=5. The first run meets brokers just started, the later ones warm"
                            + " ones. Then a group reads everything from the beginning and checks each byte."),
            new Entry(
                    ThroughputWorkload.single(),
                    true,
                    "Throughput, one broker",
                    "The same with a single broker and one copy: what a broker does without replication."),
            new Entry(
                    new LatencyWorkload(),
                    true,
                    "Latency at a fixed rate",
                    "5,000 records of 1 KB a second, acks=all, three copies, linger.ms=0, after a warm-up. Latency counts"
                            + " from when a record was due."),
            new Entry(
                    FailoverWorkload.small(),
                    true,
                    "Failover",
                    "Six partitions with three copies are written to every 5 ms and read by a group while a process is"
                            + " killed, stopped or frozen; the longest silence each of them felt."),
            new Entry(
                    FailoverWorkload.large(),
                    false,
                    "Failover with 2,000 partitions × 3",
                    "The same on a cluster that carries 2,000 other partitions with three copies each."),
            new Entry(
                    new StartWorkload(),
                    true,
                    "Start-up",
                    "From the start of a process until it answers its first request, and from the start of all three until"
                            + " each of them knows the others. Nothing to recover."),
            new Entry(
                    new ControlPlaneWorkload(),
                    true,
                    "Many partitions",
                    "One topic of many partitions with three copies: creating it, the memory of idle brokers, a broker's"
                            + " return after kill -9, a change of controller, deleting it. Heap limit 1 GB."));

    private Catalogue() {}

    /** @param usual whether it is run when nothing is said */
    record Entry(Workload workload, boolean usual, String title, String explanation) {
        String id() {
            return workload.id();
        }
    }

    static List<Entry> all() {
        return ALL;
    }

    static Optional<Entry> find(String id) {
        return ALL.stream().filter(entry -> entry.id().equals(id)).findFirst();
    }

    static List<WorkloadText> texts() {
        return ALL.stream()
                .map(entry -> new WorkloadText(entry.id(), entry.title(), entry.explanation()))
                .toList();
    }
}
