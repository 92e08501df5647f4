// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.error.VersionConflictException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Changes stored configuration: read, decide, write on the condition that nobody wrote in between, announce. Who loses
 * the race decides again on what the winner wrote, a few times.
 */
final class ConfigWriter {
    private static final int ATTEMPTS = 5;

    private final ConfigStore store;

    ConfigWriter(ConfigStore store) {
        this.store = store;
    }

    /**
     * @param decide from the values stored to those to store; what it throws ends the attempt and fails the future
     * @param write false to decide only
     */
    CompletableFuture<Void> change(
            ConfigEntity entity, boolean write, Function<Map<String, String>, Map<String, String>> decide) {
        return attempt(entity, write, decide, ATTEMPTS);
    }

    private CompletableFuture<Void> attempt(
            ConfigEntity entity, boolean write, Function<Map<String, String>, Map<String, String>> decide, int left) {
        return store.read(entity)
                .thenCompose(stored -> {
                    Map<String, String> wanted = decide.apply(stored.values());
                    return write ? write(entity, stored.withValues(wanted)) : done();
                })
                .exceptionallyCompose(failure -> {
                    if (left > 1 && isConflict(failure)) {
                        return attempt(entity, true, decide, left - 1);
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<Void> write(ConfigEntity entity, ConfigRecord wanted) {
        return store.write(entity, wanted).thenCompose(written -> store.announce(entity));
    }

    private static boolean isConflict(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof VersionConflictException;
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
