// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.FrameFuzzer;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with little direct memory and Netty's leak detection at its strictest is sent what no client sends, while one
 * client goes about its business.
 */
class FrameFuzzIT {
    private static final String TOPIC = "beside";
    private static final int MAX_FRAME_BYTES = 1 << 20;
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private SequencedProducer producer;

    @AfterEach
    void stopEverything() {
        if (producer != null) {
            producer.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void nothingAPeerSendsHarmsTheBrokerOrItsOtherClients() throws Exception {
        System.out.println("fuzz.seed=" + SEED);
        start();
        FrameFuzzer fuzzer = new FrameFuzzer(cluster.port(1), MAX_FRAME_BYTES, SEED);
        long guests = guests();

        fuzzer.garbledBodies(3);
        fuzzer.noise(300);
        fuzzer.wrongSizes(140);
        fuzzer.unknownRequests(200);
        fuzzer.brokenOff(300);
        assertThat(fuzzer.noiseBehindAQuestion(20)).isEqualTo(20);
        fuzzer.silence(2_000);

        assertThat(cluster.broker(1).isAlive()).as("seed " + SEED).isTrue();
        await("all " + fuzzer.connections() + " connections to be closed, seed " + SEED)
                .atMost(Duration.ofSeconds(60))
                .until(() -> guests() <= guests);
        assertTrafficUnharmed();
        assertLogIsClear(fuzzer.connections());
    }

    private void start() throws Exception {
        cluster = new ClusterProcesses(
                directory,
                Map.of(
                        "min.insync.replicas", "1",
                        "auto.create.topics.enable", "false",
                        "socket.request.max.bytes", Integer.toString(MAX_FRAME_BYTES)));
        cluster.brokerJvmOptions(List.of("-XX:MaxDirectMemorySize=64m", "-Dio.netty.leakDetection.level=paranoid"));
        cluster.startZooKeeper();
        cluster.startBroker(1, BrokerKind.BARNABAS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        producer = new SequencedProducer(
                        cluster.bootstrap(), TOPIC, 2, 500, Map.of("enable.idempotence", false, "retries", 0))
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> producer.acknowledged() > 200);
    }

    private void assertTrafficUnharmed() {
        long acknowledged = producer.acknowledged();
        await("the other client to go on")
                .atMost(Duration.ofSeconds(30))
                .until(() -> producer.acknowledged() > acknowledged + 200);
        producer.stop();
        assertThat(producer.failures()).as("sends that failed, seed " + SEED).isEmpty();
        assertThat(LogChecker.check(producer.promises(), LogChecker.readAll(cluster.bootstrap(), TOPIC, 2)))
                .isEmpty();
    }

    private void assertLogIsClear(int connections) {
        List<String> lines = cluster.broker(1).tail(1_000_000).lines().toList();
        assertThat(lines)
                .as("seed " + SEED)
                .noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR ") || line.contains("LEAK"))
                .noneMatch(line -> line.contains("no memory"));
        assertThat(lines.stream().filter(line -> line.contains("Closing connection")))
                .isNotEmpty()
                .hasSizeLessThan(connections / 2);
    }

    /** Connections of others to the broker. It may have opened some to itself meanwhile, to ask the controller, say. */
    private long guests() throws IOException {
        Set<String> inodes = inodes();
        List<Connection> open = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] cells = line.trim().split("\\s+");
                if (cells.length > 9 && inodes.contains(cells[9])) {
                    open.add(new Connection(port(cells[1]), port(cells[2])));
                }
            }
        }
        int own = cluster.port(1);
        Set<Integer> toItself = open.stream()
                .filter(connection -> connection.to() == own)
                .map(Connection::from)
                .collect(Collectors.toSet());
        return open.stream()
                .filter(connection -> connection.from() == own && connection.to() != 0)
                .filter(connection -> !toItself.contains(connection.to()))
                .count();
    }

    private record Connection(int from, int to) {}

    private static int port(String address) {
        int colon = address.indexOf(':');
        return colon < 0 ? -1 : Integer.parseInt(address.substring(colon + 1), 16);
    }

    /** The broker's sockets, by the numbers the kernel's tables have for them. */
    private Set<String> inodes() throws IOException {
        try (Stream<Path> handles =
                Files.list(Path.of("/proc", Long.toString(cluster.broker(1).pid()), "fd"))) {
            return handles.map(FrameFuzzIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (IOException e) {
            return ""; // closed since it was listed
        }
    }
}
