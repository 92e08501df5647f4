// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What {@code kafka-dump-log.sh} of Apache Kafka says of a stopped broker's files besides listing their content. Owned by the
 * test's thread.
 */
final class LogDump {
    private static final Pattern REMARK = Pattern.compile(
            "(?i)mismatch|out of order|corrupt|exception|not valid|isvalid: false|invalid|error|failed|unknown");
    private static final int LIMIT_SECONDS = 120;

    private final Path root;
    private final Path output;
    private int runs;

    /**
     * @param root the broker's log directories are below it
     * @param output where the tool's output is kept
     */
    LogDump(Path root, Path output) {
        this.root = root;
        this.output = output;
    }

    /** Reads logs, indexes and snapshots down to each record, and internal topics as what they are. */
    List<String> remarks() throws IOException {
        List<String> remarks = new ArrayList<>();
        remarks.addAll(
                run(file -> file.matches(".*/\\d{20}\\.(log|index|timeindex|txnindex|snapshot)"), "--deep-iteration"));
        remarks.addAll(run(file -> file.matches(".*/\\d{20}\\.(index|timeindex)"), "--index-sanity-check"));
        remarks.addAll(run(file -> file.matches(".*/__consumer_offsets-\\d+/\\d{20}\\.log"), "--offsets-decoder"));
        remarks.addAll(
                run(file -> file.matches(".*/__transaction_state-\\d+/\\d{20}\\.log"), "--transaction-log-decoder"));
        return remarks;
    }

    /** All files of the broker's logs. */
    List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
        }
    }

    private List<String> run(Predicate<String> which, String option) throws IOException {
        List<String> files = files().stream().filter(which).toList();
        assertThat(files).as("files to dump with %s", option).isNotEmpty();
        Path libraries = Path.of(System.getProperty("barnabas.home"), "tools/target/libs");
        Path said = output.resolve("dump-" + ++runs + ".txt");
        ChildProcess dump = ChildProcess.java(
                "dump",
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        libraries + "/*",
                        "kafka.tools.DumpLogSegments",
                        option,
                        "--files",
                        String.join(",", files)),
                said);
        assertThat(dump.await(LIMIT_SECONDS)).as(dump.tail(20)).isZero();
        List<String> lines = Files.readAllLines(said);
        assertThat(lines.stream().filter(line -> line.startsWith("Dumping ")).count())
                .as("files %s tells of", said)
                .isGreaterThanOrEqualTo(files.size());
        return IntStream.range(0, lines.size())
                .filter(i -> REMARK.matcher(lines.get(i).replace("isvalid: true", ""))
                        .find())
                .filter(i -> !isOfEmptyBatches(lines.subList(i, lines.size())))
                .mapToObj(i ->
                        lines.subList(i, Math.min(i + 3, lines.size())).stream().collect(Collectors.joining(" | ")))
                .toList();
    }

    /**
     * Kafka's cleaner indexes a batch that it kept for its header alone by the time of the cleaning, which Kafka's dump then
     * does not find in any record: it says so of Kafka's own files.
     */
    private static boolean isOfEmptyBatches(List<String> remark) {
        return remark.get(0).startsWith("Found timestamp mismatch")
                && remark.stream()
                        .skip(1)
                        .takeWhile(line -> line.startsWith("  Index timestamp"))
                        .allMatch(line -> line.endsWith("log timestamp: -1"));
    }
}
