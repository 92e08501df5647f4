// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Either kind starts on the log directories the other left, after a clean stop and after {@code kill -9}, and gives the same
 * answers about what is on them; Kafka's own tool reads them without remark.
 */
@Tag("referee")
class SharedDiskIT {
    private static final Map<String, String> SINGLE = Map.of(
            "default.replication.factor", "1",
            "min.insync.replicas", "1",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "log.cleaner.backoff.ms", "1000");
    private static final Pattern REMARK = Pattern.compile(
            "(?i)mismatch|out of order|corrupt|exception|not valid|isvalid: false|invalid|error|failed");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final long nowMs = System.currentTimeMillis();
    private ClusterProcesses cluster;

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({"KAFKA, BARNABAS, false", "KAFKA, BARNABAS, true", "BARNABAS, KAFKA, false", "BARNABAS, KAFKA, true"})
    void eitherStartsOnTheOthersDirectories(BrokerKind first, BrokerKind second, boolean killed) throws Exception {
        cluster = new ClusterProcesses(directory, SINGLE);
        cluster.startZooKeeper();
        start(first);
        Map<String, String> before;
        try (DiskContent content = new DiskContent(cluster.bootstrap(), nowMs)) {
            content.createTopics();
            content.write(0);
            before = content.answers();
        }
        try (KafkaProducer<String, String> lasting = lasting()) {
            send(lasting, 0);
            before = handOver(second, killed, before, 1);
            send(lasting, 1);
            handOver(first, killed, before, 2);
            send(lasting, 2);
        }
        try (DiskContent content = new DiskContent(cluster.bootstrap(), nowMs)) {
            assertThat(content.values(DiskContent.LASTING))
                    .isEqualTo(IntStream.range(0, 60).mapToObj(String::valueOf).toList());
        }
        assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);
        assertThat(remarks()).isEmpty();
    }

    private KafkaProducer<String, String> lasting() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrap(), "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Its sequence goes on from one kind of broker to the other. */
    private static void send(KafkaProducer<String, String> producer, int round) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(producer.send(
                    new ProducerRecord<>(DiskContent.LASTING, 0, null, Integer.toString(20 * round + i))));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get(120, TimeUnit.SECONDS);
        }
    }

    /** On two log directories. */
    private void start(BrokerKind kind) {
        Path root = cluster.brokerDirectory(1);
        cluster.launchBroker(1, kind, Map.of("log.dirs", root.resolve("data") + "," + root.resolve("more-data")));
        cluster.awaitBroker(1);
    }

    /** @return the answers after the new owner has written a round of its own */
    private Map<String, String> handOver(BrokerKind to, boolean killed, Map<String, String> before, int round)
            throws Exception {
        if (killed) {
            cluster.broker(1).kill();
        } else {
            assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);
        }
        start(to);
        try (DiskContent content = new DiskContent(cluster.bootstrap(), nowMs)) {
            content.awaitReady();
            assertThat(differences(before, content.answers()))
                    .as("answers of %s that differ", to)
                    .isEmpty();
            content.write(round);
            return content.answers();
        }
    }

    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        assertThat(after).hasSameSizeAs(before);
        return before.keySet().stream()
                .filter(question -> !before.get(question).equals(after.get(question)))
                .map(question ->
                        question + "\n  before: " + before.get(question) + "\n  after:  " + after.get(question))
                .toList();
    }

    /** What Kafka's tool says of our files besides listing their content. */
    private List<String> remarks() throws IOException {
        String files;
        try (Stream<Path> all = Files.walk(cluster.brokerDirectory(1))) {
            files = all.map(Path::toString)
                    .filter(name -> name.matches(".*/\\d{20}\\.(log|index|timeindex|txnindex|snapshot)"))
                    .collect(Collectors.joining(","));
        }
        Path libraries = Path.of(System.getProperty("barnabas.home"), "tools/target/libs");
        Path output = directory.resolve("dump.txt");
        ChildProcess dump = ChildProcess.java(
                "dump",
                List.of(
                        "-Xmx256m",
                        "-cp",
                        libraries + "/*",
                        "kafka.tools.DumpLogSegments",
                        "--deep-iteration",
                        "--files",
                        files),
                output);
        assertThat(dump.await(90)).as(dump.tail(20)).isZero();
        List<String> lines = Files.readAllLines(output);
        return IntStream.range(0, lines.size())
                .filter(i -> REMARK.matcher(lines.get(i).replace("isvalid: true", ""))
                        .find())
                .filter(i -> !isOfEmptyBatches(lines.subList(i, lines.size())))
                .mapToObj(lines::get)
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
