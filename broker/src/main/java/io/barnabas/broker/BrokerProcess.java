// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.assembly.BrokerAssembly;
import io.barnabas.broker.assembly.CoordinationAssembly;
import io.barnabas.broker.assembly.FloorConfigs;
import io.barnabas.broker.assembly.RuntimeChanges;
import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.membership.BrokerPresence;
import io.barnabas.broker.membership.ClusterMembership;
import io.barnabas.broker.membership.Registrations;
import io.barnabas.broker.membership.StartupException;
import io.barnabas.broker.membership.StartupWaits;
import io.barnabas.broker.network.ListenerBinding;
import io.barnabas.broker.network.NetworkServer;
import io.barnabas.broker.platform.Faults;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.zookeeper.ZooKeeperCoordinationStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one broker: start, and stop in good order. Both are called once, by one thread each. A stop that comes while
 * the broker starts interrupts it and takes down what is there.
 */
final class BrokerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);
    private static final int EXIT_CODE_FAILED = 1;
    private static final long START_INTERRUPTED_WITHIN_MS = 5_000;

    private final BarnabasConfig config;
    private final CountDownLatch startEnded = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Thread starter;
    private volatile boolean stopping;
    private volatile boolean started;

    // written by the starting thread, read by the stopping one after startEnded
    private Platform platform;
    private long begunNanos;
    private CoordinationStore store;
    private BrokerPresence presence;
    private BrokerAssembly broker;

    BrokerProcess(BarnabasConfig config) {
        this.config = config;
    }

    /**
     * Returns when the broker takes requests, or when it was stopped meanwhile.
     *
     * @throws StartupException with the one line an operator needs
     */
    void start() {
        starter = Thread.currentThread();
        try {
            if (!stopping) {
                startBroker();
                started = true;
            }
        } catch (CoordinationException | KafkaException e) {
            fail(new StartupException(e.getMessage(), e));
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            startEnded.countDown();
        }
    }

    private void fail(RuntimeException failure) {
        if (!stopping) {
            throw failure;
        }
        LOG.info("Starting was broken off: {}", failure.getMessage());
    }

    private void startBroker() {
        // what cannot be served is refused before anything is touched
        ListenerBinding.allOf(config.listeners(), config.network());
        Faults faults = new Faults(this::giveUp);
        Thread.setDefaultUncaughtExceptionHandler(faults);
        LogDirGuard guard = LogDirGuard.acquire(directories());
        try (guard) {
            platform = Platform.ofThisMachine(config, faults);
            begunNanos = platform.ticker().getAsLong();
            store = ZooKeeperCoordinationStore.start(
                    FloorConfigs.zooKeeper(config, guard.usable().get(0)),
                    platform.threads().timer(),
                    platform.ticker(),
                    platform.clock(),
                    platform.threadFactory(),
                    platform.events());
            StartupWaits.await(store.session().connected(), "connecting to ZooKeeper");
            StartupWaits.await(store.session().initialize(), "preparing the paths in ZooKeeper");
        }
        ClusterMembership member = ClusterMembership.settle(config, store, new RandomIds(platform.random()));
        CoordinationAssembly coordination = CoordinationAssembly.of(platform, config, member, store, this::giveUp);
        presence = coordination.presence();
        broker = BrokerAssembly.on(platform, coordination, this::giveUp);
        takePart(coordination);
    }

    private void takePart(CoordinationAssembly coordination) {
        broker.requests().network().start();
        broker.replicas().replicas().start();
        Registrations registrations = new Registrations(
                coordination.brokerId(), broker.requests().network()::boundPort, Registrations.jmxPortOfThisProcess());
        StartupWaits.await(presence.register(registrations.of(coordination.config())), "registering in ZooKeeper");
        new RuntimeChanges(coordination.dynamicConfig()).follow(presence, registrations);
        broker.replicas().logs().brokerEpoch(presence.brokerEpoch());
        coordination.configChanges().start();
        coordination.features().start();
        broker.controller().controller().start();
        broker.liveness().start();
        broker.requests().network().startAccepting();
        platform.events()
                .record(new ProcessEvents.BrokerReady(
                        coordination.brokerId(),
                        coordination.clusterId(),
                        TimeUnit.NANOSECONDS.toMillis(platform.ticker().getAsLong() - begunNanos),
                        "asked to"));
    }

    private List<Path> directories() {
        return config.logManager().directories().stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .toList();
    }

    /** Something happened that this process cannot go on with; it leaves at once, as after a kill. */
    private void giveUp() {
        if (!stopping) {
            LOG.error("This broker stops now");
            System.err.println("This broker stops now; the last lines of its log say why");
            Runtime.getRuntime().halt(EXIT_CODE_FAILED);
        }
    }

    /** Moves leaders away, then takes the broker down from its listeners to its logs. */
    void stop() {
        stopping = true;
        breakOffStart();
        if (started) {
            leave();
        }
        if (broker != null) {
            stopBroker();
        }
        if (store != null) {
            quietly("the coordination store", store);
        }
        if (platform != null) {
            platform.stop();
        }
        if (started) {
            platform.events()
                    .record(new ProcessEvents.BrokerStopped(
                            broker.coordination().brokerId(), "asked to"));
        }
        stopped.countDown();
    }

    private void breakOffStart() {
        Thread running = starter;
        if (running == null || startEnded.getCount() == 0) {
            return;
        }
        running.interrupt();
        try {
            if (!startEnded.await(START_INTERRUPTED_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("Starting goes on after {} ms; the process ends as after a kill", START_INTERRUPTED_WITHIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave() {
        presence.leave();
        broker.replicas().replicas().leaving();
        new ControlledShutdown(
                        config.shutdown(),
                        broker.peers().controller(),
                        broker.coordination().brokerId(),
                        presence::brokerEpoch,
                        config.peers().protocolVersion().controlledShutdownVersion(),
                        Duration.ofMillis(config.peers().controllerSocketTimeoutMs()),
                        platform.events())
                .run();
    }

    private void stopBroker() {
        presence.leave();
        NetworkServer network = broker.requests().network();
        quietly(
                "accepting requests",
                () -> StartupWaits.await(network.stop(Duration.ofMillis(500)), "closing connections"));
        quietly("watching other brokers", broker.liveness());
        quietly("the group coordinator", broker.coordinators().groups());
        quietly("the transaction coordinator", broker.coordinators().transactions());
        quietly(
                "the controller",
                () -> StartupWaits.await(broker.controller().controller().stop(), "resigning as controller"));
        quietly("following configuration", broker.coordination().configChanges());
        quietly("following features", broker.coordination().features());
        quietly("fetchers and replicas", broker.replicas().replicas()::shutdown);
        quietly("the channel to the controller", broker.peers().controller());
        quietly("peers", broker.peers().client());
        broker.replicas().logs().brokerEpoch(presence.brokerEpoch());
        quietly("the logs", broker.replicas().logs());
    }

    private static void quietly(String what, AutoCloseable closing) {
        try {
            closing.close();
        } catch (Exception e) {
            LOG.warn("Stopping {} failed: {}", what, e.toString());
        }
    }

    /** Returns once the broker has stopped. */
    void awaitStopped() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
