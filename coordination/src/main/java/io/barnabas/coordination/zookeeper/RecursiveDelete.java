// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.CoordinationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** Removes a node with all below it, in guarded transactions, deepest first; starts again if the tree changes meanwhile. */
final class RecursiveDelete {
    private static final int BATCH = 200;
    private static final int ATTEMPTS = 10;

    private final Nodes nodes;
    private final GuardedWrites writes;

    RecursiveDelete(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.writes = writes;
    }

    /** A node already gone is no error. */
    CompletableFuture<Void> delete(String path, int controllerEpochZkVersion) {
        return delete(path, controllerEpochZkVersion, ATTEMPTS);
    }

    private CompletableFuture<Void> delete(String path, int epochZkVersion, int attempts) {
        if (attempts == 0) {
            throw new CoordinationException(path + " keeps changing while it is deleted");
        }
        return tree(path)
                .thenCompose(found -> deleteAll(path, found, epochZkVersion))
                .thenCompose(done ->
                        done ? CompletableFuture.completedFuture(null) : delete(path, epochZkVersion, attempts - 1));
    }

    /** The paths from the given one downwards, parents before their children; empty if it does not exist. */
    private CompletableFuture<List<String>> tree(String path) {
        return nodes.children(path).thenCompose(answer -> {
            if (answer.isMissing()) {
                return CompletableFuture.completedFuture(List.of());
            }
            List<String> children = answer.orThrow().value();
            return Futures.list(children, child -> tree(ZnodePaths.child(path, child)))
                    .thenApply(below -> {
                        List<String> all = new ArrayList<>();
                        all.add(path);
                        below.forEach(all::addAll);
                        return all;
                    });
        });
    }

    private CompletableFuture<Boolean> deleteAll(String path, List<String> tree, int epochZkVersion) {
        List<String> deepestFirst = new ArrayList<>(tree);
        Collections.reverse(deepestFirst);
        CompletableFuture<Boolean> done = CompletableFuture.completedFuture(true);
        for (List<String> batch : Futures.chunks(deepestFirst, BATCH)) {
            List<Op> ops = batch.stream().map(node -> Op.delete(node, -1)).toList();
            // Sent at once and applied in order; after a lost connection perhaps not, which counts as a changed tree.
            done = done.thenCombine(
                    writes.write(path, epochZkVersion, ops).thenApply(RecursiveDelete::isDone), Boolean::logicalAnd);
        }
        return done;
    }

    private static boolean isDone(GuardedWrites.Outcome outcome) {
        if (!outcome.fenced() && (outcome.code() == Code.NONODE || outcome.code() == Code.NOTEMPTY)) {
            return false;
        }
        outcome.orThrow();
        return true;
    }
}
