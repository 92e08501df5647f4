// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.compare.result.Metric;
import io.barnabas.lab.compare.result.WorkloadText;
import io.barnabas.lab.compare.workload.ControlPlaneWorkload;
import io.barnabas.lab.compare.workload.FailoverWorkload;
import io.barnabas.lab.compare.workload.FanOutWorkload;
import io.barnabas.lab.compare.workload.GridWorkload;
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
                            + " batch.size=65536, linger.ms=5. In the first run brokers and client have just started, in the later"
                            + " ones they are warm. Then a group reads everything from the beginning and checks each byte.",
                    List.of(
                            Metric.RECORDS_PER_SECOND,
                            Metric.CPU_PER_MILLION,
                            Metric.MB_PER_SECOND,
                            Metric.CPU_PER_GIB_READ,
                            Metric.PEAK_MIB)),
            new Entry(
                    ThroughputWorkload.single(),
                    true,
                    "Throughput, one broker",
                    "The same with a single broker and one copy: what a broker does without replication.",
                    List.of(
                            Metric.RECORDS_PER_SECOND,
                            Metric.CPU_PER_MILLION,
                            Metric.MB_PER_SECOND,
                            Metric.CPU_PER_GIB_READ,
                            Metric.PEAK_MIB)),
            new Entry(
                    new LatencyWorkload(),
                    true,
                    "Latency at a fixed rate",
                    "5,000 records of 1 KB a second, acks=all, three copies, linger.ms=0, after a warm-up: one by one, then ten"
                            + " every 2 ms, as Kafka's own producer-perf-test sends them. Latency counts from when a record was due.",
                    List.of(Metric.P50_MS, Metric.P99_MS, Metric.P999_MS, Metric.CPU_CORES)),
            new Entry(
                    new FanOutWorkload(),
                    true,
                    "Reading along",
                    "5,000 records of 1 KB a second, three copies, read by one group and by five as they come: the time from"
                            + " when a record was due to be sent until a reader has it. Then five groups read it all at once.",
                    List.of(
                            Metric.READ_P50_MS,
                            Metric.READ_P99_MS,
                            Metric.READ_P999_MS,
                            Metric.CPU_CORES,
                            Metric.MB_PER_SECOND,
                            Metric.CPU_PER_GIB_READ)),
            new Entry(
                    new GridWorkload(),
                    true,
                    "Many kinds of load",
                    "The same number of bytes as small and large records, compressed or not, with one or three copies, to few"
                            + " or many partitions, by one or eight producers (batch.size=65536, linger.ms=5, or the producer's"
                            + " defaults, 16384 and 0), on warm brokers; each read back by a group.",
                    List.of(Metric.MB_WRITTEN_PER_SECOND, Metric.CPU_PER_GIB, Metric.MB_PER_SECOND)),
            new Entry(
                    FailoverWorkload.small(),
                    true,
                    "Failover",
                    "Six partitions with three copies are written to every 5 ms and read by a group while a process is"
                            + " killed, stopped or frozen; the longest silence each of them felt.",
                    List.of(Metric.ACK_GAP_MS, Metric.PARTITION_GAP_MS, Metric.READ_GAP_MS)),
            new Entry(
                    FailoverWorkload.large(),
                    false,
                    "Failover with 2,000 partitions × 3",
                    "The same on a cluster that carries 2,000 other partitions with three copies each.",
                    List.of(Metric.ACK_GAP_MS, Metric.PARTITION_GAP_MS, Metric.READ_GAP_MS)),
            new Entry(
                    new StartWorkload(),
                    true,
                    "Start-up",
                    "From the start of a process until it answers its first request, and from the start of all three until"
                            + " each of them knows the others. Nothing to recover.",
                    List.of(Metric.FIRST_ANSWER_SECONDS, Metric.CLUSTER_SECONDS)),
            new Entry(
                    new ControlPlaneWorkload(),
                    true,
                    "Many partitions",
                    "One topic of many partitions with three copies: creating it, the memory of idle brokers, a broker's"
                            + " return after kill -9, a change of controller, deleting it. Heap limit 1 GB.",
                    List.of(
                            Metric.ANSWER_SECONDS,
                            Metric.KNOWN_SECONDS,
                            Metric.RESIDENT_MIB,
                            Metric.FIRST_ANSWER_SECONDS,
                            Metric.FULL_SECONDS,
                            Metric.LEADERS_SECONDS,
                            Metric.WORKING_SECONDS)));

    private Catalogue() {}

    /** @param usual whether it is run when nothing is said */
    record Entry(Workload workload, boolean usual, String title, String explanation, List<Metric> plotted) {
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
                .map(entry -> new WorkloadText(entry.id(), entry.title(), entry.explanation(), entry.plotted()))
                .toList();
    }
}
