// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.FreePorts;
import io.barnabas.lab.process.TcpProxy;
import io.barnabas.lab.workload.LogChecker;
import io.barnabas.lab.workload.SequencedProducer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks that part while everybody lives. Each broker reaches ZooKeeper, and is reached by its peers, over wires that
 * can be cut; clients reach it directly all the time.
 */
class PartitionIT {
    private static final String ACKS_ONE = "acks-one";
    /** As long as nobody tells them, clients go on asking the leader they know. */
    private static final Map<String, Object> CURIOUS = Map.of("metadata.max.age.ms", 3_000);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Map<Integer, TcpProxy> toZooKeeper = new TreeMap<>();
    private final Map<Integer, TcpProxy> fromPeers = new TreeMap<>();
    private ClusterProcesses cluster;
    private Traffic traffic;
    private Outsider zooKeeper;

    @AfterEach
    void stopEverything() {
        toZooKeeper.values().forEach(TcpProxy::mend);
        fromPeers.values().forEach(TcpProxy::mend);
        if (traffic != null) {
            traffic.close();
        }
        cluster.close();
        toZooKeeper.values().forEach(TcpProxy::close);
        fromPeers.values().forEach(TcpProxy::close);
    }

    @Test
    void brokersCutFromZooKeeperAreReplacedAndComeBackAsFollowers() throws Exception {
        start(Map.of());
        traffic = new Traffic(cluster, 3).start(600, CURIOUS);
        cutFromZooKeeper("leader of partition 0", traffic.leader(), () -> zooKeeper.leader(Traffic.TOPIC));
        int controller = zooKeeper.controller();
        cutFromZooKeeper("controller", controller, zooKeeper::controller);
        traffic.verifyEverything();
        assertThat(cluster.broker(controller).tail(100_000)).contains("controller-resigned");
    }

    private void cutFromZooKeeper(String role, int id, Callable<Integer> holder) {
        traffic.producer().startWatch();
        toZooKeeper.get(id).cut();
        await("another " + role + " than broker " + id)
                .atMost(Duration.ofSeconds(60))
                .until(holder, now -> now > 0 && now != id);
        traffic.awaitProgress("broker " + id + " was cut from ZooKeeper");
        assertThat(cluster.broker(id).isAlive()).isTrue();
        System.out.printf(
                "%-16s %-24s longest gap between acks %6d ms%n",
                "cut from ZooKeeper", role, traffic.producer().longestGapMs());
        toZooKeeper.get(id).mend();
        traffic.awaitHealth();
        traffic.awaitProgress("broker " + id + " reached ZooKeeper again");
    }

    @Test
    @Tag("long")
    void aLeaseKeepsWhatOnlyTheLeaderAcknowledged() throws Exception {
        start(Map.of("barnabas.session.lease.enable", "true"));
        traffic = new Traffic(cluster, 3).start(100);
        traffic.createTopic(ACKS_ONE, 1);
        int leader = traffic.leaderOf(ACKS_ONE);
        try (SequencedProducer producer = acksOneProducer().start()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> producer.acknowledged() > 300);
            toZooKeeper.get(leader).cut();
            await("another leader than broker " + leader)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> zooKeeper.leader(ACKS_ONE) != leader);
            long acknowledged = producer.acknowledged();
            await("acknowledgements of the new leader")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> producer.acknowledged() > acknowledged + 300);
            toZooKeeper.get(leader).mend();
            traffic.awaitHealth();
            producer.stop();
            assertThat(lost(producer)).isEmpty();
        }
    }

    /** May repeat itself, but keeps its order. */
    private SequencedProducer acksOneProducer() {
        Map<String, Object> settings =
                Map.of("acks", "1", "enable.idempotence", false, "max.in.flight.requests.per.connection", 1);
        return new SequencedProducer(cluster.bootstrap(), ACKS_ONE, 1, 300, settings);
    }

    private List<String> lost(SequencedProducer producer) {
        TreeMap<Long, Long> log =
                LogChecker.readAll(cluster.bootstrap(), ACKS_ONE, 1).get(0);
        return producer.promises().get(0).entrySet().stream()
                .filter(promise -> !promise.getKey().equals(log.get(promise.getValue())))
                .map(promise -> "record " + promise.getKey() + " was acknowledged at " + promise.getValue()
                        + ", which holds " + log.get(promise.getValue()))
                .toList();
    }

    @Test
    void aLeaderItsFollowersCannotReachAcknowledgesNothingAlone() throws Exception {
        start(Map.of("replica.lag.time.max.ms", "3000", "replica.fetch.wait.max.ms", "500"));
        traffic = new Traffic(cluster, 3).start(600, CURIOUS);
        int cut = partitionNotLedByTheController();
        int leader = traffic.describe().partitions().get(cut).leader().id();
        fromPeers.get(leader).cut();
        await("the in-sync set of partition " + cut + " to shrink to broker " + leader)
                .atMost(Duration.ofSeconds(60))
                .until(() -> traffic.describe().partitions().get(cut).isr().size() == 1);
        int promised = traffic.producer().promises().get(cut).size();
        long others = traffic.producer().acknowledged();
        await("acknowledgements of the other leaders")
                .atMost(Duration.ofSeconds(60))
                .until(() -> traffic.producer().acknowledged() > others + 600);
        assertThat(traffic.producer().promises().get(cut)).hasSize(promised);

        fromPeers.get(leader).mend();
        traffic.awaitHealth();
        traffic.awaitProgress("the followers reached broker " + leader + " again");
        assertThat(traffic.producer().promises().get(cut)).hasSizeGreaterThan(promised);
        traffic.verifyEverything();
    }

    /** A controller nobody reaches is not reached by itself either, and could not be told of the smaller in-sync set. */
    private int partitionNotLedByTheController() throws Exception {
        int controller = zooKeeper.controller();
        return traffic.describe().partitions().stream()
                .filter(partition -> partition.leader().id() != controller)
                .findFirst()
                .orElseThrow()
                .partition();
    }

    private void start(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("inter.broker.listener.name", "PEERS");
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,PEERS:PLAINTEXT");
        cluster = new ClusterProcesses(directory, all);
        cluster.startZooKeeper();
        zooKeeper = new Outsider(cluster.zooKeeperConnect());
        for (int id = 1; id <= 3; id++) {
            launch(id);
        }
        for (int id = 1; id <= 3; id++) {
            cluster.awaitBroker(id);
        }
    }

    private void launch(int id) {
        TcpProxy zooKeeper = TcpProxy.to(cluster.zooKeepers().clientPort(1));
        int peerPort = FreePorts.next();
        TcpProxy peers = TcpProxy.to(peerPort);
        toZooKeeper.put(id, zooKeeper);
        fromPeers.put(id, peers);
        String clients = "PLAINTEXT://" + cluster.address(id);
        cluster.launchBroker(
                id,
                BrokerKind.BARNABAS,
                Map.of(
                        "zookeeper.connect", zooKeeper.address(),
                        "listeners", clients + ",PEERS://127.0.0.1:" + peerPort,
                        "advertised.listeners", clients + ",PEERS://" + peers.address()));
    }
}
