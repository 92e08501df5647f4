// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.ConfigSubscriber;
import io.barnabas.broker.config.DynamicBrokerConfig;
import io.barnabas.broker.network.ConnectionLimits;
import io.barnabas.broker.network.NetworkServer;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.log.cleaner.LogCleaner;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/** What follows a change of this broker's settings while it runs, beside the defaults of topics. */
final class RuntimeChanges {
    private final DynamicBrokerConfig config;

    RuntimeChanges(DynamicBrokerConfig config) {
        this.config = config;
    }

    /** The number of background threads; also what was set before this broker started. */
    void follow(ScheduledThreadPoolExecutor background) {
        background.setCorePoolSize(config.current().logManager().backgroundThreads());
        on(
                Set.of("background.threads"),
                after -> background.setCorePoolSize(after.logManager().backgroundThreads()));
    }

    /** How many fetchers copy from each broker. */
    void follow(ReplicaFetchers fetchers) {
        on(
                Set.of("num.replica.fetchers"),
                after -> fetchers.resize(after.replication().fetcherThreads()));
    }

    /** How many connections are taken. */
    void follow(NetworkServer network) {
        on(
                Set.of("max.connections", "max.connections.per.ip", "max.connections.per.ip.overrides"),
                after -> network.updateLimits(ConnectionLimits.of(after.network())));
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
                after -> cleaner.reconfigure(RoomSettings.cleaner(after)));
    }

    private void on(Set<String> keys, Consumer<BarnabasConfig> change) {
        config.subscribe(new ConfigSubscriber() {
            @Override
            public Set<String> keys() {
                return keys;
            }

            @Override
            public void changed(BarnabasConfig before, BarnabasConfig after) {
                change.accept(after);
            }
        });
    }
}
