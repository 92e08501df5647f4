// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.dynamic.ConfigSubscriber;
import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.membership.BrokerPresence;
import io.barnabas.broker.membership.Registrations;
import io.barnabas.broker.network.ConnectionLimits;
import io.barnabas.broker.network.ListenerBinding;
import io.barnabas.broker.network.NetworkServer;
import io.barnabas.broker.network.Transport;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.log.cleaner.LogCleaner;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a change of this broker's settings while it runs, beside the defaults of topics. What was set before this
 * broker started is in the settings the rooms were built with.
 */
public final class RuntimeChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeChanges.class);

    private final DynamicBrokerConfig config;

    /** @param config the settings that change */
    public RuntimeChanges(DynamicBrokerConfig config) {
        this.config = config;
    }

    /** The number of background threads; these were there before the dynamic settings were read. */
    void follow(ScheduledThreadPoolExecutor background) {
        background.setCorePoolSize(config.current().logManager().backgroundThreads());
        on(
                Set.of("background.threads"),
                (before, after) -> background.setCorePoolSize(after.logManager().backgroundThreads()));
    }

    /** The number of event loops that take connections; these were started before the dynamic settings were read. */
    void follow(Transport transport) {
        resize(transport, config.current().network().networkThreads());
        on(
                Set.of("num.network.threads"),
                (before, after) -> resize(transport, after.network().networkThreads()));
    }

    private static void resize(Transport transport, int wanted) {
        int now = transport.resize(wanted);
        if (now < wanted) {
            LOG.warn("num.network.threads is {} until a restart, {} were asked for", now, wanted);
        }
    }

    /** How many fetchers copy from each broker. */
    void follow(ReplicaFetchers fetchers) {
        on(
                Set.of("num.replica.fetchers"),
                (before, after) -> fetchers.resize(after.replication().fetcherThreads()));
    }

    /** How many connections are taken, in all and by each listener. */
    void follow(NetworkServer network) {
        on(Set.of("max.connections", "max.connections.per.ip", "max.connections.per.ip.overrides"), (before, after) -> {
            network.updateLimits(ConnectionLimits.of(after.network()));
            network.updateListeners(ListenerBinding.allOf(before.listeners(), after.network()));
        });
    }

    /** How logs are compacted. */
    void follow(LogCleaner cleaner) {
        on(
                Set.of(
                        "log.cleaner.threads",
                        "log.cleaner.dedupe.buffer.size",
                        "log.cleaner.io.buffer.load.factor",
                        "log.cleaner.io.buffer.size",
                        "log.cleaner.io.max.bytes.per.second",
                        "log.cleaner.backoff.ms"),
                (before, after) -> cleaner.reconfigure(FloorConfigs.cleaner(after)));
    }

    /** Leaderless partitions get an unclean leader as soon as that is allowed. */
    void follow(Controller controller) {
        on(Set.of("unclean.leader.election.enable"), (before, after) -> {
            if (after.controller().uncleanLeaderElection()
                    && !before.controller().uncleanLeaderElection()) {
                controller.uncleanElectionEnabled();
            }
        });
    }

    /** Where this broker says it can be reached. */
    public void follow(BrokerPresence presence, Registrations registrations) {
        on(Set.of("advertised.listeners"), (before, after) -> presence.update(registrations.of(after)));
    }

    private void on(Set<String> keys, BiConsumer<BarnabasConfig, BarnabasConfig> change) {
        config.subscribe(new ConfigSubscriber() {
            @Override
            public Set<String> keys() {
                return keys;
            }

            @Override
            public void changed(BarnabasConfig before, BarnabasConfig after) {
                change.accept(before, after);
            }
        });
    }
}
