// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.ListenerKeys;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/** How far a setting may move in one step while the broker runs; Kafka's rules and messages. */
final class DynamicRules {
    private static final List<String> THREADS = List.of(
            "num.io.threads",
            "num.network.threads",
            "num.replica.fetchers",
            "num.recovery.threads.per.data.dir",
            "background.threads");
    private static final int MOST_FACTOR = 2;
    private static final long FOLLOWS_RETENTION = -2L;

    private DynamicRules() {}

    /** @throws ConfigException with Kafka's message */
    static void check(BarnabasConfig before, BarnabasConfig after) {
        THREADS.forEach(key ->
                checkThreads(key, before.values().getInt(key), after.values().getInt(key)));
        checkCleaner(before.cleaner().threads(), after.cleaner().threads());
        checkLocalRetention(
                "log.local.retention.ms",
                after.values().getLong("log.local.retention.ms"),
                "log.retention.ms",
                after.topicDefaults().retentionMs());
        checkLocalRetention(
                "log.local.retention.bytes",
                after.values().getLong("log.local.retention.bytes"),
                "log.retention.bytes",
                after.values().getLong("log.retention.bytes"));
        checkListeners(before.listeners(), after.listeners());
    }

    private static void checkThreads(String key, int before, int after) {
        String fault = "Dynamic thread count update validation failed for " + key + "=" + after;
        if (after <= 0) {
            throw new ConfigException(fault + ", value should be at least 1");
        }
        if (after < before / MOST_FACTOR) {
            throw new ConfigException(fault + ", value should be at least half the current value " + before);
        }
        if (after > before * MOST_FACTOR) {
            throw new ConfigException(fault + ", value should not be greater than double the current value " + before);
        }
    }

    private static void checkCleaner(int before, int after) {
        if (after < before / MOST_FACTOR) {
            throw new ConfigException(
                    "Log cleaner threads cannot be reduced to less than half the current value " + before);
        }
        if (after > before * MOST_FACTOR) {
            throw new ConfigException(
                    "Log cleaner threads cannot be increased to more than double the current value " + before);
        }
    }

    private static void checkLocalRetention(String key, long local, String retentionKey, long retention) {
        if (retention == -1L || local == FOLLOWS_RETENTION) {
            return;
        }
        if (local == -1L) {
            throw new ConfigException(
                    key, local, "Value must not be -1 as " + retentionKey + " value is set as " + retention + ".");
        }
        if (local > retention) {
            throw new ConfigException(
                    key, local, "Value must not be more than " + retentionKey + " property value: " + retention);
        }
    }

    private static void checkListeners(ListenerKeys before, ListenerKeys after) {
        after.listeners()
                .forEach(endpoint -> before.listener(endpoint.listener()).ifPresent(old -> {
                    if (old.securityProtocol() != endpoint.securityProtocol()) {
                        throw new ConfigException(
                                "Security protocol cannot be updated for existing listener " + endpoint.listener());
                    }
                }));
    }
}
