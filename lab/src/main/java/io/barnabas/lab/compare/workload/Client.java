// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.barnabas.lab.compare.client.LoadClient;
import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.ProcessUsage;
import io.barnabas.lab.compare.cluster.ThreadUsage;
import io.barnabas.lab.compare.cluster.Waiting;
import io.barnabas.lab.compare.result.Metric;
import io.barnabas.lab.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the load client as a process, a fresh one each time, and looks at what the brokers used meanwhile. Owned by the
 * comparing thread.
 */
final class Client {
    private static final int LIMIT_SECONDS = 600;

    private final Path home;
    private final Path directory;
    private final Cluster cluster;
    private int started;

    Client(Path home, Path directory, Cluster cluster) {
        this.home = home;
        this.directory = directory;
        this.cluster = cluster;
    }

    /**
     * One run's figures.
     *
     * @param seen what the client says
     * @param brokerCpuSeconds what all brokers used from the end of the client's warm-up to its exit
     * @param split what that went into
     * @param coordinationCpuSeconds likewise, ZooKeeper
     * @param writtenMib what the brokers wrote
     * @param peakMib the largest broker's peak since its start
     */
    record Run(
            JsonNode seen,
            double brokerCpuSeconds,
            ThreadUsage.Split split,
            double coordinationCpuSeconds,
            double writtenMib,
            double peakMib) {
        double figure(String name) {
            return seen.path(name).asDouble(Double.NaN);
        }

        /** What a produce run is judged by, per record of the given size. */
        Map<Metric, Double> produced(int recordSize) {
            Map<Metric, Double> figures = new EnumMap<>(Metric.class);
            double measured = seen.path("measured").asDouble();
            double gib = measured * recordSize / (1L << 30);
            figures.put(Metric.RECORDS_PER_SECOND, measured / figure("produceSeconds"));
            figures.put(Metric.P50_MS, figure("ackP50Ms"));
            figures.put(Metric.P99_MS, figure("ackP99Ms"));
            figures.put(Metric.P999_MS, figure("ackP999Ms"));
            figures.put(Metric.MAX_MS, figure("ackMaxMs"));
            figures.put(Metric.CPU_PER_MILLION, brokerCpuSeconds / measured * 1e6);
            figures.put(Metric.CPU_PER_GIB, brokerCpuSeconds / gib);
            figures.put(Metric.CPU_CORES, brokerCpuSeconds / figure("produceSeconds"));
            figures.put(Metric.KERNEL_PERCENT, split.kernelPercent());
            figures.put(Metric.COMPILING_PERCENT, split.compilingPercent());
            figures.put(Metric.COLLECTING_PERCENT, split.collectingPercent());
            figures.put(Metric.WAITS_PER_THOUSAND, split.waits() / measured * 1_000);
            figures.put(Metric.CLIENT_CPU_SECONDS, figure("clientCpuSeconds"));
            figures.put(Metric.PEAK_MIB, peakMib);
            figures.put(Metric.WRITTEN_PER_BYTE, writtenMib / 1024 / gib);
            return figures;
        }

        /** What a read run is judged by. */
        Map<Metric, Double> read() {
            Map<Metric, Double> figures = new EnumMap<>(Metric.class);
            double bytes = figure("readBytes");
            figures.put(Metric.MB_PER_SECOND, bytes / 1e6 / figure("readSeconds"));
            figures.put(Metric.CPU_PER_GIB_READ, brokerCpuSeconds / (bytes / (1L << 30)));
            figures.put(Metric.CLIENT_CPU_SECONDS, figure("clientCpuSeconds"));
            return figures;
        }

        /** What is wrong with what was written or read; empty when all is well. */
        List<String> faults() {
            List<String> faults = new ArrayList<>();
            for (String name : List.of("failed", "missing", "duplicates", "corrupt", "strangers")) {
                if (seen.path(name).asLong() > 0) {
                    faults.add(name + " " + seen.path(name).asLong()
                            + (seen.has("failure") ? " (" + seen.path("failure").asText() + ")" : ""));
                }
            }
            return faults;
        }
    }

    /** One producer as fast as it goes, with the batching of throughput figures, acks=all. */
    Run produce(String topic, int size, long records, int run) throws IOException {
        return run(
                "--topic=" + topic,
                "--size=" + size,
                "--records=" + records,
                "--producers=1",
                "--run=" + run,
                "--producer-setting=acks=all",
                "--producer-setting=batch.size=65536",
                "--producer-setting=linger.ms=5");
    }

    /**
     * Runs it to its end.
     *
     * @param arguments {@link LoadClient}'s, but for where the cluster is
     */
    Run run(String... arguments) throws IOException {
        Path output = directory.resolve("client-" + ++started + "-" + System.nanoTime() + ".log");
        ChildProcess process = ChildProcess.start("client", command(arguments), output);
        Waiting.until(
                "the client to begin",
                120,
                () -> !process.isAlive() || said(output, LoadClient.MEASURING) != null,
                () -> process.tail(20));
        ProcessUsage before = cluster.usage();
        ThreadUsage threadsBefore = cluster.threads();
        double coordinationBefore = cluster.coordinationCpuSeconds();
        int exit = process.await(LIMIT_SECONDS);
        ProcessUsage after = cluster.usage();
        ThreadUsage.Split split = cluster.threads().since(threadsBefore);
        String figures = said(output, LoadClient.MARK);
        if (exit != 0 || figures == null) {
            throw new IllegalStateException("the client failed with exit code " + exit + ":\n" + process.tail(30));
        }
        return new Run(
                new ObjectMapper().readTree(figures.substring(LoadClient.MARK.length())),
                after.cpuSeconds() - before.cpuSeconds(),
                split,
                cluster.coordinationCpuSeconds() - coordinationBefore,
                after.writtenMib() - before.writtenMib(),
                after.peakResidentMib());
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + getClass().getResource("/lab-tools-log4j2.properties"),
                "-cp",
                home.resolve("lab/target/classes") + ":" + home.resolve("tools/target/libs") + "/*",
                LoadClient.class.getName(),
                "--bootstrap=" + cluster.bootstrap()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String said(Path output, String beginning) {
        try {
            return Files.readAllLines(output).stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
