// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.BrokerRegistry;
import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.store.LegacyOffsetStore;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.ProducerIdStore;
import io.barnabas.coordination.store.TopicStore;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.CoordinationSession;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.client.ZooKeeperClient;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** The coordination store on ZooKeeper: one session, and a door for each role. */
public record ZooKeeperCoordinationStore(
        CoordinationSession session,
        ClusterIdStore clusterIds,
        FeatureStore features,
        BrokerRegistry brokers,
        ControllerElection election,
        TopicStore topics,
        PartitionStateStore partitionStates,
        ConfigStore configs,
        AdminPaths adminPaths,
        ProducerIdStore producerIds,
        LegacyOffsetStore legacyOffsets,
        ChangeHints hints)
        implements CoordinationStore {
    /**
     * Begins to connect and returns at once: wait for {@link CoordinationSession#connected()}. What is asked before that waits
     * for it too. If the configuration names a session file, the data directory it lies in has to be locked already.
     *
     * @param config where and how
     * @param scheduler runs timers, listeners and the little file there is; not shut down here
     * @param nanoClock monotonic time in nanoseconds
     * @param clock wall-clock time, for time stamps in nodes and the age of notes
     * @param threads makes the few threads of the client
     * @param events where decisions are told
     */
    public static ZooKeeperCoordinationStore start(
            ZooKeeperConfig config,
            ScheduledExecutorService scheduler,
            LongSupplier nanoClock,
            InstantSource clock,
            ThreadFactory threads,
            EventSink events) {
        ZooKeeperClient client = ZooKeeperClient.start(config, scheduler, nanoClock, threads, events);
        Nodes nodes = client.nodes();
        GuardedWrites writes = client.writes();
        OwnEphemeral ownEphemeral = new OwnEphemeral(client, scheduler, nanoClock, events);
        return new ZooKeeperCoordinationStore(
                client.session(),
                new ZooKeeperClusterIdStore(nodes),
                new ZooKeeperFeatureStore(nodes, writes),
                new ZooKeeperBrokerRegistry(nodes, ownEphemeral, clock),
                new ZooKeeperControllerElection(client, clock),
                new ZooKeeperTopicStore(nodes, writes),
                new ZooKeeperPartitionStateStore(nodes, writes),
                new ZooKeeperConfigStore(nodes, writes, clock),
                new ZooKeeperAdminPaths(nodes, writes, clock),
                new ZooKeeperProducerIdStore(nodes, writes),
                new ZooKeeperLegacyOffsetStore(nodes),
                client.hints());
    }

    @Override
    public void close() {
        session.close();
    }
}
