// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.StoreDataException;
import io.barnabas.coordination.store.VersionConflictException;
import io.barnabas.coordination.store.Versions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
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
        return nodes.data(path).thenApply(answer -> {
            if (answer.isMissing()) {
                return ConfigRecord.ABSENT;
            }
            return ConfigCodec.decode(
                    path, answer.orThrow().value(), answer.stat().getVersion());
        });
    }

    @Override
    public CompletableFuture<Map<ConfigEntity, ConfigRecord>> read(Collection<ConfigEntity> entities) {
        List<ConfigEntity> keys = new ArrayList<>(entities);
        return Futures.list(keys, this::read).thenApply(records -> {
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
                : writeIfUnchanged(entity, config);
    }

    /** Reads first, so that fields unknown here are kept, and starts again if somebody was faster. */
    private CompletableFuture<ConfigRecord> replace(ConfigEntity entity, ConfigRecord config, int attempts) {
        return read(entity)
                .thenCompose(found -> {
                    Map<String, Object> others = new LinkedHashMap<>(found.otherFields());
                    others.putAll(config.otherFields());
                    return writeIfUnchanged(entity, new ConfigRecord(config.values(), others, found.version()));
                })
                .exceptionallyCompose(failure -> {
                    if (attempts > 1 && Futures.cause(failure) instanceof VersionConflictException) {
                        return replace(entity, config, attempts - 1);
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<ConfigRecord> writeIfUnchanged(ConfigEntity entity, ConfigRecord config) {
        String path = path(entity);
        byte[] data = ConfigCodec.encode(config);
        if (config.version() == Versions.ABSENT) {
            return nodes.createRecursively(path, data).thenCompose(answer -> written(config, data, 0, answer));
        }
        return nodes.setData(path, data, config.version())
                .thenCompose(answer -> written(config, data, config.version() + 1, answer));
    }

    private CompletableFuture<ConfigRecord> written(
            ConfigRecord config, byte[] data, int newVersion, Answer<?> answer) {
        if (answer.isOk()) {
            return CompletableFuture.completedFuture(config.withVersion(newVersion));
        }
        if (answer.repeated() && answer.code() != Code.NONODE) {
            return nodes.data(answer.path()).thenApply(found -> {
                boolean ours =
                        found.isOk() && found.stat().getVersion() == newVersion && Arrays.equals(found.value(), data);
                if (!ours) {
                    throw conflict(answer);
                }
                return config.withVersion(newVersion);
            });
        }
        if (answer.code() == Code.NODEEXISTS || answer.code() == Code.BADVERSION || answer.isMissing()) {
            throw conflict(answer);
        }
        throw Answer.failure(answer.code(), answer.path());
    }

    private static VersionConflictException conflict(Answer<?> answer) {
        return new VersionConflictException(answer.path() + " was changed meanwhile");
    }

    @Override
    public CompletableFuture<Void> delete(ConfigEntity entity, int controllerEpochZkVersion) {
        String path = path(entity);
        return writes.write(path, controllerEpochZkVersion, List.of(Op.delete(path, -1)))
                .thenAccept(outcome -> {
                    if (outcome.fenced() || outcome.code() != Code.NONODE) {
                        outcome.orThrow();
                    }
                });
    }

    @Override
    public CompletableFuture<Set<String>> names(String typePath) {
        return nodes.children(ZnodePaths.child(ZnodePaths.CONFIG, typePath))
                .thenApply(answer -> answer.isMissing()
                        ? Set.of()
                        : new HashSet<>(answer.orThrow().value()));
    }

    @Override
    public CompletableFuture<Void> announce(ConfigEntity entity) {
        return changes.add(ConfigCodec.encodeChange(entity));
    }

    @Override
    public CompletableFuture<List<ConfigChange>> changes(long afterSequence) {
        return changes.read(afterSequence).thenApply(notes -> {
            List<ConfigChange> understood = new ArrayList<>();
            for (SequenceNodes.Note note : notes) {
                decode(note).ifPresent(entity -> understood.add(new ConfigChange(note.sequence(), entity)));
            }
            return understood;
        });
    }

    private static Optional<ConfigEntity> decode(SequenceNodes.Note note) {
        try {
            return ConfigCodec.decodeChange(note.path(), note.data());
        } catch (StoreDataException e) {
            LOG.warn("Skipping a configuration change nobody can understand: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public CompletableFuture<Void> purgeChanges(Duration age) {
        return changes.purge(age);
    }
}
