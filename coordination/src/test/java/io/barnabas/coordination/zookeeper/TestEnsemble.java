// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.zookeeper.client.SessionFile;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import io.barnabas.coordination.zookeeper.znode.BrokerCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.DirectoryUtils;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;

/** A real ZooKeeper server with short ticks, stores connected to it, and a plain client to look behind them. */
final class TestEnsemble {
    /** Long, so that a starved machine does not expire sessions where that is not the point. */
    static final int SESSION_TIMEOUT_MS = 30_000;

    /** For tests that wait for a session to end, or for its heartbeat. */
    static final int SHORT_SESSION_TIMEOUT_MS = 3_000;

    private static final int TICK_MS = 200;

    final TestingServer server;
    final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Path directory;
    private ZooKeeper plain;

    TestEnsemble() throws Exception {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        directory = Files.createTempDirectory("zookeeper");
        File data = directory.resolve("data").toFile();
        Map<String, Object> limits = Map.of("maxSessionTimeout", Integer.toString(SESSION_TIMEOUT_MS));
        server = new TestingServer(new InstanceSpec(data, -1, -1, -1, true, 1, TICK_MS, 0, limits), true);
    }

    ZooKeeperConfig config() {
        return ZooKeeperConfig.of(server.getConnectString()).withTimeouts(SESSION_TIMEOUT_MS, 10_000);
    }

    /** As {@link #config()}, with a session that soon ends or shows that it lives. */
    ZooKeeperConfig shortSession() {
        return config().withTimeouts(SHORT_SESSION_TIMEOUT_MS, 10_000);
    }

    Path newSessionFile() {
        return directory.resolve("session-" + System.nanoTime());
    }

    ZooKeeperCoordinationStore open() {
        return open(config());
    }

    ZooKeeperCoordinationStore open(ZooKeeperConfig config) {
        ZooKeeperCoordinationStore store = ZooKeeperCoordinationStore.start(
                config, scheduler, System::nanoTime, Clock.systemUTC(), TestEnsemble::daemon, EventSink.NONE);
        opened.add(store);
        get(store.session().connected());
        get(store.session().initialize());
        return store;
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** A client that knows nothing of this package. */
    ZooKeeper plain() throws Exception {
        if (plain == null) {
            CountDownLatch connected = new CountDownLatch(1);
            plain = new ZooKeeper(server.getConnectString(), 10_000, event -> connected.countDown());
            assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
        }
        return plain;
    }

    /** A process that registered a broker and died without a word; its session goes on until its timeout. */
    void crashedBroker(int id, int sessionTimeoutMs, Path sessionFile) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper process = new ZooKeeper(server.getConnectString(), sessionTimeoutMs, event -> connected.countDown());
        assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
        process.create(
                ZnodePaths.broker(id),
                BrokerCodec.encode(broker(id), 1),
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.EPHEMERAL);
        new SessionFile(sessionFile).write(SessionFile.Credentials.of(process));
        process.getTestable().injectSessionExpiration();
    }

    /** Ends a session behind its owner's back, by taking it over and closing it. */
    void expire(Path sessionFile) throws Exception {
        SessionFile.Credentials session = new SessionFile(sessionFile).read().orElseThrow();
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper duplicate = new ZooKeeper(
                server.getConnectString(),
                SESSION_TIMEOUT_MS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                session.id(),
                session.password());
        assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
        duplicate.close();
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    static BrokerRegistration broker(int id) {
        return BrokerRegistration.of(
                id,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9000 + id)),
                Optional.empty());
    }

    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (plain != null) {
            plain.close();
        }
        server.close();
        scheduler.shutdownNow();
        DirectoryUtils.deleteRecursively(directory.toFile());
    }
}
