// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.conversation.Wire;
import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches that are small on the wire and huge when decompressed, to a broker with little memory: other connections are
 * served meanwhile, and no record is too large that a topic may have.
 */
class LargeBatchIT {
    private static final int RECORDS = 80;
    private static final int RECORD_BYTES = 10_000_000;
    private static final int CONNECTIONS = 8;
    private static final int EVERY_MS = 15;
    /**
     * Far less than the work takes, and far more than Kafka keeps anybody waiting, on a machine with other things to
     * do.
     */
    private static final long LONGEST_WAIT_MS = 500;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CONNECTIONS);
    private ClusterProcesses cluster;

    @AfterEach
    void stopEverything() {
        clients.shutdownNow();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void barnabasKeepsNobodyWaiting() throws Exception {
        Waits waits = run(BrokerKind.BARNABAS);
        assertThat(waits.producing).isLessThan(LONGEST_WAIT_MS);
        assertThat(waits.seeking).isLessThan(LONGEST_WAIT_MS);
        assertThat(cluster.broker(1).tail(1_000_000)).doesNotContain("OutOfMemory");
    }

    @Test
    @Tag("referee")
    void kafkaKeepsNobodyWaiting() throws Exception {
        Waits waits = run(BrokerKind.KAFKA);
        assertThat(waits.producing).isLessThan(LONGEST_WAIT_MS);
    }

    /**
     * The longest wait of another connection, in milliseconds, while a batch is taken, and while one is searched.
     * Apache Kafka is not asked to search: it needs memory for all records of the batch at once.
     */
    private record Waits(long producing, long seeking) {}

    private Waits run(BrokerKind kind) throws Exception {
        cluster = new ClusterProcesses(directory, Map.of("min.insync.replicas", "1"));
        cluster.brokerJvmOptions(List.of("-Xms256m", "-Xmx256m"));
        cluster.startZooKeeper();
        cluster.startBroker(1, kind);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            NewTopic keyed = new NewTopic("keyed", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            NewTopic timed =
                    new NewTopic("timed", 1, (short) 1).configs(Map.of("message.timestamp.before.max.ms", "100000000"));
            admin.createTopics(List.of(keyed, timed)).all().get(30, TimeUnit.SECONDS);
            long nowMs = System.currentTimeMillis();
            MemoryRecords many =
                    LargeBatch.of(CompressionType.GZIP, Compression.gzip().build(), RECORDS, RECORD_BYTES, nowMs);
            MemoryRecords one =
                    LargeBatch.of(CompressionType.ZSTD, Compression.zstd().build(), 1, 400_000_000, nowMs);
            System.out.println("batches of " + many.sizeInBytes() + " and " + one.sizeInBytes() + " bytes");
            longestWaitDuring(() -> {});
            long producing =
                    leastOfThree(() -> assertThat(produce("keyed", many)).isEqualTo(Errors.NONE));
            long seeking = kind == BrokerKind.KAFKA
                    ? 0
                    : leastOfThree(
                            () -> assertThat(find(admin, nowMs + RECORDS - 1)).isEqualTo(RECORDS - 1));
            assertThat(produce("timed", one)).isEqualTo(Errors.NONE);
            System.out.println(kind + ": longest waits " + producing + " ms and " + seeking + " ms");
            return new Waits(producing, seeking);
        }
    }

    private Errors produce(String topic, MemoryRecords records) throws IOException {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(30_000);
        data.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(records))));
        try (Wire wire = new Wire("127.0.0.1", cluster.port(1), 60_000)) {
            ProduceResponse answer = (ProduceResponse) ask(wire, new ProduceRequest(data, (short) 9));
            return Errors.forCode(answer.data()
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0)
                    .errorCode());
        }
    }

    private static long find(Admin admin, long timestampMs) throws Exception {
        TopicPartition partition = new TopicPartition("keyed", 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(timestampMs)))
                .partitionResult(partition)
                .get(60, TimeUnit.SECONDS)
                .offset();
    }

    private static AbstractResponse ask(Wire wire, AbstractRequest request) throws IOException {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "large", 1);
        wire.send(request.serializeWithHeader(header));
        byte[] answer = wire.receive().orElseThrow();
        return AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
    }

    /** What one does while the others ask. */
    private interface Step {
        void run() throws Exception;
    }

    /** What holds up an event loop does so each time; what else the machine has to do does not. */
    private long leastOfThree(Step step) throws Exception {
        long least = longestWaitDuring(step);
        for (int i = 1; i < 3 && least >= LONGEST_WAIT_MS; i++) {
            least = Math.min(least, longestWaitDuring(step));
        }
        return least;
    }

    private long longestWaitDuring(Step step) throws Exception {
        AtomicLong longestNs = new AtomicLong();
        List<Wire> wires = new ArrayList<>();
        List<Future<?>> asking = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Wire wire = new Wire("127.0.0.1", cluster.port(1), 60_000);
                wires.add(wire);
                ask(wire, metadata());
                asking.add(clients.scheduleAtFixedRate(
                        () -> longestNs.accumulateAndGet(timed(wire), Math::max), i, EVERY_MS, TimeUnit.MILLISECONDS));
            }
            step.run();
            clients.schedule(() -> {}, 200, TimeUnit.MILLISECONDS).get();
        } finally {
            asking.forEach(each -> each.cancel(false));
            clients.schedule(() -> {}, 200, TimeUnit.MILLISECONDS).get();
            wires.forEach(Wire::close);
        }
        return Duration.ofNanos(longestNs.get()).toMillis();
    }

    private static long timed(Wire wire) {
        long start = System.nanoTime();
        try {
            ask(wire, metadata());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return System.nanoTime() - start;
    }

    private static AbstractRequest metadata() {
        return new MetadataRequest.Builder(List.of("keyed"), false).build(ApiKeys.METADATA.latestVersion());
    }
}
