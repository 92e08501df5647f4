// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.error.ClusterIdMismatchException;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.ClusterIdCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;

/** {@code /cluster/id}: written once, by whoever comes first. */
record ZooKeeperClusterIdStore(Nodes nodes) implements ClusterIdStore {
    @Override
    public CompletableFuture<Optional<String>> read() {
        return nodes.read(ZnodePaths.CLUSTER_ID, (data, version) -> ClusterIdCodec.decode(data));
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
