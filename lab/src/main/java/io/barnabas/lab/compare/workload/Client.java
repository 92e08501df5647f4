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
import io.barnabas.lab.compare.result.Results;
import io.barnabas.lab.process.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The load client, one process for as long as a cluster is measured, and what the brokers use while it makes a run. Owned by
 * the comparing thread.
 */
final class Client implements AutoCloseable {
    private static final int LIMIT_SECONDS = 600;

    private final Cluster cluster;
    private final ChildProcess process;
    private final Results results;
    private final BufferedReader output;
    private final StringBuilder line = new StringBuilder();

    private Client(Cluster cluster, ChildProcess process, Results results) throws IOException {
        this.cluster = cluster;
        this.process = process;
        this.results = results;
        this.output = Files.newBufferedReader(process.output());
    }

    /**
     * Starts it. Its JVM has both compilers and the plain collector: with its first runs it is as new as the brokers, later
     * as warm.
     *
     * @param home the project's
     * @param directory for what it prints
     * @param results where it is noted what made the runs
     */
    static Client start(Path home, Path directory, Cluster cluster, Results results) throws IOException {
        ChildProcess process = ChildProcess.lab(
                "client",
                home,
                List.of("-Xms512m", "-Xmx512m"),
                LoadClient.class,
                List.of(),
                Files.createTempFile(directory, "client-", ".log"));
        return new Client(cluster, process, results);
    }

    /**
     * One run's figures.
     *
     * @param seen what the client says
     * @param brokerCpuSeconds what all brokers used from the end of the client's warm-up to the end of the run
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
     * Makes a run, to its end.
     *
     * @param arguments {@link LoadClient}'s, but for where the cluster is
     */
    Run run(String... arguments) throws IOException {
        process.tell("--bootstrap=" + cluster.bootstrap() + " " + String.join(" ", arguments));
        await(LoadClient.MEASURING, 120);
        ProcessUsage before = cluster.usage();
        ThreadUsage threadsBefore = cluster.threads();
        double coordinationBefore = cluster.coordinationCpuSeconds();
        String figures = await(LoadClient.MARK, LIMIT_SECONDS);
        ProcessUsage after = cluster.usage();
        ThreadUsage.Split split = cluster.threads().since(threadsBefore);
        JsonNode seen = new ObjectMapper().readTree(figures.substring(LoadClient.MARK.length()));
        results.circumstance(
                Results.CLIENT,
                "for load, one process for as long as a cluster is measured: "
                        + seen.path("client").asText());
        return new Run(
                seen,
                after.cpuSeconds() - before.cpuSeconds(),
                split,
                cluster.coordinationCpuSeconds() - coordinationBefore,
                after.writtenMib() - before.writtenMib(),
                after.peakResidentMib());
    }

    /** Lets the process end by itself, which takes the libraries it has unpacked with it. */
    @Override
    public void close() throws IOException {
        process.endInput(10);
        output.close();
    }

    private String await(String beginning, int seconds) {
        AtomicReference<String> found = new AtomicReference<>();
        Waiting.until(
                "the client to say " + beginning.strip(),
                seconds,
                () -> {
                    boolean ended = !process.isAlive(); // asked first, so that its last words are not missed
                    found.set(next(beginning));
                    if (ended && found.get() == null) {
                        throw new IllegalStateException("the client has ended:\n" + process.tail(30));
                    }
                    return found.get() != null;
                },
                () -> process.tail(20));
        return found.get();
    }

    /** The next line that begins so, null when there is none yet. */
    private String next(String beginning) {
        try {
            for (int read = output.read(); read >= 0; read = output.read()) {
                if (read != '\n') {
                    line.append((char) read);
                    continue;
                }
                String whole = line.toString();
                line.setLength(0);
                if (whole.startsWith(beginning)) {
                    return whole;
                }
                if (whole.startsWith(LoadClient.FAILED)) {
                    throw new IllegalStateException("the client failed:\n" + process.tail(30));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
