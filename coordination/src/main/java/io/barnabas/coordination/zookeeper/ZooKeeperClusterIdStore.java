// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ClusterIdMismatchException;
import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.EntryMissingException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;

/** {@code /cluster/id}: written once, by whoever comes first. */
final class ZooKeeperClusterIdStore implements ClusterIdStore {
    private final Nodes nodes;

    ZooKeeperClusterIdStore(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public CompletableFuture<Optional<String>> read() {
        return nodes.data(ZnodePaths.CLUSTER_ID).thenApply(answer -> {
            if (answer.isMissing()) {
                return Optional.empty();
            }
            return Optional.of(ClusterIdCodec.decode(answer.orThrow().value()));
        });
    }

    @Override
    public CompletableFuture<String> getOrCreate(String proposed) {
        return read().thenCompose(
                        found -> found.map(CompletableFuture::completedFuture).orElseGet(() -> create(proposed)));
    }

    private CompletableFuture<String> create(String proposed) {
        return nodes.createRecursively(ZnodePaths.CLUSTER_ID, ClusterIdCodec.encode(proposed))
                .thenCompose(answer -> {
                    if (answer.code() == Code.NODEEXISTS) {
                        return read().thenApply(found -> found.orElseThrow(() ->
                                new EntryMissingException(ZnodePaths.CLUSTER_ID + " went away while it was read")));
                    }
                    answer.orThrow();
                    return CompletableFuture.completedFuture(proposed);
                });
    }

    @Override
    public CompletableFuture<Void> verify(String expected) {
        return read().thenAccept(found -> {
            if (!found.equals(Optional.of(expected))) {
                throw new ClusterIdMismatchException("The coordination store belongs to cluster "
                        + found.orElse("(none)") + ", this broker to cluster " + expected);
            }
        });
    }
}
