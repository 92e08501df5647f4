// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the same workloads on each system in alternation and reports the figures and their ratios. */
@Command(
        name = "compare.sh",
        mixinStandardHelpOptions = true,
        description =
                "Measures Barnabas beside Apache Kafka 3.9.2 (ZooKeeper mode): three brokers on loopback, the same"
                        + " heap, client and workloads, in alternation.")
public final class Compare implements Callable<Integer> {
    private static final int RECORD_SIZE = 1024;
    private static final List<String> LOADED =
            List.of("acks=all", "batch.size=65536", "linger.ms=5", "enable.idempotence=true");

    @Option(names = "--systems", split = ",", defaultValue = "BARNABAS,KAFKA", description = "which, in turn")
    private List<BrokerKind> systems;

    @Option(names = "--rounds", defaultValue = "2", description = "alternations; default ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--records",
            defaultValue = "1000000",
            description = "records per throughput run; default ${DEFAULT-VALUE}")
    private long records;

    @Option(
            names = "--runs",
            defaultValue = "4",
            description = "throughput runs on one start; the third and later count as warm; default ${DEFAULT-VALUE}")
    private int runs;

    @Option(names = "--steady-seconds", defaultValue = "30", description = "length of the 5,000 records/s run")
    private int steadySeconds;

    @Option(names = "--output", defaultValue = "target/compare", description = "where the report goes")
    private Path output;

    @Option(names = "--home", required = true, hidden = true)
    private Path home;

    private final List<Measurement> measurements = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.setProperty("barnabas.home", home.toString());
        Files.createDirectories(output);
        for (int round = 1; round <= rounds; round++) {
            for (BrokerKind system : systems) {
                measure(system, round);
            }
        }
        String report = Report.markdown(measurements);
        Files.writeString(output.resolve("report.md"), report);
        Files.writeString(output.resolve("report.json"), Report.json(measurements));
        System.out.println(report);
        return 0;
    }

    private void measure(BrokerKind system, int round)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path directory = Files.createTempDirectory(output.toAbsolutePath(), "data-");
        PerfTool tool = new PerfTool(home, directory);
        try (ClusterProcesses cluster = new ClusterProcesses(directory, Map.of("min.insync.replicas", "2"))) {
            cluster.startZooKeeper();
            cluster.startBrokers(system, system, system);
            createTopic(cluster, "load", 3, 3);
            for (int run = 1; run <= runs; run++) {
                produce(cluster, tool, system, round, run <= 2 ? "produce, run " + run : "produce, warm");
            }
            consume(cluster, tool, system, round);
            createTopic(cluster, "steady", 3, 3);
            steady(cluster, tool, system, round);
        } finally {
            deleteTree(directory);
        }
    }

    private void produce(ClusterProcesses cluster, PerfTool tool, BrokerKind system, int round, String name) {
        double cpu = cpuSeconds(cluster);
        PerfTool.Produced result = tool.produce(cluster.bootstrap(), "load", records, RECORD_SIZE, -1, LOADED);
        add(
                cluster,
                new Measurement(
                        system,
                        name,
                        round,
                        result.recordsPerSecond(),
                        result.p50Ms(),
                        result.p99Ms(),
                        result.p999Ms(),
                        cpuSeconds(cluster) - cpu,
                        gib(records),
                        0));
    }

    private void consume(ClusterProcesses cluster, PerfTool tool, BrokerKind system, int round) {
        long all = records * runs;
        double cpu = cpuSeconds(cluster);
        double mbPerSecond = tool.consume(cluster.bootstrap(), "load", all, "reader-" + round);
        add(
                cluster,
                new Measurement(
                        system,
                        "group catch-up read",
                        round,
                        mbPerSecond * 1024 * 1024 / RECORD_SIZE,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        cpuSeconds(cluster) - cpu,
                        gib(all),
                        0));
    }

    private void steady(ClusterProcesses cluster, PerfTool tool, BrokerKind system, int round) {
        List<String> settings = List.of("acks=all", "linger.ms=0");
        tool.produce(cluster.bootstrap(), "steady", 25_000, RECORD_SIZE, 5_000, settings);
        long count = 5_000L * steadySeconds;
        double cpu = cpuSeconds(cluster);
        PerfTool.Produced result = tool.produce(cluster.bootstrap(), "steady", count, RECORD_SIZE, 5_000, settings);
        add(
                cluster,
                new Measurement(
                        system,
                        "5,000/s steady",
                        round,
                        result.recordsPerSecond(),
                        result.p50Ms(),
                        result.p99Ms(),
                        result.p999Ms(),
                        cpuSeconds(cluster) - cpu,
                        gib(count),
                        0));
    }

    private void add(ClusterProcesses cluster, Measurement raw) {
        double peak = IntStream.rangeClosed(1, 3)
                .mapToDouble(id -> ProcessUsage.of(cluster.broker(id).pid()).peakResidentMb())
                .max()
                .orElse(0);
        Measurement measured = new Measurement(
                raw.system(),
                raw.workload(),
                raw.round(),
                raw.recordsPerSecond(),
                raw.p50Ms(),
                raw.p99Ms(),
                raw.p999Ms(),
                raw.brokerCpuSeconds(),
                raw.gib(),
                peak);
        measurements.add(measured);
        System.out.println(Report.line(measured));
    }

    private static void createTopic(ClusterProcesses cluster, String name, int partitions, int replicas)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) replicas)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static double cpuSeconds(ClusterProcesses cluster) {
        return IntStream.rangeClosed(1, 3)
                .mapToDouble(id -> ProcessUsage.of(cluster.broker(id).pid()).cpuSeconds())
                .sum();
    }

    private static double gib(long count) {
        return count * (double) RECORD_SIZE / (1L << 30);
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
