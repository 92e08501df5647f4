// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ChangeHint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for servers that have only one-shot ones. After each event the watch is set again before the hint goes out, so that whoever
 * then reads cannot miss what comes next. The client sets standing watches again itself after a lost connection.
 */
final class OneShotWatches {
    private static final Logger LOG = LoggerFactory.getLogger(OneShotWatches.class);

    private final Nodes nodes;
    private final Consumer<ChangeHint> hints;
    private final Set<WatchRoot> active = EnumSet.noneOf(WatchRoot.class);
    private final Set<String> watchedData = ConcurrentHashMap.newKeySet();

    OneShotWatches(Nodes nodes, Consumer<ChangeHint> hints) {
        this.nodes = nodes;
        this.hints = hints;
    }

    CompletableFuture<Void> add(WatchRoot root) {
        synchronized (active) {
            active.add(root);
        }
        watchedData.removeIf(path -> path.startsWith(root.path() + "/"));
        return arm(root);
    }

    /** The next event of each watch is the last. */
    void remove(WatchRoot root) {
        synchronized (active) {
            active.remove(root);
        }
    }

    private boolean isActive(WatchRoot root) {
        synchronized (active) {
            return active.contains(root);
        }
    }

    private CompletableFuture<Void> arm(WatchRoot root) {
        Watcher watcher = event -> onEvent(root, event);
        if (root.shape() == WatchRoot.Shape.NODE) {
            return nodes.stat(root.path(), watcher).thenAccept(answer -> {});
        }
        return nodes.children(root.path(), watcher).thenCompose(answer -> {
            if (answer.isMissing() || root.shape() == WatchRoot.Shape.CHILDREN) {
                return CompletableFuture.completedFuture(null);
            }
            return armData(root, answer.orThrow().value());
        });
    }

    private CompletableFuture<Void> armData(WatchRoot root, List<String> children) {
        List<String> unwatched = new ArrayList<>();
        for (String child : children) {
            String path = ZnodePaths.child(root.path(), child);
            if (watchedData.add(path)) {
                unwatched.add(path);
            }
        }
        return Futures.all(unwatched, path -> watchData(root, path));
    }

    private CompletableFuture<Void> watchData(WatchRoot root, String path) {
        return nodes.data(path, event -> onDataEvent(root, path, event)).thenAccept(answer -> {
            if (answer.code() == Code.NONODE) {
                watchedData.remove(path);
            }
        });
    }

    private void onEvent(WatchRoot root, WatchedEvent event) {
        if (event.getPath() == null || !isActive(root)) {
            return;
        }
        thenHint(root, event, arm(root));
    }

    private void onDataEvent(WatchRoot root, String path, WatchedEvent event) {
        if (event.getPath() == null || !isActive(root)) {
            return;
        }
        if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
            watchedData.remove(path);
            return;
        }
        thenHint(root, event, watchData(root, path));
    }

    private void thenHint(WatchRoot root, WatchedEvent event, CompletableFuture<Void> armed) {
        armed.whenComplete((ignored, failure) -> {
            if (failure != null) {
                LOG.debug("Could not watch {} again", event.getPath(), failure);
            }
            root.hint(event.getPath(), event.getType()).ifPresent(hints);
        });
    }
}
