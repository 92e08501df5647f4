// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.hint.ChangeListener;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.WatchedEvent;

/**
 * Hands events of the watched roots out to subscribers. A root gets one persistent recursive watch when somebody first wants its
 * kinds, and keeps it: Curator's recipe, which never forgets a watcher it once had, sets it again after each connection. Each
 * time it stands, everything is hinted, since what happened meanwhile went unseen. Events come on ZooKeeper's event thread.
 */
final class ZooKeeperChangeHints implements ChangeHints {
    private final CuratorFramework framework;
    private final CompletableFuture<Void> connected;
    private final Executor callbacks;
    private final List<HintSubscription> subscribers = new CopyOnWriteArrayList<>();
    private final Map<WatchRoot, PersistentWatcher> watchers = new EnumMap<>(WatchRoot.class);
    private final Set<WatchRoot> standing = EnumSet.noneOf(WatchRoot.class);

    /** @param connected completes when there is a session, before which no watch is set */
    ZooKeeperChangeHints(CuratorFramework framework, CompletableFuture<Void> connected, Executor callbacks) {
        this.framework = framework;
        this.connected = connected;
        this.callbacks = callbacks;
    }

    @Override
    public Subscription subscribe(Set<ChangeHint.Kind> kinds, ChangeListener listener) {
        HintSubscription subscription = new HintSubscription(kinds, listener, callbacks, subscribers::remove);
        subscribers.add(subscription);
        for (WatchRoot root : WatchRoot.of(kinds)) {
            if (!watch(root)) {
                root.kinds().forEach(kind -> subscription.offer(ChangeHint.any(kind)));
            }
        }
        return subscription;
    }

    /** Sees to it that a root is watched: false if it is already, true if all will be hinted when the watch stands. */
    private boolean watch(WatchRoot root) {
        PersistentWatcher watcher;
        synchronized (watchers) {
            if (watchers.containsKey(root)) {
                return !standing.contains(root);
            }
            watcher = new PersistentWatcher(framework, root.path(), true);
            watchers.put(root, watcher);
        }
        watcher.getListenable().addListener(event -> onEvent(root, event));
        watcher.getResetListenable().addListener(() -> onStanding(root));
        connected.thenRun(watcher::start);
        return true;
    }

    private void onStanding(WatchRoot root) {
        synchronized (watchers) {
            standing.add(root);
        }
        root.kinds().forEach(kind -> offer(ChangeHint.any(kind)));
    }

    private void onEvent(WatchRoot root, WatchedEvent event) {
        if (event.getPath() != null) {
            root.hint(event.getPath(), event.getType()).ifPresent(this::offer);
        }
    }

    private void offer(ChangeHint hint) {
        subscribers.forEach(subscriber -> subscriber.offer(hint));
    }
}
