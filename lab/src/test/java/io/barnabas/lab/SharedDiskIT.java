// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
            "log.cleaner.backoff.ms", "1000",
            "log.flush.start.offset.checkpoint.interval.ms", "500");

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
        try (KafkaProducer<String, String> lasting = lasting();
                DiskContent content = new DiskContent(cluster.bootstrap(), nowMs)) {
            content.createTopics();
            Map<String, String> before = write(content, lasting, 0);
            before = handOver(second, killed, before, lasting, 1);
            handOver(first, killed, before, lasting, 2);
            assertThat(content.values(DiskContent.LASTING))
                    .isEqualTo(IntStream.range(0, 60).mapToObj(String::valueOf).toList());
        }
        stop();
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
    private Map<String, String> handOver(
            BrokerKind to, boolean killed, Map<String, String> before, KafkaProducer<String, String> lasting, int round)
            throws Exception {
        if (killed) {
            awaitTrimNoted(round - 1);
            cluster.broker(1).kill();
            awaitSessionEnd();
        } else {
            stop();
        }
        start(to);
        try (DiskContent content = new DiskContent(cluster.bootstrap(), nowMs)) {
            content.awaitReady();
            assertThat(differences(before, content.answers()))
                    .as("answers of %s that differ", to)
                    .isEmpty();
            return write(content, lasting, round);
        }
    }

    private Map<String, String> write(DiskContent content, KafkaProducer<String, String> lasting, int round)
            throws Exception {
        content.write(round);
        send(lasting, round);
        return content.answers();
    }

    /** Either kind notes new beginnings of logs now and then, and when it stops. */
    private void awaitTrimNoted(int round) {
        String trimmed = DiskContent.TRIMMED + " 0 " + DiskContent.trimmedBefore(round);
        await("the log's beginning to be noted").atMost(Duration.ofSeconds(90)).until(() -> Stream.of(
                        "data", "more-data")
                .map(name -> cluster.brokerDirectory(1).resolve(name).resolve("log-start-offset-checkpoint"))
                .anyMatch(file -> holds(file, trimmed)));
    }

    private static boolean holds(Path file, String line) {
        try {
            return Files.exists(file) && Files.readAllLines(file).contains(line);
        } catch (IOException e) {
            // it is being replaced
            return false;
        }
    }

    /** Kafka does not start while its predecessor's session lives. */
    private void awaitSessionEnd() throws Exception {
        try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect())) {
            await("the killed broker's session to end")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !tree.exists("/brokers/ids/1"));
        }
    }

    /** Cleanly; what Barnabas leaves, Kafka's tool reads without a remark. */
    private void stop() throws IOException {
        assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);
        LogDump dump = new LogDump(cluster.brokerDirectory(1), directory);
        List<String> files = dump.files();
        for (String needed : List.of(
                "/data/.*",
                "/more-data/.*",
                ".*/plain-zstd-0/0*[1-9]\\d*\\.log",
                ".*/timed-0/0*[1-9]\\d*\\.log",
                ".*/transactional-0/\\d+\\.txnindex",
                ".*/compacted-0/\\d+\\.snapshot")) {
            assertThat(files).as(needed).anyMatch(file -> file.matches(".*" + needed));
        }
        if (cluster.kind(1) == BrokerKind.BARNABAS) {
            assertThat(dump.remarks()).isEmpty();
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
}
