// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.replica.log.LogConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * The topics' overrides as this broker knows them. A topic that is created does not announce its overrides, so whoever
 * is about to open logs asks {@link #read} first; later changes are announced and arrive by themselves.
 *
 * <p>Safe for use by any thread.
 */
public final class TopicConfigRepository implements TopicConfigSource {
    private final ConfigStore store;
    private final DynamicBrokerConfig broker;
    private final Map<String, Map<String, String>> overrides = new ConcurrentHashMap<>();
    private final Map<String, Made> made = new ConcurrentHashMap<>();
    private volatile Made plain;
    private final List<BiConsumer<String, LogConfig>> listeners = new CopyOnWriteArrayList<>();

    /** Settings, and what they were made of: asked for with every partition and fetch, they are made once. */
    private record Made(Map<String, String> overrides, BarnabasConfig broker, LogConfig config) {
        @SuppressWarnings("ReferenceEquality") // both are replaced, never changed
        boolean isOf(Map<String, String> others, BarnabasConfig otherBroker) {
            return overrides == others && broker == otherBroker;
        }

        static Made of(Map<String, String> overrides, BarnabasConfig broker) {
            return new Made(overrides, broker, TopicConfigs.logConfig(overrides, broker));
        }
    }

    /**
     * @param store where overrides are kept
     * @param broker the defaults for what a topic does not override
     */
    public TopicConfigRepository(ConfigStore store, DynamicBrokerConfig broker) {
        this.store = store;
        this.broker = broker;
    }

    /** Hears each topic's settings when they are first known and whenever they change, from now on; must not block. */
    public void addListener(BiConsumer<String, LogConfig> listener) {
        listeners.add(listener);
    }

    /** What a topic overrides; empty for one that overrides nothing or is not known. */
    public Map<String, String> overrides(String topic) {
        return overrides.getOrDefault(topic, Map.of());
    }

    /** The settings of a topic's logs, as far as its overrides are known. */
    public LogConfig logConfig(String topic) {
        BarnabasConfig current = broker.current();
        Map<String, String> own = overrides.get(topic);
        if (own == null || own.isEmpty()) {
            return plainConfig(current);
        }
        Made known = made.get(topic);
        if (known == null || !known.isOf(own, current)) {
            known = Made.of(own, current);
            made.put(topic, known);
            if (!overrides.containsKey(topic)) {
                made.remove(topic);
            }
        }
        return known.config();
    }

    /** The settings of all topics that override nothing. */
    private LogConfig plainConfig(BarnabasConfig current) {
        Made known = plain;
        if (known == null || !known.isOf(Map.of(), current)) {
            known = Made.of(Map.of(), current);
            plain = known;
        }
        return known.config();
    }

    /** Reads the overrides of every topic that has any; before logs are opened at start. */
    public CompletableFuture<Void> loadAll() {
        return store.names(ConfigEntity.TOPICS).thenCompose(this::reload);
    }

    @Override
    public boolean isKnown(String topic) {
        return overrides.containsKey(topic);
    }

    @Override
    public CompletableFuture<Void> read(Collection<String> topics) {
        List<String> missing = new ArrayList<>();
        for (String topic : topics) {
            if (!overrides.containsKey(topic)) {
                missing.add(topic);
            }
        }
        return missing.isEmpty() ? CompletableFuture.completedFuture(null) : reload(missing);
    }

    /** Reads again what was announced as changed, or may have. */
    CompletableFuture<Void> reload(Collection<String> topics) {
        List<ConfigEntity> entities =
                topics.stream().distinct().map(ConfigEntity::topic).toList();
        return store.read(entities)
                .thenAccept(records -> records.forEach((entity, record) -> put(entity.name(), record.values())));
    }

    /** Reads again everything that is known: some announcement may have been missed. */
    CompletableFuture<Void> reloadKnown() {
        return reload(List.copyOf(overrides.keySet()));
    }

    private void put(String topic, Map<String, String> values) {
        Map<String, String> before = overrides.put(topic, values);
        if (!values.equals(before)) {
            tell(topic);
        }
    }

    private void tell(String topic) {
        LogConfig config = logConfig(topic);
        listeners.forEach(listener -> listener.accept(topic, config));
    }

    /** A deleted topic's overrides do not outlive it. */
    public void forget(String topic) {
        overrides.remove(topic);
        made.remove(topic);
    }

    /** The broker's defaults changed: every topic's settings are made anew. */
    public void refreshAll() {
        overrides.keySet().forEach(this::tell);
    }
}
