// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import static io.barnabas.coordination.zookeeper.TestEnsemble.broker;
import static io.barnabas.coordination.zookeeper.TestEnsemble.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.error.BrokerIdTakenException;
import io.barnabas.coordination.store.error.ClusterIdMismatchException;
import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import io.barnabas.coordination.store.session.CoordinationSession.State;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.coordination.store.session.SessionEvent.Kind;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The session's life, and the registration that hangs on it. */
@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperSessionTest {
    private TestEnsemble ensemble;

    @BeforeEach
    void startZooKeeper() throws Exception {
        ensemble = new TestEnsemble();
    }

    @AfterEach
    void stopZooKeeper() throws Exception {
        ensemble.close();
    }

    @Test
    void createsThePathsKafkaCreates() throws Exception {
        ensemble.open();
        for (String path : ZnodePaths.PERSISTENT) {
            assertThat(ensemble.plain().exists(path, false)).as(path).isNotNull();
            assertThat(ensemble.plain().getData(path, false, null)).as(path).isNull();
        }
        assertThat(ensemble.plain().exists("/kafka-acl", false)).isNull();
    }

    @Test
    void createsAMissingChrootAndStaysBelowIt() throws Exception {
        ZooKeeperConfig config = ZooKeeperConfig.of(ensemble.server.getConnectString() + "/deep/kafka");
        ZooKeeperCoordinationStore store = ensemble.open(config);
        get(store.brokers().register(broker(1)));
        assertThat(ensemble.plain().exists("/deep/kafka/brokers/ids/1", false)).isNotNull();
    }

    @Test
    void saysInOneLineThatZooKeeperCannotBeReached() {
        ZooKeeperConfig nowhere = ZooKeeperConfig.of("127.0.0.1:1").withTimeouts(1_000, 300);
        ZooKeeperCoordinationStore store = ZooKeeperCoordinationStore.start(
                nowhere, ensemble.scheduler, System::nanoTime, Clock.systemUTC(), TestEnsemble::daemon, EventSink.NONE);
        assertThatThrownBy(() -> get(store.session().connected()))
                .hasCauseInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("Cannot connect to ZooKeeper at 127.0.0.1:1 within 300 ms");
        store.close();
    }

    @Test
    void givesTheCreatingTransactionAsBrokerEpoch() throws Exception {
        ZooKeeperCoordinationStore store = ensemble.open();
        long epoch = get(store.brokers().register(broker(7)));
        Stat stat = ensemble.plain().exists("/brokers/ids/7", false);
        assertThat(epoch).isEqualTo(stat.getCzxid());
        assertThat(stat.getVersion()).isEqualTo(1);
        assertThat(get(store.brokers().brokers())).containsOnlyKeys(7);
        assertThat(get(store.brokers().broker(7)).map(BrokerInfo::epoch)).contains(epoch);
    }

    @Test
    void rewritesTheRegistrationInPlace() {
        ZooKeeperCoordinationStore store = ensemble.open();
        long epoch = get(store.brokers().register(broker(7)));
        BrokerRegistration moved = BrokerRegistration.of(7, broker(8).endpoints(), Optional.of("r2"));
        get(store.brokers().update(moved));
        assertThat(get(store.brokers().broker(7))).contains(moved.toInfo(epoch));
        assertThat(get(store.brokers().register(broker(7)))).isEqualTo(epoch);
        assertThat(get(store.brokers().broker(7))).contains(broker(7).toInfo(epoch));
        get(store.brokers().unregister(7));
        assertThat(get(store.brokers().ids())).isEmpty();
    }

    @Test
    void aRestartAfterACrashEndsTheSessionOfTheCrashedProcess() throws Exception {
        ensemble.open();
        Path file = ensemble.newSessionFile();
        ensemble.crashedBroker(1, 20_000, file);
        long before = ensemble.plain().exists("/brokers/ids/1", false).getCzxid();

        long start = System.nanoTime();
        ZooKeeperCoordinationStore restarted = ensemble.open(ensemble.config().withSessionFile(file));
        assertThat(get(restarted.brokers().register(broker(1)))).isGreaterThan(before);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void connectingHasItsWholeTimeAfterTheFormerSessionHasEnded() throws Exception {
        ensemble.open();
        Path file = ensemble.newSessionFile();
        ensemble.crashedBroker(1, 20_000, file);
        PatienceRecorder scheduler = new PatienceRecorder(12_345);
        try (ZooKeeperCoordinationStore restarted = ZooKeeperCoordinationStore.start(
                ensemble.config().withTimeouts(30_000, 12_345).withSessionFile(file),
                scheduler,
                System::nanoTime,
                Clock.systemUTC(),
                TestEnsemble::daemon,
                EventSink.NONE)) {
            get(restarted.session().connected());
            List<ScheduledFuture<?>> timers = scheduler.timers;
            assertThat(timers).hasSizeGreaterThan(1);
            assertThat(timers.subList(0, timers.size() - 1)).allMatch(Future::isCancelled);
            assertThat(timers.get(timers.size() - 1).isCancelled()).isFalse();
        } finally {
            scheduler.shutdownNow();
        }
    }

    /** Keeps the timers of one delay. */
    private static final class PatienceRecorder extends ScheduledThreadPoolExecutor {
        private final List<ScheduledFuture<?>> timers = new CopyOnWriteArrayList<>();
        private final long delayMs;

        PatienceRecorder(long delayMs) {
            super(2);
            this.delayMs = delayMs;
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            ScheduledFuture<V> timer = super.schedule(task, delay, unit);
            if (unit.toMillis(delay) == delayMs) {
                timers.add(timer);
            }
            return timer;
        }
    }

    @Test
    void aRestartWithoutTheFileWaitsForTheSessionTimeout() throws Exception {
        ZooKeeperCoordinationStore restarted = ensemble.open();
        ensemble.crashedBroker(1, 1_500, ensemble.newSessionFile());
        long before = ensemble.plain().exists("/brokers/ids/1", false).getCzxid();
        assertThat(get(restarted.brokers().register(broker(1)))).isGreaterThan(before);
    }

    @Test
    void aRestartOutlivesASessionFileItCannotUnderstand() throws Exception {
        Path file = ensemble.newSessionFile();
        Files.writeString(file, "1 zz");
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.config().withSessionFile(file));
        assertThat(get(store.topics().names())).isEmpty();
    }

    @Test
    void aLiveBrokerOfTheSameIdIsAClearError() {
        get(ensemble.open().brokers().register(broker(1)));
        ZooKeeperCoordinationStore second = ensemble.open(ensemble.shortSession());
        assertThatThrownBy(() -> get(second.brokers().register(broker(1))))
                .hasCauseInstanceOf(BrokerIdTakenException.class)
                .hasMessageContaining("/brokers/ids/1");
    }

    @Test
    void aClosedSessionTakesItsNodesAndItsFileAlong() throws Exception {
        Path file = ensemble.newSessionFile();
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.config().withSessionFile(file));
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
        get(store.brokers().register(broker(1)));
        store.close();
        assertThat(ensemble.plain().exists("/brokers/ids/1", false)).isNull();
        assertThat(file).doesNotExist();
        assertThat(store.session().state()).isEqualTo(State.CLOSED);
        assertThatThrownBy(() -> get(store.topics().names())).hasCauseInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void anExpiredSessionIsFollowedByANewOne() throws Exception {
        Path file = ensemble.newSessionFile();
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.config().withSessionFile(file));
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        store.session().addListener(events::add);
        long before = get(store.brokers().register(broker(1)));
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));

        ensemble.expire(file);

        await().atMost(Duration.ofSeconds(60)).until(() -> events.contains(new SessionEvent(Kind.NEW_SESSION, 2)));
        assertThat(events.indexOf(new SessionEvent(Kind.LOST, 1)))
                .isBetween(0, events.indexOf(new SessionEvent(Kind.NEW_SESSION, 2)) - 1);
        assertThat(store.session().sessionEpoch()).isEqualTo(2);
        assertThat(get(store.brokers().ids())).isEmpty();
        assertThat(get(store.brokers().register(broker(1)))).isGreaterThan(before);
    }

    @Test
    void keepsItsSessionOverARestartOfZooKeeper() throws Exception {
        ZooKeeperCoordinationStore store = ensemble.open();
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        store.session().addListener(events::add);
        long epoch = get(store.brokers().register(broker(1)));

        ensemble.server.stop();
        await().atMost(Duration.ofSeconds(60)).until(() -> store.session().state() == State.SUSPENDED);
        var askedMeanwhile = store.brokers().broker(1);
        ensemble.server.restart();

        assertThat(get(askedMeanwhile).map(BrokerInfo::epoch)).contains(epoch);
        await().atMost(Duration.ofSeconds(60)).until(() -> events.size() >= 2);
        assertThat(events).containsExactly(new SessionEvent(Kind.SUSPENDED, 1), new SessionEvent(Kind.RECONNECTED, 1));
        assertThat(store.session().state()).isEqualTo(State.CONNECTED);
    }

    /** ZooKeeper's client does so after four thirds of the session timeout, Curator would after one. */
    @Test
    void onlyZooKeepersOwnClientGivesASessionUpDuringALongOutage() throws Exception {
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.shortSession());
        Map<Kind, Long> heardAt = new ConcurrentHashMap<>();
        store.session().addListener(event -> heardAt.put(event.kind(), System.nanoTime()));
        ensemble.server.stop();
        await().atMost(Duration.ofSeconds(60)).until(() -> heardAt.containsKey(Kind.LOST));
        assertThat(Duration.ofNanos(heardAt.get(Kind.LOST) - heardAt.get(Kind.SUSPENDED)))
                .isGreaterThan(Duration.ofMillis(TestEnsemble.SHORT_SESSION_TIMEOUT_MS * 5L / 4));
    }

    @Test
    void refusesAnEnsembleWithoutPersistentWatches() throws Exception {
        try (OlderServerProxy older = new OlderServerProxy(ensemble.server.getPort());
                ZooKeeperCoordinationStore store = ZooKeeperCoordinationStore.start(
                        ZooKeeperConfig.of(older.connectString()),
                        ensemble.scheduler,
                        System::nanoTime,
                        Clock.systemUTC(),
                        TestEnsemble::daemon,
                        EventSink.NONE)) {
            get(store.session().connected());
            assertThatThrownBy(() -> get(store.session().initialize()))
                    .hasCauseInstanceOf(CoordinationException.class)
                    .hasMessageContaining("3.6 or newer is needed");
        }
    }

    @Test
    void asksForNothingLongerThanAllowed() throws Exception {
        ZooKeeperConfig impatient = ensemble.config().withLimits(new ZooKeeperConfig.Limits(10, 20, 300));
        ZooKeeperCoordinationStore store = ensemble.open(impatient);
        ensemble.server.stop();
        await().atMost(Duration.ofSeconds(60)).until(() -> store.session().state() == State.SUSPENDED);
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            asked.add(store.topics().names());
        }
        assertThat(asked.get(24)).isCompletedExceptionally();
        assertThatThrownBy(() -> get(asked.get(0))).hasCauseInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void provesTheSessionAliveWhileIdle() {
        ZooKeeperCoordinationStore store = ensemble.open(ensemble.shortSession());
        long contact = store.session().lastContactNanos();
        await().atMost(Duration.ofSeconds(60)).until(() -> store.session().lastContactNanos() > contact);
        assertThat(store.session().lastContactNanos()).isLessThan(System.nanoTime());
        assertThat(store.session().sessionTimeoutMs()).isEqualTo(TestEnsemble.SHORT_SESSION_TIMEOUT_MS);
    }

    @Test
    void noticesThatItIsAnotherCluster() {
        ZooKeeperCoordinationStore store = ensemble.open();
        assertThat(get(store.clusterIds().read())).isEmpty();
        assertThat(get(store.clusterIds().getOrCreate("first"))).isEqualTo("first");
        assertThat(get(store.clusterIds().getOrCreate("second"))).isEqualTo("first");
        get(store.clusterIds().verify("first"));
        assertThatThrownBy(() -> get(store.clusterIds().verify("second")))
                .hasCauseInstanceOf(ClusterIdMismatchException.class);
    }

    @Test
    void generatesEachBrokerIdOnce() {
        ZooKeeperCoordinationStore store = ensemble.open();
        assertThat(get(store.brokers().generateId(1000))).isEqualTo(1001);
        assertThat(get(store.brokers().generateId(1000))).isEqualTo(1002);
    }
}
