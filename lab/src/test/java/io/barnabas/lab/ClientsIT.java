// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.client.ClientRoundTrip;
import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stock clients of several generations, and one that is not Java, on one cluster of real processes. */
class ClientsIT {
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static ClusterProcesses cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new ClusterProcesses(directory, Map.of());
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    static Stream<String> generations() {
        return Stream.of(System.getProperty("client.generations").split(","));
    }

    @ParameterizedTest
    @MethodSource("generations")
    void stockJavaClientProducesConsumesCommitsAndAdministrates(String version) throws IOException {
        Path home = Path.of(System.getProperty("barnabas.home"));
        Path client = home.resolve("lab/target/clients/kafka-clients-" + version + ".jar");
        assertThat(client).exists();
        String classPath;
        try (Stream<Path> libraries = Files.list(home.resolve("tools/target/libs"))) {
            classPath = libraries
                    .filter(each ->
                            each.getFileName().toString().matches("(zstd-jni|lz4-java|snappy-java|slf4j-api)-.*"))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
        List<String> command = List.of(
                "-Xmx256m",
                "-cp",
                home.resolve("lab/target/classes") + ":" + client + ":" + classPath,
                ClientRoundTrip.class.getName(),
                cluster.bootstrap(),
                "generation-" + version.replace('.', '-'));
        ChildProcess process = ChildProcess.java("client " + version, command, directory.resolve(version + ".log"));
        int exit = process.await(120);
        assertThat(exit).as(process.tail(30)).isZero();
        assertThat(process.tail(1)).isEqualTo("OK " + version);
    }

    @Test
    @Tag("kcat")
    void librdkafkaProducesAndConsumesInAGroup() throws IOException {
        Path input = directory.resolve("input.txt");
        List<String> lines =
                Stream.iterate(0, i -> i + 1).limit(200).map(i -> "line-" + i).toList();
        Files.write(input, lines);
        Path output = directory.resolve("output.txt");
        int produced = ChildProcess.start(
                        "kcat -P",
                        List.of(
                                "kcat",
                                "-P",
                                "-b",
                                cluster.bootstrap(),
                                "-t",
                                "from-kcat",
                                "-X",
                                "acks=all",
                                "-X",
                                "enable.idempotence=true",
                                "-z",
                                "lz4",
                                "-l",
                                input.toString()),
                        directory.resolve("kcat-produce.log"))
                .await(60);
        assertThat(produced).isZero();
        ChildProcess consumer = ChildProcess.start(
                "kcat -G",
                List.of(
                        "kcat",
                        "-b",
                        cluster.bootstrap(),
                        "-X",
                        "auto.offset.reset=earliest",
                        "-q",
                        "-c",
                        Integer.toString(lines.size()),
                        "-G",
                        "kcat-group",
                        "from-kcat"),
                output);
        assertThat(consumer.await(60)).as(consumer.tail(10)).isZero();
        assertThat(Files.readAllLines(output)).containsExactlyInAnyOrderElementsOf(lines);
    }

    @Test
    @Tag("kcat")
    void librdkafkaCommitsAbortsAndFencesInTransactions() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("rd-in", 2, (short) 3), new NewTopic("rd-out", 2, (short) 3)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Path script = Path.of(
                ClientsIT.class.getResource("/librdkafka_transactions.py").toURI());
        ChildProcess client = ChildProcess.start(
                "confluent-kafka",
                // Debian's own, which has Debian's packages
                List.of("/usr/bin/python3", script.toString(), cluster.bootstrap(), "rd-in", "rd-out"),
                directory.resolve("librdkafka-transactions.log"));
        int exit = client.await(180);
        assertThat(exit).as(client.tail(30)).isZero();
        assertThat(client.tail(1)).startsWith("OK librdkafka ");
    }
}
