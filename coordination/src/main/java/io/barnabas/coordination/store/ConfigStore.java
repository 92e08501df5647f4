// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.store.error.VersionConflictException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Configuration of topics, brokers, users, clients and addresses, and the notes that it changed. */
public interface ConfigStore {
    /** An entity's configuration, {@link ConfigRecord#ABSENT} if nothing is stored. */
    CompletableFuture<ConfigRecord> read(ConfigEntity entity);

    /** The same for many at once; every entity asked for is in the answer. */
    CompletableFuture<Map<ConfigEntity, ConfigRecord>> read(Collection<ConfigEntity> entities);

    /**
     * Writes on the condition of {@link ConfigRecord#version()}: {@link Versions#ABSENT} creates, {@link Versions#ANY} creates or
     * replaces. Fails with {@link VersionConflictException}. Tells nobody: see {@link #announce}.
     *
     * @return what is stored now, with its new version
     */
    CompletableFuture<ConfigRecord> write(ConfigEntity entity, ConfigRecord config);

    /** Removes an entity's configuration; one already gone is no error. */
    CompletableFuture<Void> delete(ConfigEntity entity, int controllerEpochZkVersion);

    /** The sanitized names that have configuration under a type, or under a nested path such as {@code users/alice/clients}. */
    CompletableFuture<Set<String>> names(String typePath);

    /** Leaves a note for all brokers that an entity's configuration changed. */
    CompletableFuture<Void> announce(ConfigEntity entity);

    /** The notes numbered above {@code afterSequence}, in order; -1 for all. Notes nobody can understand are skipped. */
    CompletableFuture<List<ConfigChange>> changes(long afterSequence);

    /** Removes notes older than the given age; Kafka's is 15 minutes. */
    CompletableFuture<Void> purgeChanges(Duration age);
}
