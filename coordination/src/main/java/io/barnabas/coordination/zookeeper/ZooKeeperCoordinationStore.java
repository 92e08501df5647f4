// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.BrokerRegistry;
import io.barnabas.coordination.store.ChangeHints;
import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.CoordinationSession;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.store.LegacyOffsetStore;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.ProducerIdStore;
import io.barnabas.coordination.store.TopicStore;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** The coordination store on ZooKeeper: one session, and a door for each role. */
public final class ZooKeeperCoordinationStore implements CoordinationStore {
    private final ZooKeeperSession session;
    private final ClusterIdStore clusterIds;
    private final FeatureStore features;
    private final BrokerRegistry brokers;
    private final ControllerElection election;
    private final TopicStore topics;
    private final PartitionStateStore partitionStates;
    private final ConfigStore configs;
    private final AdminPaths adminPaths;
    private final ProducerIdStore producerIds;
    private final LegacyOffsetStore legacyOffsets;
    private final ChangeHints hints;

    /**
     * Begins to connect and returns at once: wait for {@link CoordinationSession#connected()}. What is asked before that waits
     * for it too. If the configuration names a session file, the data directory it lies in has to be locked already.
     *
     * @param config where and how
     * @param scheduler runs timers, listeners and the little file there is; not shut down here
     * @param nanoClock monotonic time, such as {@link System#nanoTime()}
     * @param clock wall-clock time, for time stamps in nodes and the age of notes
     */
    public static ZooKeeperCoordinationStore start(
            ZooKeeperConfig config, ScheduledExecutorService scheduler, LongSupplier nanoClock, InstantSource clock) {
        return start(config, scheduler, nanoClock, clock, true);
    }

    /** @param persistentWatches false to do without, as with servers before ZooKeeper 3.6 */
    static ZooKeeperCoordinationStore start(
            ZooKeeperConfig config,
            ScheduledExecutorService scheduler,
            LongSupplier nanoClock,
            InstantSource clock,
            boolean persistentWatches) {
        ZooKeeperCoordinationStore store =
                new ZooKeeperCoordinationStore(config, scheduler, nanoClock, clock, persistentWatches);
        store.session.start();
        return store;
    }

    private ZooKeeperCoordinationStore(
            ZooKeeperConfig config,
            ScheduledExecutorService scheduler,
            LongSupplier nanoClock,
            InstantSource clock,
            boolean persistentWatches) {
        NodeAcls acls = new NodeAcls(config.secureAcls());
        ZooKeeperRequests requests = new ZooKeeperRequests(config, scheduler, nanoClock);
        Nodes nodes = new Nodes(requests, acls);
        GuardedWrites writes = new GuardedWrites(nodes);
        SerialExecutor callbacks = new SerialExecutor(scheduler);
        this.session = new ZooKeeperSession(config, requests, nodes, acls, callbacks, scheduler);
        OwnEphemeral ownEphemeral = new OwnEphemeral(nodes, session, scheduler, nanoClock);
        this.clusterIds = new ZooKeeperClusterIdStore(nodes);
        this.features = new ZooKeeperFeatureStore(nodes, writes);
        this.brokers = new ZooKeeperBrokerRegistry(nodes, ownEphemeral, clock);
        this.election = new ZooKeeperControllerElection(nodes, writes, session, clock);
        this.topics = new ZooKeeperTopicStore(nodes, writes);
        this.partitionStates = new ZooKeeperPartitionStateStore(nodes, writes);
        this.configs = new ZooKeeperConfigStore(nodes, writes, clock);
        this.adminPaths = new ZooKeeperAdminPaths(nodes, writes, clock);
        this.producerIds = new ZooKeeperProducerIdStore(nodes);
        this.legacyOffsets = new ZooKeeperLegacyOffsetStore(nodes);
        this.hints = new ZooKeeperChangeHints(nodes, session, callbacks, persistentWatches);
    }

    @Override
    public CoordinationSession session() {
        return session;
    }

    @Override
    public ClusterIdStore clusterIds() {
        return clusterIds;
    }

    @Override
    public FeatureStore features() {
        return features;
    }

    @Override
    public BrokerRegistry brokers() {
        return brokers;
    }

    @Override
    public ControllerElection election() {
        return election;
    }

    @Override
    public TopicStore topics() {
        return topics;
    }

    @Override
    public PartitionStateStore partitionStates() {
        return partitionStates;
    }

    @Override
    public ConfigStore configs() {
        return configs;
    }

    @Override
    public AdminPaths adminPaths() {
        return adminPaths;
    }

    @Override
    public ProducerIdStore producerIds() {
        return producerIds;
    }

    @Override
    public LegacyOffsetStore legacyOffsets() {
        return legacyOffsets;
    }

    @Override
    public ChangeHints hints() {
        return hints;
    }

    @Override
    public void close() {
        session.close();
    }
}
