// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.compare.cluster.JvmOptions;
import io.barnabas.lab.compare.cluster.Product;
import io.barnabas.lab.compare.cluster.StolenTime;
import io.barnabas.lab.compare.cluster.Waiting;
import io.barnabas.lab.compare.result.HtmlPage;
import io.barnabas.lab.compare.result.MarkdownReport;
import io.barnabas.lab.compare.result.Results;
import io.barnabas.lab.compare.workload.Bench;
import io.barnabas.lab.compare.workload.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Runs the same workloads on each system in alternation, and reports the figures side by side. */
@Command(
        name = "compare.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures Barnabas, Apache Kafka 3.9 with ZooKeeper and Apache Kafka 4.3 with KRaft on this machine: three"
                    + " brokers each on loopback, the same heap, client and workloads, one system after the other in each"
                    + " round. What the load workloads write is read back.",
            "",
            "Without options: all standard workloads, under half an hour on two cores. Use a machine that runs nothing"
                    + " else."
        },
        footer = {
            "",
            "Workloads: throughput, single, latency, fan-out, grid, failover, start, control (standard); failover-large.",
            "Results: report.html (with plots), report.md and results.json in the output directory."
        })
public final class Compare implements Callable<Integer> {
    /** What a glance looks at. */
    private static final List<String> QUICK = List.of("throughput", "latency", "control");

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "NAME",
            description = "systems to measure, in this order: barnabas, kafka, kraft")
    private List<String> systems = List.of("barnabas", "kafka", "kraft");

    @Option(names = "--workloads", split = ",", paramLabel = "NAME", description = "workloads to run; see below")
    private List<String> workloads = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "number of rounds; default 1")
    private int rounds = 1;

    @Option(names = "--quick", description = "a short run of under five minutes: throughput, latency and control")
    private boolean quick;

    @Option(names = "--full", description = "every workload with every case; takes hours")
    private boolean full;

    @Option(names = "--records", paramLabel = "N", description = "records of one throughput run")
    private Long records;

    @Option(names = "--runs", paramLabel = "N", description = "throughput runs of one start; warm from the third on")
    private Integer runs;

    @Option(names = "--steady-seconds", paramLabel = "N", description = "length of runs at a fixed rate")
    private Integer steadySeconds;

    @Option(
            names = "--partitions",
            split = ",",
            paramLabel = "N",
            description = "topic sizes of the control workload, as 500,1000,2000,5000")
    private List<Integer> partitions;

    @Option(names = "--heap", paramLabel = "SIZE", description = "each broker's heap; default 1g")
    private String heap = "1g";

    @Option(
            names = "--same-jvm",
            description = "run all systems with the JVM options of Kafka's start script; by default each uses its own")
    private boolean sameJvm;

    @Option(
            names = "--back-memory",
            description = "for virtual machines whose host takes back free memory: fill the page cache before each"
                    + " measurement, since the first write to a page is slow; takes up to a minute each time")
    private boolean backMemory;

    @Option(
            names = "--merge",
            paramLabel = "FILE",
            description = "add the results.json of an earlier run; with --rounds 0, report only")
    private List<Path> merged = List.of();

    @Option(names = "--output", paramLabel = "DIR", description = "directory of the results; default target/compare")
    private Path output = Path.of("target/compare");

    @Option(names = "--home", required = true, hidden = true)
    private Path home;

    private final Results results = new Results();
    private final long beganNanos = System.nanoTime();
    /** Ctrl-C was pressed: what is left of the data is the hook's. */
    private volatile boolean ending;

    /** The process's entry. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    e.printStackTrace(line.getErr());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        List<Product> products = systems.stream().map(this::product).toList();
        List<Catalogue.Entry> chosen = chosen();
        Files.createDirectories(output);
        for (Path file : merged) {
            results.merge(file);
        }
        if (rounds > 0) {
            Circumstances.note(results, jvm(), backMemory);
        }
        try (PageCache pageCache = backMemory ? new PageCache(output) : null) {
            measureAll(products, chosen, pageCache);
        }
        report();
        return results.problems().isEmpty() ? 0 : 1;
    }

    private void measureAll(List<Product> products, List<Catalogue.Entry> chosen, PageCache pageCache)
            throws IOException {
        int steps = rounds * products.size() * chosen.size();
        int step = 0;
        for (int round = 1; round <= rounds; round++) {
            for (Catalogue.Entry entry : chosen) {
                for (Product product : products) {
                    if (pageCache != null) {
                        say("filling the page cache: " + (pageCache.fill() >> 30) + " GiB");
                    }
                    measure(entry, product, round, "[" + ++step + "/" + steps + "] ");
                }
            }
        }
    }

    private void measure(Catalogue.Entry entry, Product product, int round, String step) throws IOException {
        say(step + entry.title() + ", " + product.title() + ", round " + round);
        Path directory = Files.createTempDirectory(output.toAbsolutePath(), "data-");
        Thread hook = deleteAtExit(directory);
        Bench bench = new Bench(
                product, round, scale(), jvm(), home, directory, results, text -> say("    " + text), new StolenTime());
        try {
            entry.workload().run(bench);
        } catch (Exception e) {
            // one system's failure is a result too; the others are still measured
            results.problem(entry.id() + " on " + product.title() + ", round " + round + " failed: " + e);
            say("    FAILED: " + e);
        } finally {
            if (!ending) {
                deleteTree(directory);
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            results.write(output.resolve("results.json"));
        }
    }

    private void report() throws IOException {
        results.write(output.resolve("results.json"));
        String markdown = new MarkdownReport(results, Catalogue.texts()).write();
        Files.writeString(output.resolve("report.md"), markdown);
        Files.writeString(output.resolve("report.html"), new HtmlPage(results, Catalogue.texts()).write());
        say("Results are in " + output.toAbsolutePath());
        results.problems()
                .forEach(
                        problem -> say("PROBLEM: " + problem.lines().findFirst().orElse("")));
    }

    private Product product(String name) {
        return Stream.of(Product.values())
                .filter(each -> each.id().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> wrong("no system is called " + name + "; there are "
                        + Stream.of(Product.values()).map(Product::id).collect(Collectors.joining(", "))));
    }

    private List<Catalogue.Entry> chosen() {
        if (workloads.isEmpty() && quick) {
            return Catalogue.all().stream()
                    .filter(entry -> QUICK.contains(entry.id()))
                    .toList();
        }
        if (workloads.isEmpty()) {
            return Catalogue.all().stream()
                    .filter(entry -> full || entry.usual())
                    .toList();
        }
        List<Catalogue.Entry> chosen = new ArrayList<>();
        for (String name : workloads) {
            chosen.add(Catalogue.find(name)
                    .orElseThrow(() -> wrong("no workload is called " + name + "; there are "
                            + Catalogue.all().stream().map(Catalogue.Entry::id).collect(Collectors.joining(", ")))));
        }
        return chosen;
    }

    private Scale scale() {
        Scale base = quick ? Scale.quick() : full ? Scale.full() : Scale.usual();
        return new Scale(
                records == null ? base.records() : records,
                runs == null ? base.runs() : runs,
                steadySeconds == null ? base.steadySeconds() : steadySeconds,
                base.burstsMs(),
                partitions == null ? base.partitions() : partitions,
                base.idleSeconds(),
                base.everything());
    }

    private JvmOptions jvm() {
        return new JvmOptions(List.of("-Xms" + heap, "-Xmx" + heap), sameJvm ? JvmOptions.KAFKAS_OWN : List.of());
    }

    private void say(String text) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
        System.out.printf("%2d:%02d %s%n", elapsed.toMinutes(), elapsed.toSecondsPart(), text);
    }

    private static ParameterException wrong(String message) {
        return new ParameterException(new CommandLine(new Compare()), message);
    }

    /** Ctrl-C leaves no gigabytes behind; the processes are ended by a hook of their own. */
    private Thread deleteAtExit(Path directory) {
        Thread hook = new Thread(
                () -> {
                    ending = true;
                    for (int attempt = 0; attempt < 20 && Files.exists(directory); attempt++) {
                        try {
                            deleteTree(directory);
                        } catch (IOException | UncheckedIOException e) {
                            // a dying broker was still writing
                            Waiting.sleep(100);
                        }
                    }
                },
                "data-remover");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
    }
}
