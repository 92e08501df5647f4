// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.controller.loop.ControllerLoop;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.zookeeper.ZooKeeperCoordinationStore;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.TestingServer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three controllers on a real ZooKeeper: the race, bulk creation, and the loss of broker and controller at once. */
class ControllerOnZooKeeperTest {
    private static final int PARTITIONS = 2000;

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final Map<Integer, Node> nodes = new HashMap<>();
    private TestingServer server;

    @TempDir
    Path directory;

    private record Node(ZooKeeperCoordinationStore store, ControllerLoop loop, ScheduledExecutorService executor) {
        void kill() {
            store.close();
            executor.shutdownNow();
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new TestingServer(-1, directory.resolve("zookeeper").toFile(), true);
        for (int id = 1; id <= 3; id++) {
            ZooKeeperCoordinationStore store = ZooKeeperCoordinationStore.start(
                    ZooKeeperConfig.of(server.getConnectString()),
                    scheduler,
                    System::nanoTime,
                    Clock.systemUTC(),
                    Thread::new,
                    EventSink.NONE);
            store.session().connected().get(30, TimeUnit.SECONDS);
            store.session().initialize().get(30, TimeUnit.SECONDS);
            Endpoint endpoint = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9091 + id);
            store.brokers()
                    .register(BrokerRegistration.of(id, List.of(endpoint), Optional.empty()))
                    .get(30, TimeUnit.SECONDS);
            ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
            ControllerLoop loop = new ControllerLoop(
                    ControllerConfig.defaults(id),
                    store,
                    new ControllerPorts(
                            new Obedient(),
                            new Cluster.Rules(),
                            new Random(id),
                            Uuid::randomUuid,
                            executor,
                            EventSink.NONE,
                            new KnownController()));
            nodes.put(id, new Node(store, loop, executor));
            loop.start();
        }
    }

    @AfterEach
    void stop() throws Exception {
        nodes.values().forEach(Node::kill);
        scheduler.shutdownNow();
        server.close();
    }

    private Node active() {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        nodes.values().stream().filter(n -> n.loop.isActive()).count() == 1);
        return nodes.values().stream()
                .filter(n -> n.loop.isActive())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void createsThousandsOfPartitionsAtOnceAndLosesNoneWithTheController() throws Exception {
        Node controller = active();
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            List<Integer> replicas = new ArrayList<>(List.of(1, 2, 3));
            Collections.rotate(replicas, p);
            assignment.put(p, replicas);
        }
        long started = System.nanoTime();
        TopicCreation creation = controller
                .loop
                .createTopics(List.of(new NewTopic("big", -1, (short) -1, assignment, Map.of())), false)
                .get("big")
                .get(30, TimeUnit.SECONDS);
        long createdMs = (System.nanoTime() - started) / 1_000_000;
        assertThat(creation.refusal()).isEqualTo(Refusal.NONE);

        started = System.nanoTime();
        int dead = nodes.entrySet().stream()
                .filter(e -> e.getValue().equals(controller))
                .findFirst()
                .orElseThrow()
                .getKey();
        nodes.remove(dead).kill();
        Node next = active();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(leaders(next)).doesNotContain(dead, -1));
        long tookOverMs = (System.nanoTime() - started) / 1_000_000;
        System.out.printf("%d x 3 created in %d ms, taken over in %d ms%n", PARTITIONS, createdMs, tookOverMs);
    }

    private static List<Integer> leaders(Node node) throws Exception {
        List<TopicPartition> ids = new ArrayList<>();
        for (int p = 0; p < PARTITIONS; p++) {
            ids.add(new TopicPartition("big", p));
        }
        return node.store.partitionStates().read(ids).get(30, TimeUnit.SECONDS).values().stream()
                .map(state -> state.leaderAndIsr().leader())
                .distinct()
                .toList();
    }

    /** Brokers that do at once as they are told. */
    private static final class Obedient implements BrokerCommandSender {
        @Override
        public CompletableFuture<LeaderAndIsrCommand.Outcome> send(BrokerInfo broker, LeaderAndIsrCommand command) {
            return CompletableFuture.completedFuture(new LeaderAndIsrCommand.Outcome(Errors.NONE, Map.of()));
        }

        @Override
        public CompletableFuture<StopReplicaCommand.Outcome> send(BrokerInfo broker, StopReplicaCommand command) {
            return CompletableFuture.completedFuture(new StopReplicaCommand.Outcome(Errors.NONE, Map.of()));
        }

        @Override
        public CompletableFuture<Errors> send(BrokerInfo broker, UpdateMetadataCommand command) {
            return CompletableFuture.completedFuture(Errors.NONE);
        }

        @Override
        public void forget(BrokerInfo broker) {}
    }
}
