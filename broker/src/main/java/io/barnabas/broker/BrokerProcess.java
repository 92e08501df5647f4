// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.DynamicBrokerConfig;
import io.barnabas.broker.config.ListenerConfig;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.CoordinationException;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.zookeeper.ZooKeeperCoordinationStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one broker: start, and stop in good order. Both are called once, by one thread each; a stop that comes
 * while the broker starts waits for neither more nor less than what is there.
 */
final class BrokerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);
    private static final int EXIT_CODE_FAILED = 1;

    private final BarnabasConfig config;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private BrokerThreads threads;
    private CoordinationStore store;
    private BrokerPresence presence;
    private BrokerRooms rooms;
    private int brokerId;

    BrokerProcess(BarnabasConfig config) {
        this.config = config;
    }

    /**
     * Returns when the broker takes requests.
     *
     * @throws StartupException with the one line an operator needs
     */
    synchronized void start() {
        long begun = System.nanoTime();
        threads = BrokerThreads.start(config);
        try {
            store = ZooKeeperCoordinationStore.start(
                    RoomSettings.zooKeeper(config), threads.timer(), System::nanoTime, Clock.systemUTC());
            Futures.await(store.session().connected(), "connecting to ZooKeeper");
            Futures.await(store.session().initialize(), "preparing the paths in ZooKeeper");
            ClusterMembership member = ClusterMembership.settle(config, store);
            brokerId = member.brokerId();
            presence = new BrokerPresence(store, member.clusterId(), threads.timer(), this::giveUp);
            DynamicBrokerConfig dynamicConfig =
                    new DynamicBrokerConfig(config.values().originalsStrings());
            rooms = new BrokerRooms(dynamicConfig, member, store, presence, threads, this::giveUp);
            rooms.network().start();
            rooms.replicas().start();
            Futures.await(presence.register(registration()), "registering in ZooKeeper");
            rooms.logs().brokerEpoch(presence.brokerEpoch());
            rooms.configChanges().start();
            rooms.controller().start();
            rooms.network().startAccepting();
            DecisionEvent.of("broker-started")
                    .with("broker", brokerId)
                    .with("cluster", member.clusterId())
                    .with("ms", (System.nanoTime() - begun) / 1_000_000)
                    .because("asked to");
        } catch (CoordinationException | KafkaException e) {
            throw new StartupException(e.getMessage(), e);
        }
    }

    private BrokerRegistration registration() {
        ListenerConfig listeners = config.listeners();
        List<Endpoint> advertised =
                listeners.advertised().stream().map(this::reachable).toList();
        return BrokerRegistration.of(brokerId, advertised, config.identity().rack());
    }

    /** An advertised endpoint with a real host, and the port that was bound where the system chose it. */
    private Endpoint reachable(Endpoint endpoint) {
        String host = endpoint.host().isEmpty() ? localHost() : endpoint.host();
        int port = endpoint.port() == 0 ? rooms.network().boundPort(endpoint.listener()) : endpoint.port();
        return new Endpoint(endpoint.listener(), endpoint.securityProtocol(), host, port);
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            throw new StartupException(
                    "advertised.listeners: the name of this machine cannot be resolved (" + e.getMessage()
                            + "); name a host there",
                    e);
        }
    }

    /** Something happened that this process cannot go on with; it leaves at once, as after a kill. */
    private void giveUp() {
        LOG.error("This broker stops now");
        Runtime.getRuntime().halt(EXIT_CODE_FAILED);
    }

    /** Moves leaders away, then takes the rooms down from the front door to the ground. */
    synchronized void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        if (rooms != null && presence.brokerEpoch() >= 0) {
            leave();
        }
        if (rooms != null) {
            quietly(
                    "accepting requests",
                    () -> Futures.await(rooms.network().stop(Duration.ofMillis(500)), "closing connections"));
            quietly("the group coordinator", rooms.groups());
            quietly("the transaction coordinator", rooms.transactions());
            quietly("the controller", () -> Futures.await(rooms.controller().stop(), "resigning as controller"));
            quietly("following configuration", rooms.configChanges());
            quietly("fetchers and replicas", rooms.replicas()::shutdown);
            quietly("the channel to the controller", rooms.controllerChannel());
            quietly("peers", rooms.peers());
            quietly("the logs", rooms.logs());
        }
        if (store != null) {
            quietly("the coordination store", store);
        }
        if (threads != null) {
            threads.stop();
        }
        DecisionEvent.of("broker-stopped").with("broker", brokerId).because("asked to");
        stopped.countDown();
    }

    private void leave() {
        presence.leave();
        new ControlledShutdown(
                        config.shutdown(),
                        rooms.controllerChannel(),
                        brokerId,
                        presence::brokerEpoch,
                        config.peers().protocolVersion().controlledShutdownVersion(),
                        Duration.ofMillis(config.peers().controllerSocketTimeoutMs()))
                .run();
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
