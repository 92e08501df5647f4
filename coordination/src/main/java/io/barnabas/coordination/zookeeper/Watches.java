// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ChangeHint;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches roots: with one persistent recursive watch each where the server knows those (from ZooKeeper 3.6 on), else with
 * one-shot watches that are set again after each event.
 */
final class Watches {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final Nodes nodes;
    private final Consumer<ChangeHint> hints;
    private final OneShotWatches oneShot;
    private final Map<WatchRoot, Watcher> watchers = new EnumMap<>(WatchRoot.class);
    private volatile boolean persistent;

    Watches(Nodes nodes, boolean persistent, Consumer<ChangeHint> hints) {
        this.nodes = nodes;
        this.persistent = persistent;
        this.hints = hints;
        this.oneShot = new OneShotWatches(nodes, hints);
        for (WatchRoot root : WatchRoot.values()) {
            watchers.put(root, event -> onEvent(root, event));
        }
    }

    /** Completes when the watch stands; one that stands already stays. Fails if ZooKeeper cannot be reached in time. */
    CompletableFuture<Void> add(WatchRoot root) {
        if (!persistent) {
            return oneShot.add(root);
        }
        return nodes.addWatch(root.path(), watchers.get(root)).thenCompose(answer -> {
            if (answer.code() == Code.UNIMPLEMENTED) {
                LOG.info("This ZooKeeper has no persistent watches; using one-shot watches");
                persistent = false;
                return oneShot.add(root);
            }
            answer.orThrow();
            return CompletableFuture.completedFuture(null);
        });
    }

    void remove(WatchRoot root) {
        oneShot.remove(root);
        if (persistent) {
            nodes.removeWatches(root.path()).exceptionally(failure -> {
                LOG.debug("Could not remove the watches of {}", root.path(), failure);
                return null;
            });
        }
    }

    private void onEvent(WatchRoot root, WatchedEvent event) {
        if (event.getPath() != null) {
            root.hint(event.getPath(), event.getType()).ifPresent(hints);
        }
    }
}
