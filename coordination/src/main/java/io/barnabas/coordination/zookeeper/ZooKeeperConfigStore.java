// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.store.error.StoreDataException;
import io.barnabas.coordination.store.error.VersionConflictException;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.ConfigCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /config}. */
final class ZooKeeperConfigStore implements ConfigStore {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperConfigStore.class);
    private static final int UNCONDITIONAL_ATTEMPTS = 20;

    private final Nodes nodes;
    private final GuardedWrites writes;
    private final SequenceNodes changes;

    ZooKeeperConfigStore(Nodes nodes, GuardedWrites writes, InstantSource clock) {
        this.nodes = nodes;
        this.writes = writes;
        this.changes =
                new SequenceNodes(nodes, writes, clock, ZnodePaths.CONFIG_CHANGES, ZnodePaths.CONFIG_CHANGE_PREFIX);
    }

    private static String path(ConfigEntity entity) {
        return ZnodePaths.child(ZnodePaths.CONFIG, entity.path());
    }

    @Override
    public CompletableFuture<ConfigRecord> read(ConfigEntity entity) {
        String path = path(entity);
        return nodes.read(path, (data, version) -> ConfigCodec.decode(path, data, version))
                .thenApply(found -> found.orElse(ConfigRecord.ABSENT));
    }

    @Override
    public CompletableFuture<Map<ConfigEntity, ConfigRecord>> read(Collection<ConfigEntity> entities) {
        List<ConfigEntity> keys = List.copyOf(entities);
        return Bulk.list(keys, this::read).thenApply(records -> {
            Map<ConfigEntity, ConfigRecord> found = new HashMap<>();
            for (int i = 0; i < records.size(); i++) {
                found.put(keys.get(i), records.get(i));
            }
            return found;
        });
    }

    @Override
    public CompletableFuture<ConfigRecord> write(ConfigEntity entity, ConfigRecord config) {
        return config.version() == Versions.ANY
                ? replace(entity, config, UNCONDITIONAL_ATTEMPTS)
                : writeIfUnchanged(path(entity), config);
    }

    /** Reads first, so that fields unknown here are kept, and starts again if somebody was faster. */
    private CompletableFuture<ConfigRecord> replace(ConfigEntity entity, ConfigRecord config, int attempts) {
        return read(entity)
                .thenCompose(found -> {
                    Map<String, Object> others = new LinkedHashMap<>(found.otherFields());
                    others.putAll(config.otherFields());
                    return writeIfUnchanged(path(entity), new ConfigRecord(config.values(), others, found.version()));
                })
                .exceptionallyCompose(failure -> {
                    if (attempts > 1 && Bulk.cause(failure) instanceof VersionConflictException) {
                        return replace(entity, config, attempts - 1);
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<ConfigRecord> writeIfUnchanged(String path, ConfigRecord config) {
        byte[] data = ConfigCodec.encode(config);
        boolean creates = config.version() == Versions.ABSENT;
        return writes.put(path, data, config.version(), Versions.ANY)
                .exceptionallyCompose(failure -> {
                    boolean noParent = creates && Bulk.cause(failure) instanceof EntryMissingException;
                    return noParent
                            ? nodes.createRecursively(ZnodePaths.parent(path), null)
                                    .thenCompose(parent -> writes.put(path, data, config.version(), Versions.ANY))
                            : CompletableFuture.failedFuture(failure);
                })
                .thenApply(config::withVersion)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(asConflict(path, failure)));
    }

    private static Throwable asConflict(String path, Throwable failure) {
        Throwable cause = Bulk.cause(failure);
        return cause instanceof EntryExistsException || cause instanceof EntryMissingException
                ? new VersionConflictException(path + " was changed meanwhile")
                : cause;
    }

    @Override
    public CompletableFuture<Void> delete(ConfigEntity entity, int controllerEpochZkVersion) {
        return writes.remove(path(entity), controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<Set<String>> names(String typePath) {
        return nodes.children(ZnodePaths.child(ZnodePaths.CONFIG, typePath));
    }

    @Override
    public CompletableFuture<Void> announce(ConfigEntity entity) {
        return changes.add(ConfigCodec.encodeChange(entity));
    }

    @Override
    public CompletableFuture<List<ConfigChange>> changes(long afterSequence) {
        return changes.read(afterSequence)
                .thenApply(notes ->
                        notes.stream().flatMap(ZooKeeperConfigStore::understood).toList());
    }

    private static Stream<ConfigChange> understood(SequenceNodes.Note note) {
        try {
            Optional<ConfigEntity> entity = ConfigCodec.decodeChange(note.path(), note.data());
            return entity.map(whose -> new ConfigChange(note.sequence(), whose)).stream();
        } catch (StoreDataException e) {
            LOG.warn("Skipping a configuration change nobody can understand: {}", e.getMessage());
            return Stream.empty();
        }
    }

    @Override
    public CompletableFuture<Void> purgeChanges(Duration age) {
        return changes.purge(age);
    }
}
