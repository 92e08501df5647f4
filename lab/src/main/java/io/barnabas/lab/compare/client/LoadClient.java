// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes, reads, or does both, once for each line of options on its standard input, and prints one line of JSON with what
 * it saw. That records are missing is no failure: the figures say so, and who started it judges them. The process lives
 * until its input ends, so that its JVM is as warm as one that writes and reads all day; producers and consumers are new in
 * every run.
 */
@Command(name = "load-client")
public final class LoadClient implements Callable<Integer> {
    /** Begins the line that holds the figures. */
    public static final String MARK = "FIGURES ";
    /** A line printed when the warm-up, if any, is over. */
    public static final String MEASURING = "MEASURING";
    /** A line printed when a run could not be made; why stands before it. */
    public static final String FAILED = "FAILED";

    @Option(names = "--bootstrap", required = true)
    private String bootstrap;

    @Option(names = "--topic", required = true)
    private String topic;

    @Option(names = "--size", required = true)
    private int size;

    @Option(names = "--records")
    private long records;

    @Option(names = "--producers")
    private int producers;

    @Option(names = "--rate")
    private double rate;

    @Option(names = "--burst-ms")
    private long burstMs;

    @Option(names = "--warm-up")
    private long warmUp;

    @Option(names = "--run")
    private int run;

    @Option(names = "--groups")
    private int groups;

    @Option(names = "--group-prefix", defaultValue = "readers")
    private String groupPrefix;

    @Option(names = "--expect")
    private List<String> expectations = new ArrayList<>();

    @Option(names = "--producer-setting")
    private Map<String, String> producerSettings = new HashMap<>();

    @Option(names = "--consumer-setting")
    private Map<String, String> consumerSettings = new HashMap<>();

    private final AtomicBoolean announced = new AtomicBoolean();
    private double cpuSecondsBefore;

    /** The process's entry. A run's options stand on one line, blanks between them. */
    public static void main(String[] args) throws IOException {
        BufferedReader runs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String options = runs.readLine(); options != null; options = runs.readLine()) {
            if (new CommandLine(new LoadClient()).execute(options.split(" ")) != 0) {
                System.out.println(FAILED);
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        Payload payload = new Payload(size);
        boolean both = producers > 0 && groups > 0;
        List<GroupMember> members = members(payload, both);
        List<Thread> readers = start("group", members);
        if (both) {
            for (GroupMember member : members) {
                member.awaitReady();
            }
        }
        List<LoadWriter> writers = writers(payload);
        if (writers.isEmpty()) {
            announce();
        }
        join(start("producer", writers));
        join(readers);
        if (!writers.isEmpty()) {
            written(writers, figures);
        }
        if (!members.isEmpty()) {
            read(members, figures);
        }
        figures.put("clientCpuSeconds", cpuSeconds() - cpuSecondsBefore);
        figures.put("client", ClientText.ofThisProcess());
        System.out.println(MARK + new ObjectMapper().writeValueAsString(figures));
        return 0;
    }

    private List<GroupMember> members(Payload payload, boolean tailing) {
        List<Tally.Expectation> expected =
                expectations.stream().map(Tally.Expectation::parse).toList();
        List<GroupMember> members = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            Map<String, Object> settings = new HashMap<>(Map.of(
                    "bootstrap.servers",
                    bootstrap,
                    "group.id",
                    groupPrefix + "-" + group,
                    "auto.offset.reset",
                    "earliest",
                    "receive.buffer.bytes",
                    2 * 1024 * 1024));
            settings.putAll(consumerSettings);
            members.add(new GroupMember(
                    settings, topic, new Tally(payload, expected), tailing ? warmUp / producers : Long.MAX_VALUE));
        }
        return members;
    }

    private List<LoadWriter> writers(Payload payload) {
        List<LoadWriter> writers = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrap));
            settings.putAll(producerSettings);
            writers.add(new LoadWriter(
                    settings,
                    topic,
                    payload,
                    run,
                    producer,
                    records / producers,
                    new LoadWriter.Pace(rate / producers, TimeUnit.MILLISECONDS.toNanos(burstMs)),
                    warmUp / producers,
                    this::announce));
        }
        return writers;
    }

    private void announce() {
        if (announced.compareAndSet(false, true)) {
            cpuSecondsBefore = cpuSeconds();
            System.out.println(MEASURING);
        }
    }

    private static void written(List<LoadWriter> writers, Map<String, Object> figures) {
        long acknowledged = writers.stream().mapToLong(LoadWriter::acknowledged).sum();
        long began = writers.stream().mapToLong(LoadWriter::beganNanos).min().orElseThrow();
        long ended = writers.stream().mapToLong(LoadWriter::endedNanos).max().orElseThrow();
        int[] sorted =
                Latencies.sorted(writers.stream().map(LoadWriter::latencies).toList());
        figures.put("acknowledged", acknowledged);
        figures.put("failed", writers.stream().mapToLong(LoadWriter::failed).sum());
        writers.stream()
                .map(LoadWriter::failure)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .ifPresent(failure -> figures.put("failure", failure));
        figures.put("measured", sorted.length);
        figures.put("produceSeconds", (ended - began) / 1e9);
        percentiles("ack", sorted, figures);
    }

    private static void read(List<GroupMember> members, Map<String, Object> figures) {
        long first = members.stream().mapToLong(GroupMember::firstNanos).min().orElseThrow();
        long last = members.stream().mapToLong(GroupMember::lastNanos).max().orElseThrow();
        figures.put("expected", sum(members, Tally::expected));
        figures.put("read", sum(members, Tally::read));
        figures.put("readBytes", sum(members, Tally::bytes));
        figures.put("missing", sum(members, Tally::missing));
        figures.put("duplicates", sum(members, Tally::duplicates));
        figures.put("corrupt", sum(members, Tally::corrupt));
        figures.put("strangers", sum(members, Tally::strangers));
        figures.put("readSeconds", (last - first) / 1e9);
        percentiles(
                "endToEnd",
                Latencies.sorted(members.stream().map(GroupMember::latencies).toList()),
                figures);
    }

    private static long sum(List<GroupMember> members, java.util.function.ToLongFunction<Tally> figure) {
        return members.stream().map(GroupMember::tally).mapToLong(figure).sum();
    }

    private static void percentiles(String name, int[] sorted, Map<String, Object> figures) {
        if (sorted.length > 0) {
            figures.put(name + "P50Ms", Latencies.percentileMs(sorted, 0.5));
            figures.put(name + "P99Ms", Latencies.percentileMs(sorted, 0.99));
            figures.put(name + "P999Ms", Latencies.percentileMs(sorted, 0.999));
            figures.put(name + "MaxMs", Latencies.percentileMs(sorted, 1));
        }
    }

    private static List<Thread> start(String name, List<? extends Runnable> work) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable each : work) {
            Thread thread = new Thread(each, name + "-" + threads.size());
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }
}
