// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a small transaction costs on each system, measured in alternation: three brokers on loopback, one client. */
@Command(
        name = "transaction-cost",
        mixinStandardHelpOptions = true,
        description = "Small transactions (records to three partitions, a group's offsets, the commit) on each system.")
public final class TransactionCost implements Callable<Integer> {
    @Option(names = "--systems", split = ",", defaultValue = "BARNABAS,KAFKA", description = "which, in turn")
    private List<BrokerKind> systems;

    @Option(names = "--rounds", defaultValue = "2", description = "alternations; default ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "8", description = "seconds, on each start; default ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "8", description = "of each measurement; default ${DEFAULT-VALUE}")
    private int seconds;

    @Option(names = "--home", required = true, hidden = true)
    private Path home;

    public static void main(String[] args) {
        System.exit(new CommandLine(new TransactionCost()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.setProperty("barnabas.home", home.toString());
        System.out.printf(
                "%-9s %5s %9s %8s %9s %8s %8s %8s %12s%n",
                "system", "round", "producers", "records", "tx/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms/tx");
        for (int round = 1; round <= rounds; round++) {
            for (BrokerKind system : systems) {
                measure(system, round);
            }
        }
        return 0;
    }

    private void measure(BrokerKind system, int round) throws Exception {
        Path directory = Files.createTempDirectory("transaction-cost-");
        try (ClusterProcesses cluster = new ClusterProcesses(directory, Map.of())) {
            cluster.startZooKeeper();
            cluster.startBrokers(system, system, system);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("cost", 3, (short) 3)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            new TransactionLoad(cluster.bootstrap(), "cost", 4, 3).run(Duration.ZERO, Duration.ofSeconds(warmUp));
            measure(cluster, system, round, 1, 1);
            measure(cluster, system, round, 1, 10);
            measure(cluster, system, round, 8, 1);
        } finally {
            deleteTree(directory);
        }
    }

    private void measure(ClusterProcesses cluster, BrokerKind system, int round, int producers, int records)
            throws Exception {
        Duration settling = Duration.ofSeconds(2);
        Duration length = Duration.ofSeconds(seconds);
        double before = cpuSeconds(cluster);
        TransactionLoad.Result result =
                new TransactionLoad(cluster.bootstrap(), "cost", producers, records).run(settling, length);
        // the settling time is not in the count of transactions, but in the brokers' work
        double share = length.toNanos() / (double) length.plus(settling).toNanos();
        System.out.printf(
                "%-9s %5d %9d %8s %,9.0f %8.2f %8.2f %8.2f %12.2f%n",
                system,
                round,
                producers,
                "3 x " + records,
                result.perSecond(),
                result.p50Ms(),
                result.p99Ms(),
                result.p999Ms(),
                (cpuSeconds(cluster) - before) * share * 1_000 / result.transactions());
    }

    /** All brokers together, so far. */
    private static double cpuSeconds(ClusterProcesses cluster) {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(id -> ProcessHandle.of(cluster.broker(id).pid()).orElseThrow())
                .mapToDouble(each ->
                        each.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9)
                .sum();
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
