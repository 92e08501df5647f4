// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a row of scripts said on one cluster, without what must differ between two: ports, directories, ids, times, and the
 * keys that only Barnabas has.
 */
final class Transcript {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** These take the address before their verb. */
    private static final Set<String> ADDRESS_FIRST = Set.of("kafka-features", "kafka-transactions");

    private final ClusterProcesses cluster;
    private final Path scripts;
    private final Map<String, String> environment;
    private final Path home;
    private final Map<String, List<String>> chapters = new LinkedHashMap<>();

    Transcript(ClusterProcesses cluster, Path scripts, Map<String, String> environment, Path home) {
        this.cluster = cluster;
        this.scripts = scripts;
        this.environment = environment;
        this.home = home;
    }

    /** By step: the exit code, then standard output and standard error. */
    Map<String, List<String>> chapters() {
        return chapters;
    }

    void run(String step, String script, String... arguments) {
        chapters.put(step, normal(execute("", script, arguments), false));
    }

    /** For what comes in an order that means nothing. */
    void runSorted(String step, String script, String... arguments) {
        chapters.put(step, normal(execute("", script, arguments), true));
    }

    void runWithInput(String step, String input, String script, String... arguments) {
        chapters.put(step, normal(execute(input, script, arguments), false));
    }

    void configs(String step, String[] entity, String... arguments) {
        run(
                step,
                "kafka-configs",
                Stream.concat(Arrays.stream(entity), Arrays.stream(arguments)).toArray(String[]::new));
    }

    /** Runs without a note, and returns what was said. */
    String peek(String script, String... arguments) {
        return execute("", script, arguments).toString();
    }

    private CommandRun execute(String input, String script, String... arguments) {
        List<String> command = new ArrayList<>(Arrays.asList(arguments));
        List<String> address = script.equals("kafka-producer-perf-test")
                ? List.of("--producer-props", "bootstrap.servers=" + cluster.bootstrap())
                : List.of("--bootstrap-server", cluster.bootstrap());
        command.addAll(ADDRESS_FIRST.contains(script) ? 0 : command.size(), address);
        command.add(0, scripts.resolve(script + ".sh").toString());
        return CommandRun.of(command, environment, input, home, LIMIT);
    }

    private List<String> normal(CommandRun run, boolean sorted) {
        List<String> lines = new ArrayList<>();
        Stream<String> said = kept(run.out());
        (sorted ? said.sorted() : said).forEach(lines::add);
        kept(run.err()).forEach(line -> lines.add("! " + line));
        lines.add(0, "exit code " + run.exitCode());
        return lines;
    }

    /** Where a tool prints a stack trace, its frames are not compared: they tell how long an answer took. */
    private Stream<String> kept(List<String> said) {
        return said.stream()
                .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t... "))
                .map(this::normal)
                .filter(line -> !line.startsWith("barnabas."));
    }

    private String normal(String line) {
        return line.replace(home.toString(), "HOME")
                .replaceAll("127\\.0\\.0\\.1:\\d+ \\(id: \\d", "ADDRESS (id: N")
                .replaceAll("127\\.0\\.0\\.1:\\d+ +\\(\\d\\)", "COORDINATOR")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("TopicId: \\S{22}", "TopicId: ID")
                .replaceAll("Cluster ID: \\S{22}", "Cluster ID: ID")
                .replaceAll("\\[\\d{4}-\\d\\d-\\d\\d [^\\]]*\\]", "[TIME]")
                .replaceAll("\"size\":\\d+", "\"size\":N")
                .replaceAll("\\s+", " ")
                .trim();
    }
}
