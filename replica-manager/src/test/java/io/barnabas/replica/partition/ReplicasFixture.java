// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.fetch.FetchAssignment;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.fetch.ReplicationQuota;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.BackgroundThreads;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.LogManagerConfig;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.local.LocalLogManager;
import io.barnabas.replica.testing.TestThreads;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.replica.ClientMetadata;
import org.apache.kafka.common.replica.ReplicaSelector;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Broker 1 of three with real logs, a clock to be moved by hand, and recorders in place of the other rooms. */
final class ReplicasFixture implements AutoCloseable {
    static final int MOST_DECOMPRESSED = 4 << 20;
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final Uuid TOPIC_ID = new Uuid(7, 7);
    static final List<Integer> REPLICAS = List.of(1, 2, 3);

    final AtomicLong nowMs = new AtomicLong(1_700_000_000_000L);
    final RecordedFetchers fetchers = new RecordedFetchers();
    final List<Sent> proposals = new ArrayList<>();
    final List<Path> failedDirs = new ArrayList<>();
    final AtomicBoolean mayAcknowledge = new AtomicBoolean(true);
    final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Reader reader = new Reader();
    final LogManager logs;
    final BrokerReplicas replicas;
    private ClusterImage image;
    private final int minIsr;
    /** What logs created from now on are configured with; null for the usual. */
    LogConfig config;
    /** What every look at the role meets, null for nothing. */
    Error failing;

    /** Where fetches that had to wait are answered: by who ended the waiting. */
    private static final class Reader extends ScheduledThreadPoolExecutor {
        private volatile boolean clockStands;

        Reader() {
            super(1);
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return super.schedule(command, clockStands ? unit.convert(1, TimeUnit.HOURS) : delay, unit);
        }
    }

    /** From now on nobody looks again whether a fetch that is held back is to be answered. */
    void nobodyLooksAgain() {
        reader.clockStands = true;
    }

    /** A proposal and where its answer goes. */
    record Sent(IsrProposals.Proposal proposal, CompletableFuture<IsrProposals.Answer> answer) {
        void commit() {
            answer.complete(IsrProposals.Answer.committed(
                    proposal.proposed().withPartitionEpoch(proposal.proposed().partitionEpoch() + 1)));
        }
    }

    ReplicasFixture(Path directory, int minIsr, Optional<ReplicaSelector> selector) {
        this(directory, minIsr, selector, Runnable::run);
    }

    /** @param longWork runs what takes too long for an event loop */
    ReplicasFixture(Path directory, int minIsr, Optional<ReplicaSelector> selector, Executor longWork) {
        this.minIsr = minIsr;
        this.image = image(List.of(1, 2, 3));
        Clock clock = new HandClock(nowMs);
        this.logs = LocalLogManager.open(
                LogManagerConfig.of(List.of(directory.resolve("a"), directory.resolve("b"))),
                new LogPorts(
                        topic -> config(),
                        clock,
                        scheduler,
                        TestThreads::daemon,
                        new Random(1),
                        EventSink.NONE,
                        (dir, lost, lostFuture, anyLeft) -> {}));
        this.replicas = new BrokerReplicas(
                new ReplicaConfig(1, 30_000L, 5_000L, "PLAINTEXT", true, true, MOST_DECOMPRESSED),
                logs,
                new ReplicaPorts(
                        proposal -> {
                            CompletableFuture<IsrProposals.Answer> answer = new CompletableFuture<>();
                            proposals.add(new Sent(proposal, answer));
                            return answer;
                        },
                        fetchers,
                        () -> image,
                        () -> 100L,
                        this::mayAcknowledge,
                        ReplicationQuota.UNLIMITED,
                        ReplicationQuota.UNLIMITED,
                        selector,
                        failedDirs::add,
                        clock,
                        System::nanoTime,
                        scheduler,
                        Runnable::run,
                        longWork,
                        EventSink.NONE));
    }

    private boolean mayAcknowledge() {
        if (failing != null) {
            throw failing;
        }
        return mayAcknowledge.get();
    }

    private LogConfig config() {
        return config != null
                ? config
                : LogConfig.builder().minInSyncReplicas(minIsr).build();
    }

    void alive(Integer... ids) {
        image = image(List.of(ids));
    }

