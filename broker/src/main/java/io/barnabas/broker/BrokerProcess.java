// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.DynamicBrokerConfig;
import io.barnabas.broker.network.ListenerBinding;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.CoordinationException;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.zookeeper.ZooKeeperCoordinationStore;
import java.nio.file.Path;
import java.time.Clock;
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
    private BrokerThreads threads;
    private CoordinationStore store;
    private BrokerPresence presence;
    private BrokerRooms rooms;
    private int brokerId;

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
                startRooms();
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

    private void startRooms() {
        long begun = System.nanoTime();
        // what cannot be served is refused before anything is touched
        ListenerBinding.allOf(config.listeners(), config.network());
        Faults faults = new Faults(this::giveUp);
        Thread.setDefaultUncaughtExceptionHandler(faults);
        LogDirGuard guard = LogDirGuard.acquire(directories());
        try (guard) {
            threads = BrokerThreads.start(config, faults);
            store = ZooKeeperCoordinationStore.start(
                    RoomSettings.zooKeeper(config, guard.usable().get(0)),
                    threads.timer(),
                    System::nanoTime,
                    Clock.systemUTC());
            Futures.await(store.session().connected(), "connecting to ZooKeeper");
            Futures.await(store.session().initialize(), "preparing the paths in ZooKeeper");
        }
        ClusterMembership member = ClusterMembership.settle(config, store);
        brokerId = member.brokerId();
        presence = new BrokerPresence(store, member.clusterId(), threads.timer(), this::giveUp);
        DynamicBrokerConfig dynamicConfig =
                new DynamicBrokerConfig(config.values().originalsStrings());
        rooms = new BrokerRooms(dynamicConfig, member, store, presence, threads, this::giveUp);
        rooms.network().start();
        rooms.replicas().start();
        Registrations registrations =
                new Registrations(brokerId, rooms.network()::boundPort, Registrations.jmxPortOfThisProcess());
        Futures.await(presence.register(registrations.of(dynamicConfig.current())), "registering in ZooKeeper");
        new RuntimeChanges(dynamicConfig).follow(presence, registrations);
        rooms.logs().brokerEpoch(presence.brokerEpoch());
        rooms.configChanges().start();
        rooms.features().start();
        rooms.controller().start();
        rooms.network().startAccepting();
        DecisionEvent.of("broker-ready")
                .with("broker", brokerId)
                .with("cluster", member.clusterId())
                .with("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
                .because("asked to");
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

    /** Moves leaders away, then takes the rooms down from the front door to the ground. */
    void stop() {
        stopping = true;
        breakOffStart();
        if (started) {
            leave();
        }
        if (rooms != null) {
            stopRooms();
        }
        if (store != null) {
            quietly("the coordination store", store);
        }
        if (threads != null) {
            threads.stop();
        }
        if (started) {
            DecisionEvent.of("broker-stopped").with("broker", brokerId).because("asked to");
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
        rooms.replicas().leaving();
        new ControlledShutdown(
                        config.shutdown(),
                        rooms.controllerChannel(),
                        brokerId,
                        presence::brokerEpoch,
                        config.peers().protocolVersion().controlledShutdownVersion(),
                        Duration.ofMillis(config.peers().controllerSocketTimeoutMs()))
                .run();
    }

    private void stopRooms() {
        presence.leave();
        quietly(
                "accepting requests",
                () -> Futures.await(rooms.network().stop(Duration.ofMillis(500)), "closing connections"));
        quietly("the group coordinator", rooms.groups());
        quietly("the transaction coordinator", rooms.transactions());
        quietly("the controller", () -> Futures.await(rooms.controller().stop(), "resigning as controller"));
        quietly("following configuration", rooms.configChanges());
        quietly("following features", rooms.features());
        quietly("fetchers and replicas", rooms.replicas()::shutdown);
        quietly("the channel to the controller", rooms.controllerChannel());
        quietly("peers", rooms.peers());
        rooms.logs().brokerEpoch(presence.brokerEpoch());
        quietly("the logs", rooms.logs());
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
