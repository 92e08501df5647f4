// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import io.barnabas.coordination.store.error.VersionConflictException;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.hint.ChangeListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A coordination store for configuration in memory, with its hints; not for several threads. */
public final class MemoryConfigStore implements ConfigStore, ChangeHints {
    public final List<ConfigEntity> announced = new ArrayList<>();

    private final Map<ConfigEntity, ConfigRecord> records = new HashMap<>();
    private final List<ConfigChange> changes = new ArrayList<>();
    private final List<ChangeListener> listeners = new ArrayList<>();
    private Runnable beforeNextWrite = () -> {};
    private int failingReads;

    /** Something another broker does between this one's read and its write. */
    public void beforeNextWrite(Runnable action) {
        beforeNextWrite = action;
    }

    public void failReads(int times) {
        failingReads = times;
    }

    public void put(ConfigEntity entity, Map<String, String> values) {
        records.put(entity, new ConfigRecord(values, Map.of(), versionOf(entity) + 1));
    }

    public Map<String, String> valuesOf(ConfigEntity entity) {
        return records.getOrDefault(entity, ConfigRecord.ABSENT).values();
    }

    private int versionOf(ConfigEntity entity) {
        return Math.max(-1, records.getOrDefault(entity, ConfigRecord.ABSENT).version());
    }

    @Override
    public CompletableFuture<ConfigRecord> read(ConfigEntity entity) {
        return read(List.of(entity)).thenApply(all -> all.get(entity));
    }

    @Override
    public CompletableFuture<Map<ConfigEntity, ConfigRecord>> read(Collection<ConfigEntity> entities) {
        if (failingReads > 0) {
            failingReads--;
            return CompletableFuture.failedFuture(new StoreUnavailableException("not now"));
        }
        Map<ConfigEntity, ConfigRecord> result = new LinkedHashMap<>();
        entities.forEach(entity -> result.put(entity, records.getOrDefault(entity, ConfigRecord.ABSENT)));
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletableFuture<ConfigRecord> write(ConfigEntity entity, ConfigRecord config) {
        Runnable meanwhile = beforeNextWrite;
        beforeNextWrite = () -> {};
        meanwhile.run();
        int now = records.containsKey(entity) ? versionOf(entity) : Versions.ABSENT;
        if (config.version() != Versions.ANY && config.version() != now) {
            return CompletableFuture.failedFuture(new VersionConflictException(entity + " is at " + now));
        }
        put(entity, config.values());
        return CompletableFuture.completedFuture(records.get(entity));
    }

    @Override
    public CompletableFuture<Void> delete(ConfigEntity entity, int controllerEpochZkVersion) {
        records.remove(entity);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Set<String>> names(String typePath) {
        return CompletableFuture.completedFuture(records.keySet().stream()
                .filter(entity -> entity.type().equals(typePath))
                .map(ConfigEntity::name)
                .collect(Collectors.toSet()));
    }

    @Override
    public CompletableFuture<Void> announce(ConfigEntity entity) {
        announced.add(entity);
        changes.add(new ConfigChange(changes.size(), entity));
        hint();
        return CompletableFuture.completedFuture(null);
    }

    public void hint() {
        List.copyOf(listeners)
                .forEach(listener -> listener.onChange(Set.of(ChangeHint.any(ChangeHint.Kind.CONFIG_CHANGES))));
    }

    @Override
    public CompletableFuture<List<ConfigChange>> changes(long afterSequence) {
        return CompletableFuture.completedFuture(changes.stream()
                .filter(change -> change.sequence() > afterSequence)
                .toList());
    }

    @Override
    public CompletableFuture<Void> purgeChanges(Duration age) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Subscription subscribe(Set<ChangeHint.Kind> kinds, ChangeListener listener) {
        listeners.add(listener);
        hint();
        return () -> listeners.remove(listener);
    }
}
