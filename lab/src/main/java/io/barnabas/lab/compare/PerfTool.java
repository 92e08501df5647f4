// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs Kafka's own performance tools as client processes and reads their closing lines. */
final class PerfTool {
    private static final Pattern PRODUCED = Pattern.compile("(\\d+) records sent, ([\\d.]+) records/sec.*?"
            + "([\\d.]+) ms 50th, ([\\d.]+) ms 95th, ([\\d.]+) ms 99th, ([\\d.]+) ms 99.9th");

    private final Path home;
    private final Path directory;
    private int runs;

    PerfTool(Path home, Path directory) {
        this.home = home;
        this.directory = directory;
    }

    /** A producer's closing line. */
    record Produced(long records, double recordsPerSecond, double p50Ms, double p99Ms, double p999Ms) {}

    /**
     * @param throughput records per second, -1 for as many as possible
     * @param properties producer settings, KEY=VALUE
     */
    Produced produce(
            String bootstrap, String topic, long records, int recordSize, int throughput, List<String> properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--topic", topic,
                "--num-records", Long.toString(records),
                "--record-size", Integer.toString(recordSize),
                "--throughput", Integer.toString(throughput),
                "--producer-props", "bootstrap.servers=" + bootstrap));
        arguments.addAll(properties);
        String output = run("org.apache.kafka.tools.ProducerPerformance", arguments);
        Matcher matcher = PRODUCED.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("the producer's closing line is missing in\n" + output);
        }
        do {
            if (Long.parseLong(matcher.group(1)) == records) {
                return new Produced(
                        records,
                        Double.parseDouble(matcher.group(2)),
                        Double.parseDouble(matcher.group(3)),
                        Double.parseDouble(matcher.group(5)),
                        Double.parseDouble(matcher.group(6)));
            }
        } while (matcher.find());
        throw new IllegalStateException("not all of " + records + " records were sent:\n" + output);
    }

    /** Reads records through a group from the beginning; returns MB per second of fetching (rebalance time left out). */
    double consume(String bootstrap, String topic, long records, String group) {
        String output = run(
                "org.apache.kafka.tools.ConsumerPerformance",
                List.of(
                        "--bootstrap-server",
                        bootstrap,
                        "--topic",
                        topic,
                        "--messages",
                        Long.toString(records),
                        "--group",
                        group,
                        "--timeout",
                        "60000",
                        "--hide-header"));
        String[] fields = lastLine(output).split(", *");
        if (fields.length < 10 || Long.parseLong(fields[4]) < records) {
            throw new IllegalStateException("the consumer read too little:\n" + output);
        }
        return Double.parseDouble(fields[8]);
    }

    private static String lastLine(String output) {
        String[] lines = output.strip().split("\n");
        return lines[lines.length - 1].strip();
    }

    private String run(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=" + getClass().getResource("/lab-tools-log4j2.properties"),
                "-cp",
                home.resolve("tools/target/libs") + "/*",
                mainClass));
        command.addAll(arguments);
        Path output = directory.resolve("client-" + ++runs + ".log");
        int exit = ChildProcess.java(mainClass, command, output).await(900);
        try {
            String text = Files.readString(output);
            if (exit != 0) {
                throw new IllegalStateException(mainClass + " failed with exit code " + exit + ":\n" + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
