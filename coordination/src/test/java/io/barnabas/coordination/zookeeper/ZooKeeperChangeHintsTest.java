// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import static io.barnabas.coordination.zookeeper.TestEnsemble.broker;
import static io.barnabas.coordination.zookeeper.TestEnsemble.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHint.Kind;
import io.barnabas.coordination.store.hint.ChangeHints.Subscription;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Watches as hints. */
@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperChangeHintsTest {
    private final Set<ChangeHint> heard = ConcurrentHashMap.newKeySet();
    private TestEnsemble ensemble;

    @BeforeEach
    void startZooKeeper() throws Exception {
        ensemble = new TestEnsemble();
    }

    @AfterEach
    void stopZooKeeper() throws Exception {
        ensemble.close();
    }

    private void awaitHint(ChangeHint hint) {
        await().atMost(Duration.ofSeconds(60)).until(() -> heard.contains(hint));
    }

    private void awaitAll(Set<Kind> kinds) {
        kinds.forEach(kind -> awaitHint(ChangeHint.any(kind)));
        heard.clear();
    }

    private static TopicRecord topic(String name, int replica) {
        return new TopicRecord(
                name, Optional.empty(), new TreeMap<>(Map.of(0, ReplicaAssignment.of(List.of(replica)))), Versions.ANY);
    }

    @Test
    void hintsAtEveryChangeTheControllerCaresFor() {
        ZooKeeperCoordinationStore watching = ensemble.open(ensemble.config());
        ZooKeeperCoordinationStore acting = ensemble.open();
        Set<Kind> kinds = EnumSet.complementOf(EnumSet.of(Kind.PARTITION_STATE));
        watching.hints().subscribe(kinds, heard::addAll);
        awaitAll(kinds);

        for (int round = 0; round < 2; round++) {
            String name = "t" + round;
            get(acting.brokers().register(broker(round)));
            awaitHint(ChangeHint.any(Kind.BROKERS));
            get(acting.topics().create(topic(name, 1), Versions.ANY));
            awaitHint(ChangeHint.any(Kind.TOPICS));
            get(acting.topics().update(topic(name, 2), Versions.ANY));
            awaitHint(new ChangeHint(Kind.TOPIC, name));
            get(acting.topics().update(topic(name, 3), Versions.ANY));
            get(acting.topics().requestDeletion(name, Versions.ANY));
            awaitHint(ChangeHint.any(Kind.TOPIC_DELETIONS));
            get(acting.configs().announce(ConfigEntity.topic(name)));
            awaitHint(ChangeHint.any(Kind.CONFIG_CHANGES));
            get(acting.adminPaths().announceLogDirFailure(1));
            awaitHint(ChangeHint.any(Kind.LOG_DIR_FAILURES));
            get(acting.adminPaths().announceIsrChange(Set.of(new TopicPartition("t", 0))));
            awaitHint(ChangeHint.any(Kind.ISR_CHANGES));
            var term = get(acting.election().elect(1)).won().orElseThrow();
            awaitHint(ChangeHint.any(Kind.CONTROLLER));
            heard.clear();
            get(acting.election().resign(term.zkVersion()));
            awaitHint(ChangeHint.any(Kind.CONTROLLER));
            BrokerRegistration moved = BrokerRegistration.of(
                    round, List.of(new Endpoint("A", SecurityProtocol.SSL, "h", round)), Optional.empty());
            get(acting.brokers().update(moved));
            awaitHint(new ChangeHint(Kind.BROKER, Integer.toString(round)));
            heard.clear();
        }
    }

    @Test
    void hintsAtPartitionStatesOfTopicsWithAwkwardNames() {
        ZooKeeperCoordinationStore store = ensemble.open();
        store.hints().subscribe(Set.of(Kind.PARTITION_STATE), heard::addAll);
        awaitAll(Set.of(Kind.PARTITION_STATE));
        get(store.topics().create(topic("partitions", 1), Versions.ANY));
        StoredPartitionState state = new StoredPartitionState(LeaderAndIsr.initial(1, List.of(1)), 1);
        get(store.partitionStates().create(Map.of(new TopicPartition("partitions", 0), state), Versions.ANY));
        awaitHint(new ChangeHint(Kind.PARTITION_STATE, "partitions-0"));
        assertThat(heard).allMatch(hint -> hint.kind() == Kind.PARTITION_STATE);
    }

    @Test
    void hintsBelowAChroot() {
        ZooKeeperCoordinationStore store =
                ensemble.open(ZooKeeperConfig.of(ensemble.server.getConnectString() + "/a/b"));
        store.hints().subscribe(Set.of(Kind.TOPIC, Kind.TOPICS, Kind.CONTROLLER), heard::addAll);
        awaitAll(Set.of(Kind.TOPIC, Kind.TOPICS, Kind.CONTROLLER));
        get(store.topics().create(topic("t", 1), Versions.ANY));
        awaitHint(ChangeHint.any(Kind.TOPICS));
        get(store.topics().update(topic("t", 2), Versions.ANY));
        awaitHint(new ChangeHint(Kind.TOPIC, "t"));
        get(store.election().elect(1));
        awaitHint(ChangeHint.any(Kind.CONTROLLER));
    }

    @Test
    void hintsAtEverythingAfterANewSessionAndGoesOnWatching() throws Exception {
        Path file = ensemble.newSessionFile();
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.config().withSessionFile(file));
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
        store.hints().subscribe(Set.of(Kind.TOPICS, Kind.CONTROLLER), heard::addAll);
        awaitAll(Set.of(Kind.TOPICS, Kind.CONTROLLER));

        ensemble.expire(file);

        awaitAll(Set.of(Kind.TOPICS, Kind.CONTROLLER));
        get(ensemble.open().topics().create(topic("t", 1), Versions.ANY));
        awaitHint(ChangeHint.any(Kind.TOPICS));
    }

    @Test
    void goesOnWatchingAfterARestartOfZooKeeper() throws Exception {
        ZooKeeperCoordinationStore store = ensemble.open();
        store.hints().subscribe(Set.of(Kind.TOPICS), heard::addAll);
        awaitAll(Set.of(Kind.TOPICS));
        ensemble.server.restart();
        awaitAll(Set.of(Kind.TOPICS));
        get(store.topics().create(topic("t", 1), Versions.ANY));
        awaitHint(ChangeHint.any(Kind.TOPICS));
    }

    @Test
    void coalescesWhatComesWhileTheListenerIsBusy() throws Exception {
        ZooKeeperCoordinationStore store = ensemble.open();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        store.hints().subscribe(Set.of(Kind.TOPICS), hints -> {
            calls.incrementAndGet();
            busy.countDown();
            await().atMost(Duration.ofSeconds(60)).until(() -> release.getCount() == 0);
            heard.addAll(hints);
        });
        busy.await();
        for (int i = 0; i < 50; i++) {
            get(store.topics().create(topic("t" + i, 1), Versions.ANY));
        }
        release.countDown();
        await().atMost(Duration.ofSeconds(60)).until(() -> calls.get() >= 2 && !heard.isEmpty());
        assertThat(calls.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void saysNothingMoreOnceClosed() {
        ZooKeeperCoordinationStore store = ensemble.open();
        Subscription closed = store.hints().subscribe(Set.of(Kind.TOPICS), heard::addAll);
        awaitAll(Set.of(Kind.TOPICS));
        closed.close();
        Set<ChangeHint> other = ConcurrentHashMap.newKeySet();
        store.hints().subscribe(Set.of(Kind.TOPICS), other::addAll);
        await().atMost(Duration.ofSeconds(60)).until(() -> !other.isEmpty());
        other.clear();
        get(store.topics().create(topic("t", 1), Versions.ANY));
        await().atMost(Duration.ofSeconds(60)).until(() -> !other.isEmpty());
        assertThat(heard).isEmpty();
    }
}
