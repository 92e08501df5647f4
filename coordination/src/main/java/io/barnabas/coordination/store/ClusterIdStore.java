// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.store.error.ClusterIdMismatchException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The cluster's identity, {@code /cluster/id}. */
public interface ClusterIdStore {
    /** The cluster id, empty in a store no broker has used yet. */
    CompletableFuture<Optional<String>> read();

    /** The cluster id; {@code proposed} becomes it if there was none. Everyone who asks gets the same answer. */
    CompletableFuture<String> getOrCreate(String proposed);

    /**
     * Checks, on each new session, that this is still the same cluster (a connect string may lead to another ensemble).
     * Fails with {@link ClusterIdMismatchException} if the id is another or gone.
     */
    CompletableFuture<Void> verify(String expected);
}
