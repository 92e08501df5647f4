// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka's command-line tools on a cluster of three: they say what they say on Apache Kafka 3.9.2. What that is was
 * recorded beside it, see CONTRIBUTING.md.
 */
class ScriptsIT {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("barnabas.home"), "bin").toAbsolutePath().normalize();

    private static final Path RECORDED = Path.of(System.getProperty("barnabas.home"), "lab/src/test/resources/scripts")
            .resolve("kafka-3.9.2.txt")
            .toAbsolutePath()
            .normalize();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyScriptHelps() throws Exception {
        List<Path> scripts;
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            scripts = files.filter(file -> file.toString().endsWith(".sh"))
                    .sorted()
                    .toList();
        }
        assertThat(scripts).hasSizeGreaterThan(30);
        ExecutorService runners = Executors.newFixedThreadPool(2);
        try {
            List<Callable<CommandRun>> runs = scripts.stream()
                    .<Callable<CommandRun>>map(script -> () -> help(script))
                    .toList();
            for (Future<CommandRun> done : runners.invokeAll(runs)) {
                assertHelps(done.get());
            }
        } finally {
            runners.shutdownNow();
        }
    }

    private CommandRun help(Path script) {
        return CommandRun.of(
                List.of(script.toString(), "--help"), environment(), "", directory, Duration.ofSeconds(90));
    }

    private static void assertHelps(CommandRun run) {
        // Kafka's own tools end with 1 after their help
        assertThat(run.exitCode()).as(run.toString()).isIn(0, 1);
        assertThat(String.join("\n", run.out()) + String.join("\n", run.err()))
                .as(run.toString())
                .isNotBlank()
                .doesNotContain("\tat ", "No configuration found", "Error: ");
    }

    @Test
    void theToolsSayWhatTheySayOnKafka() throws IOException {
        assertSame(transcript(BrokerKind.BARNABAS).chapters(), Recording.read(RECORDED));
    }

    /** With {@code -Dscripts.record=true} this writes the recording anew. */
    @Test
    @Tag("referee")
    void theRecordingIsWhatTheySayOnKafka() throws IOException {
        Transcript kafka = transcript(BrokerKind.KAFKA);
        if (Boolean.getBoolean("scripts.record")) {
            Recording.write(RECORDED, kafka.chapters());
        }
        assertSame(kafka.chapters(), Recording.read(RECORDED));
    }

    private static void assertSame(Map<String, List<String>> said, Map<String, List<String>> recorded) {
        assertThat(said.keySet()).isEqualTo(recorded.keySet());
        assertThat(said).allSatisfy((step, lines) -> assertThat(lines).as(step).isEqualTo(recorded.get(step)));
    }

    /** Short runs: what the first compiler makes is enough. */
    private Map<String, String> environment() {
        return Map.of(
                "KAFKA_HEAP_OPTS",
                "-Xmx128M",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Djava.awt.headless=true",
                "LOG_DIR",
                directory.resolve("script-logs").toString());
    }

    private Transcript transcript(BrokerKind kind) {
        Path home = directory.resolve(kind.name());
        try (ClusterProcesses cluster = new ClusterProcesses(home, Map.of())) {
            cluster.startZooKeeper();
            cluster.startBrokers(kind, kind, kind);
            Transcript transcript = new Transcript(cluster, SCRIPTS, environment(), home);
            topics(transcript);
            records(transcript);
            groups(transcript);
            configs(transcript);
            replicas(transcript, home);
            cluster(transcript);
            performance(transcript);
            transcript.run("delete topic", "kafka-topics", "--delete", "--topic", "t");
            transcript.run("delete a topic that is not there", "kafka-topics", "--delete", "--topic", "t-none");
            return transcript;
        }
    }

    private static void topics(Transcript t) {
        t.run(
                "create",
                "kafka-topics",
                "--create",
                "--topic",
                "t",
                "--replica-assignment",
                "1:2:3,2:3:1,3:1:2",
                "--config",
                "retention.ms=86400000");
        t.run("create again", "kafka-topics", "--create", "--topic", "t", "--partitions", "1");
        t.run("create too wide", "kafka-topics", "--create", "--topic", "wide", "--replication-factor", "4");
        t.run(
                "add a partition",
                "kafka-topics",
                "--alter",
                "--topic",
                "t",
                "--partitions",
                "4",
                "--replica-assignment",
                "1:2:3,2:3:1,3:1:2,1:3:2");
        t.run("take a partition away", "kafka-topics", "--alter", "--topic", "t", "--partitions", "2");
        t.run("list topics", "kafka-topics", "--list");
        t.run("describe topic", "kafka-topics", "--describe", "--topic", "t");
        t.run("describe no topic", "kafka-topics", "--describe", "--topic", "t-none");
        t.run("describe trouble", "kafka-topics", "--describe", "--unavailable-partitions");
    }

    private static void records(Transcript t) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            lines.append("key").append(i).append(":value").append(i).append('\n');
        }
        t.runWithInput(
                "produce",
                lines.toString(),
                "kafka-console-producer",
                "--topic",
                "t",
                "--property",
                "parse.key=true",
                "--property",
                "key.separator=:");
        t.run("latest offsets", "kafka-get-offsets", "--topic", "t");
        t.run("earliest offsets", "kafka-get-offsets", "--topic", "t", "--time", "earliest");
        t.runSorted(
                "consume",
                "kafka-console-consumer",
                "--topic",
                "t",
                "--group",
                "g",
                "--from-beginning",
                "--max-messages",
                "20",
                "--timeout-ms",
                "60000");
    }

    private static void groups(Transcript t) {
        t.run("list groups", "kafka-consumer-groups", "--list");
        t.run("list groups' states", "kafka-consumer-groups", "--list", "--state");
        t.runSorted("describe group", "kafka-consumer-groups", "--describe", "--group", "g");
        t.run("describe group's state", "kafka-consumer-groups", "--describe", "--group", "g", "--state");
        t.run("describe group's members", "kafka-consumer-groups", "--describe", "--group", "g", "--members");
        t.run("describe no group", "kafka-consumer-groups", "--describe", "--group", "none");
        t.runSorted(
                "reset offsets, dry run",
                "kafka-consumer-groups",
                "--reset-offsets",
                "--group",
                "g",
                "--topic",
                "t",
                "--to-earliest",
                "--dry-run");
        t.runSorted(
                "reset offsets",
                "kafka-consumer-groups",
                "--reset-offsets",
                "--group",
                "g",
                "--topic",
                "t:0",
                "--to-offset",
                "1",
                "--execute");
        t.runSorted("describe group again", "kafka-consumer-groups", "--describe", "--group", "g");
        t.run("delete offsets", "kafka-consumer-groups", "--delete-offsets", "--group", "g", "--topic", "t:1");
        t.run("delete group", "kafka-consumer-groups", "--delete", "--group", "g");
        t.run("delete no group", "kafka-consumer-groups", "--delete", "--group", "none");
    }

    private static void configs(Transcript t) {
        String[] topic = {"--entity-type", "topics", "--entity-name", "t"};
        String[] broker = {"--entity-type", "brokers", "--entity-name", "1"};
        String[] all = {"--entity-type", "brokers", "--entity-default"};
        t.configs("alter topic's", topic, "--alter", "--add-config", "max.message.bytes=2000000");
        t.configs("alter topic's wrongly", topic, "--alter", "--add-config", "max.message.bytes=many");
        t.configs("describe topic's", topic, "--describe");
        t.configs("drop topic's", topic, "--alter", "--delete-config", "max.message.bytes");
        t.configs("describe all of topic's", topic, "--describe", "--all");
        t.configs("alter broker's", broker, "--alter", "--add-config", "background.threads=12");
        t.configs("alter broker's too far", broker, "--alter", "--add-config", "background.threads=100");
        t.configs("alter broker's fixed", broker, "--alter", "--add-config", "broker.rack=x");
        t.configs("alter all brokers'", all, "--alter", "--add-config", "log.retention.ms=5000000");
        t.configs("describe broker's", broker, "--describe");
        t.configs("describe all brokers'", all, "--describe");
        t.configs("drop broker's", broker, "--alter", "--delete-config", "background.threads");
        t.configs("drop all brokers'", all, "--alter", "--delete-config", "log.retention.ms");
        t.configs("describe all of broker's", broker, "--describe", "--all");
    }

    private static void replicas(Transcript t, Path home) {
        Path offsets = write(
                home, "offsets", "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":1}],\"version\":1}");
        t.run("delete records", "kafka-delete-records", "--offset-json-file", offsets.toString());
        t.run("earliest after deletion", "kafka-get-offsets", "--topic", "t", "--time", "earliest");
        t.run("log dirs", "kafka-log-dirs", "--describe", "--broker-list", "1", "--topic-list", "t");
        t.run(
                "elect the preferred leader where it leads",
                "kafka-leader-election",
                "--election-type",
                "preferred",
                "--topic",
                "t",
                "--partition",
                "0");
        Path moves = write(
                home,
                "moves",
                "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[3,2,1]}]}");
        String file = moves.toString();
        t.run(
                "reassign",
                "kafka-reassign-partitions",
                "--reassignment-json-file",
                file,
                "--execute",
                "--throttle",
                "10000000");
        await().atMost(Duration.ofSeconds(60)).until(() -> t.peek(
                        "kafka-reassign-partitions",
                        "--reassignment-json-file",
                        file,
                        "--verify",
                        "--preserve-throttles")
                .contains("is completed"));
        t.run("verify", "kafka-reassign-partitions", "--reassignment-json-file", file, "--verify");
        t.run("list reassignments", "kafka-reassign-partitions", "--list");
        t.run(
                "elect the new preferred leader",
                "kafka-leader-election",
                "--election-type",
                "preferred",
                "--topic",
                "t",
                "--partition",
                "0");
        t.run("describe moved topic", "kafka-topics", "--describe", "--topic", "t");
    }

    private static void cluster(Transcript t) {
        t.run("cluster id", "kafka-cluster", "cluster-id");
        t.runSorted("api versions", "kafka-broker-api-versions");
        t.run("features", "kafka-features", "describe");
        t.run("transactions", "kafka-transactions", "list");
        t.run("acls", "kafka-acls", "--list");
    }

    private static void performance(Transcript t) {
        assertThat(t.peek(
                        "kafka-producer-perf-test",
                        "--topic",
                        "t",
                        "--num-records",
                        "2000",
                        "--record-size",
                        "100",
                        "--throughput",
                        "-1"))
                .contains("2000 records sent");
        assertThat(t.peek("kafka-consumer-perf-test", "--topic", "t", "--messages", "2000", "--timeout", "60000"))
                .contains("start.time, end.time, data.consumed.in.MB");
    }

    private static Path write(Path home, String name, String json) {
        try {
            return Files.writeString(home.resolve(name + ".json"), json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
