// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Removes a node with all below it, in guarded transactions, deepest first; starts again if the tree changes meanwhile.
 * Curator's own recursive deletion knows no transactions.
 */
record RecursiveDelete(Nodes nodes, GuardedWrites writes, int controllerEpochZkVersion) {
    private static final int BATCH = 200;
    private static final int ATTEMPTS = 10;

    /** A node already gone is no error. */
    CompletableFuture<Void> delete(String path) {
        return delete(path, ATTEMPTS);
    }

    private CompletableFuture<Void> delete(String path, int attempts) {
        if (attempts == 0) {
            throw new CoordinationException(path + " keeps changing while it is deleted");
        }
        return below(path)
                .thenCompose(found -> deleteAll(path, found))
                .thenCompose(done -> done ? CompletableFuture.completedFuture(null) : delete(path, attempts - 1));
    }

    /** The paths below the given one, parents before their children. */
    private CompletableFuture<List<String>> below(String path) {
        return nodes.children(path).thenCompose(names -> {
            List<String> children =
                    names.stream().map(name -> ZnodePaths.child(path, name)).toList();
            return Bulk.list(children, this::below).thenApply(deeper -> {
                List<String> all = new ArrayList<>(children);
                deeper.forEach(all::addAll);
                return all;
            });
        });
    }

    /** Sent at once and applied in order; after a lost connection perhaps not, which counts as a changed tree. */
    private CompletableFuture<Boolean> deleteAll(String path, List<String> below) {
        List<String> deepestFirst = new ArrayList<>(below);
        Collections.reverse(deepestFirst);
        CompletableFuture<Boolean> done = CompletableFuture.completedFuture(true);
        for (List<String> batch : Bulk.chunks(deepestFirst, BATCH)) {
            CompletableFuture<Boolean> gone = writes.write(
                            path,
                            controllerEpochZkVersion,
                            batch.stream().map(GuardedWrites::delete).toList())
                    .thenApply(RecursiveDelete::isDone);
            done = done.thenCombine(gone, Boolean::logicalAnd);
        }
        CompletableFuture<Boolean> root = writes.write(
                        path, controllerEpochZkVersion, List.of(GuardedWrites.delete(path)))
                .thenApply(outcome -> outcome.isMissing() || isDone(outcome));
        return done.thenCombine(root, Boolean::logicalAnd);
    }

    private static boolean isDone(GuardedWrites.Outcome outcome) {
        boolean changed = outcome.isMissing() || (!outcome.fenced() && outcome.code() == Code.NOTEMPTY);
        return !changed && outcome.orThrow().isOk();
    }
}