    /** The metadata tells of one more topic as of now. */
    void announce(String topic, Uuid topicId) {
        Map<String, TopicImage> topics = new HashMap<>(image.topics());
        topics.put(topic, new TopicImage(topic, topicId, Map.of()));
        image = new ClusterImage(image.controllerId(), image.brokers(), topics);
    }

    private static ClusterImage image(List<Integer> alive) {
        Map<Integer, BrokerInfo> brokers = new HashMap<>();
        alive.forEach(id -> brokers.put(id, broker(id)));
        TopicImage orders = new TopicImage("orders", TOPIC_ID, Map.of(0, partition(0), 1, partition(1)));
        return new ClusterImage(OptionalInt.of(1), brokers, Map.of("orders", orders));
    }

    private static PartitionImage partition(int id) {
        return new PartitionImage(id, 1, LeaderAndIsr.initial(2, REPLICAS), REPLICAS, List.of());
    }

    private static BrokerInfo broker(int id) {
        return new BrokerInfo(
                id,
                100L + id,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "host" + id, 9092)),
                Optional.of("rack" + id));
    }

    LeaderAndIsrCommand.Outcome order(int controllerEpoch, int leader, int leaderEpoch, int version, Integer... isr) {
        return order(controllerEpoch, leader, leaderEpoch, version, TOPIC_ID, false, isr);
    }

    LeaderAndIsrCommand.Outcome order(
            int controllerEpoch, int leader, int leaderEpoch, int version, Uuid topicId, boolean full, Integer... isr) {
        LeaderAndIsr state =
                new LeaderAndIsr(leader, leaderEpoch, List.of(isr), LeaderRecoveryState.RECOVERED, version);
        LeaderAndIsrCommand.Partition partition = new LeaderAndIsrCommand.Partition(
                ORDERS, topicId, controllerEpoch, state, ReplicaAssignment.of(REPLICAS), true);
        return replicas.becomeLeaderOrFollower(new LeaderAndIsrCommand(
                9, controllerEpoch, 100L, full, List.of(partition), List.of(broker(1), broker(2), broker(3))));
    }

    /** Orders broker 1 to lead a partition of another topic from now on. */
    LeaderAndIsrCommand.Outcome lead(TopicPartition name, Uuid topicId) {
        return lead(name, topicId, REPLICAS);
    }

    /** Orders broker 1 to lead a partition from now on. */
    LeaderAndIsrCommand.Outcome lead(TopicPartition name, Integer... isr) {
        return lead(name, TOPIC_ID, List.of(isr));
    }

    private LeaderAndIsrCommand.Outcome lead(TopicPartition name, Uuid topicId, List<Integer> isr) {
        LeaderAndIsr state = new LeaderAndIsr(1, 0, isr, LeaderRecoveryState.RECOVERED, 0);
        return replicas.becomeLeaderOrFollower(new LeaderAndIsrCommand(
                9,
                1,
                100L,
                false,
                List.of(new LeaderAndIsrCommand.Partition(
                        name, topicId, 1, state, ReplicaAssignment.of(REPLICAS), true)),
                List.of(broker(1), broker(2), broker(3))));
    }

    /** Orders broker 1 to follow broker 2 in partitions of one topic, new ones or not, since the given epoch. */
    LeaderAndIsrCommand.Outcome follow(String topic, int partitions, int leaderEpoch, boolean isNew) {
        LeaderAndIsr state = new LeaderAndIsr(2, leaderEpoch, REPLICAS, LeaderRecoveryState.RECOVERED, 0);
        return replicas.becomeLeaderOrFollower(new LeaderAndIsrCommand(
                9,
                1,
                100L,
                false,
                IntStream.range(0, partitions)
                        .mapToObj(i -> new LeaderAndIsrCommand.Partition(
                                new TopicPartition(topic, i),
                                TOPIC_ID,
                                1,
                                state,
                                ReplicaAssignment.of(REPLICAS),
                                isNew))
                        .toList(),
                List.of(broker(1), broker(2), broker(3))));
    }

    StopReplicaCommand.Outcome stop(int leaderEpoch, boolean delete) {
        return stop(ORDERS, leaderEpoch, delete);
    }

    StopReplicaCommand.Outcome stop(TopicPartition name, int leaderEpoch, boolean delete) {
        return replicas.stopReplicas(new StopReplicaCommand(
                9, 1, 100L, List.of(new StopReplicaCommand.Partition(name, leaderEpoch, delete))));
    }

    static MemoryRecords records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    CompletableFuture<AppendResult> append(int acks, int timeoutMs, String... values) {
        return append(acks, timeoutMs, records(values));
    }

    CompletableFuture<AppendResult> append(int acks, int timeoutMs, MemoryRecords records) {
        return replicas.append(
                        new AppendCommand((short) acks, timeoutMs, false, AppendOrigin.CLIENT, Map.of(ORDERS, records)))
                .thenApply(results -> results.get(ORDERS));
    }

    /** Follower's fetch that does not wait. */
    FetchResult followerFetch(int id, long offset, int leaderEpoch) {
        return fetch(id, offset, leaderEpoch, -1, 0, 1).join();
    }

    CompletableFuture<FetchResult> consumerFetch(long offset, int maxWaitMs, int minBytes) {
        return fetch(-1, offset, -1, -1, maxWaitMs, minBytes);
    }

    FetchResult fetchById(Uuid topicId) {
        return fetch(topicId, Optional.empty());
    }

    FetchResult fetchFromRack(String rack) {
        return fetch(
                TOPIC_ID,
                Optional.of(new ClientMetadata.DefaultClientMetadata(
                        rack, "client", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS, "PLAINTEXT")));
    }

    private FetchResult fetch(Uuid topicId, Optional<ClientMetadata> client) {
        FetchCommand.Partition asked =
                new FetchCommand.Partition(new TopicIdPartition(topicId, ORDERS), 0, -1, 1 << 20, -1, -1);
        return replicas.fetch(
                        new FetchCommand(
                                (short) 17,
                                FetchCommand.CONSUMER,
                                -1,
                                0,
                                1,
                                1 << 20,
                                FetchIsolation.HIGH_WATERMARK,
                                client,
                                List.of(asked)),
                        reader)
                .join()
                .get(0);
    }

    CompletableFuture<FetchResult> fetch(
            int id, long offset, int leaderEpoch, int lastEpoch, int maxWaitMs, int minBytes) {
        FetchCommand.Partition asked = new FetchCommand.Partition(
                new TopicIdPartition(TOPIC_ID, ORDERS), offset, 0, 1 << 20, leaderEpoch, lastEpoch);
        return replicas.fetch(
                        new FetchCommand(
                                (short) 17,
                                id,
                                100L + id,
                                maxWaitMs,
                                minBytes,
                                1 << 20,
                                id < 0 ? FetchIsolation.HIGH_WATERMARK : FetchIsolation.LOG_END,
                                Optional.empty(),
                                List.of(asked)),
                        reader)
                .thenApply(results -> results.get(0));
    }

    /** A follower's fetch of several partitions that waits for the first byte. */
    CompletableFuture<List<FetchResult>> fetchAll(int id, Map<TopicPartition, Long> offsets) {
        List<FetchCommand.Partition> asked = offsets.entrySet().stream()
                .map(each -> new FetchCommand.Partition(
                        new TopicIdPartition(TOPIC_ID, each.getKey()), each.getValue(), 0, 1 << 20, -1, -1))
                .toList();
        return replicas.fetch(
                new FetchCommand(
                        (short) 17, id, 100L + id, 60_000, 1, 1 << 20, FetchIsolation.LOG_END, Optional.empty(), asked),
                reader);
    }

    @Override
    public void close() {
        replicas.shutdown();
        logs.close();
        BackgroundThreads.end(reader);
        BackgroundThreads.end(scheduler);
    }

    /** Remembers who is to be fetched. */
    static final class RecordedFetchers implements ReplicaFetchers {
        final Map<TopicPartition, FetchAssignment> assigned = new HashMap<>();

        @Override
        public void add(Collection<FetchAssignment> assignments) {
            assignments.forEach(assignment -> assigned.put(assignment.topicPartition(), assignment));
        }

        @Override
        public CompletableFuture<Void> remove(Collection<TopicPartition> partitions) {
            partitions.forEach(assigned::remove);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void shutdownIdle() {}

        @Override
        public int failedPartitions() {
            return 0;
        }

        @Override
        public long maxLag() {
            return 0;
        }

        @Override
        public void resize(int fetchersPerLeader) {}

        @Override
        public void close() {
            assigned.clear();
        }
    }

    private static final class HandClock extends Clock {
        private final AtomicLong nowMs;

        private HandClock(AtomicLong nowMs) {
            this.nowMs = nowMs;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs.get());
        }
    }
}
