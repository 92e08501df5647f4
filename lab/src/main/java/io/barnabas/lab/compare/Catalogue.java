// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import static io.barnabas.lab.compare.result.WorkloadText.about;
import static io.barnabas.lab.compare.result.WorkloadText.always;

import io.barnabas.lab.compare.result.Metric;
import io.barnabas.lab.compare.result.WorkloadText;
import io.barnabas.lab.compare.result.WorkloadText.Proof;
import io.barnabas.lab.compare.result.WorkloadText.Sentence;
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
import java.util.stream.Stream;

/** All workloads, in the order they are run and reported. */
final class Catalogue {
    private static final String LOAD = "1 KB records as fast as it can, acks=all, batch.size=65536, linger.ms=5.";
    private static final List<Sentence> COLD_TO_WARM = List.of(
            about("first run", "In the first run brokers and client have just started."),
            about("warm", "From the third run on they count as warm."),
            about("catch-up", "Then a group reads everything from the beginning and checks each byte."));
    private static final Sentence BEATS = always(
            "Six partitions with three copies are written to every 5 ms and read by a group; the longest silence each of them"
                    + " felt.");
    private static final List<Sentence> FAULTS = List.of(
            about("kill -9", "A process is killed."),
            about("SIGTERM", "A process is stopped by SIGTERM."),
            about("SIGSTOP", "A process is frozen."));
    private static final List<Metric> THROUGHPUT = List.of(
            Metric.RECORDS_PER_SECOND,
            Metric.CPU_PER_MILLION,
            Metric.MB_PER_SECOND,
            Metric.CPU_PER_GIB_READ,
            Metric.PEAK_MIB);
    private static final List<Metric> GAPS = List.of(Metric.ACK_GAP_MS, Metric.PARTITION_GAP_MS, Metric.READ_GAP_MS);

    private static final List<Entry> ALL = List.of(
            new Entry(
                    ThroughputWorkload.replicated(),
                    true,
                    "Throughput, three copies",
                    and(always("One producer sends to three partitions with three copies each, " + LOAD), COLD_TO_WARM),
                    Proof.EXACT,
                    THROUGHPUT),
            new Entry(
                    ThroughputWorkload.single(),
                    true,
                    "Throughput, one broker",
                    and(
                            always("One producer sends to three partitions of a single broker, one copy, " + LOAD
                                    + " What a broker does without replication."),
                            COLD_TO_WARM),
                    Proof.EXACT,
                    THROUGHPUT),
            new Entry(
                    new LatencyWorkload(),
                    true,
                    "Latency at a fixed rate",
                    List.of(
                            always(
                                    "5,000 records of 1 KB a second, acks=all, three copies, linger.ms=0, after a warm-up."),
                            about("one by one", "One by one: each falls due at a time of its own."),
                            about(
                                    "in bursts",
                                    "In bursts: ten fall due together every 2 ms, as Kafka's own producer-perf-test sends"
                                            + " them."),
                            always("Latency counts from when a record was due.")),
                    Proof.EXACT,
                    List.of(Metric.P50_MS, Metric.P99_MS, Metric.P999_MS, Metric.CPU_CORES)),
            new Entry(
                    new FanOutWorkload(),
                    true,
                    "Reading along",
                    List.of(
                            about(
                                    "follow",
                                    "5,000 records of 1 KB a second, three copies, read by groups as they come: the time from"
                                            + " when a record was due to be sent until a reader has it."),
                            about("catch up", "Then five groups read all that five had followed at once.")),
                    Proof.EXACT,
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
                    List.of(always(
                            "Each case writes about the same number of bytes after a warm-up of the cluster, with"
                                    + " batch.size=65536 and linger.ms=5, or with the producer's defaults, 16384 and 0, where its name"
                                    + " says so; each is read back by a group.")),
                    Proof.EXACT,
                    List.of(Metric.MB_WRITTEN_PER_SECOND, Metric.CPU_PER_GIB, Metric.MB_PER_SECOND)),
            new Entry(FailoverWorkload.small(), true, "Failover", and(BEATS, FAULTS), Proof.READ, GAPS),
            new Entry(
                    FailoverWorkload.large(),
                    false,
                    "Failover with 2,000 partitions × 3",
                    and(
                            always("The cluster carries 2,000 other partitions with three copies each. "
                                    + BEATS.text()),
                            FAULTS),
                    Proof.READ,
                    GAPS),
            new Entry(
                    new StartWorkload(),
                    true,
                    "Start-up",
                    List.of(
                            about("one broker", "From the start of a process until it answers its first request."),
                            about(
                                    "three brokers",
                                    "From the start of all three processes until each of them knows the others."),
                            always("Nothing to recover.")),
                    Proof.NONE,
                    List.of(Metric.FIRST_ANSWER_SECONDS, Metric.CLUSTER_SECONDS)),
            new Entry(
                    new ControlPlaneWorkload(),
                    true,
                    "Many partitions",
                    List.of(
                            always("One topic of many partitions with three copies."),
                            about("create", "Creating it."),
                            about("idle", "The memory of idle brokers."),
                            about("restart", "A broker's return after kill -9."),
                            about("of the controller", "A change of controller."),
                            about("delete", "Deleting it.")),
                    Proof.NONE,
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
    record Entry(
            Workload workload,
            boolean usual,
            String title,
            List<Sentence> sentences,
            Proof proof,
            List<Metric> plotted) {
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

    private static List<Sentence> and(Sentence first, List<Sentence> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    static List<WorkloadText> texts() {
        return ALL.stream()
                .map(entry ->
                        new WorkloadText(entry.id(), entry.title(), entry.sentences(), entry.proof(), entry.plotted()))
                .toList();
    }
}
