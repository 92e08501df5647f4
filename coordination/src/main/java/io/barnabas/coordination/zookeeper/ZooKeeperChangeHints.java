// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ChangeHint;
import io.barnabas.coordination.store.ChangeHints;
import io.barnabas.coordination.store.ChangeListener;
import io.barnabas.coordination.store.SessionEvent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events of the watched roots out to subscribers. A root is watched while somebody wants its kinds; after each connection
 * the watches are set again and everything is hinted, since what happened meanwhile went unseen.
 */
final class ZooKeeperChangeHints implements ChangeHints {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperChangeHints.class);

    private final Watches watches;
    private final Executor callbacks;
    private final List<HintQueue> subscribers = new CopyOnWriteArrayList<>();
    private final Map<WatchRoot, Integer> users = new EnumMap<>(WatchRoot.class);

    ZooKeeperChangeHints(Nodes nodes, ZooKeeperSession session, Executor callbacks, boolean persistentWatches) {
        this.watches = new Watches(nodes, persistentWatches, this::offer);
        this.callbacks = callbacks;
        session.addListener(this::onSessionEvent);
    }

    @Override
    public Subscription subscribe(Set<ChangeHint.Kind> kinds, ChangeListener listener) {
        Set<WatchRoot> roots = WatchRoot.of(kinds);
        HintQueue[] queue = new HintQueue[1];
        queue[0] = new HintQueue(kinds, listener, callbacks, () -> unsubscribe(queue[0], roots));
        subscribers.add(queue[0]);
        synchronized (users) {
            roots.forEach(root -> users.merge(root, 1, Integer::sum));
        }
        roots.forEach(root -> watch(root, () -> hintAll(root, queue[0])));
        return queue[0];
    }

    private void watch(WatchRoot root, Runnable then) {
        watches.add(root).thenRun(then).exceptionally(failure -> {
            LOG.warn("Cannot watch {}: {}", root.path(), Futures.cause(failure).getMessage());
            return null;
        });
    }

    private void unsubscribe(HintQueue queue, Set<WatchRoot> roots) {
        subscribers.remove(queue);
        for (WatchRoot root : roots) {
            boolean last;
            synchronized (users) {
                last = users.merge(root, -1, Integer::sum) == 0;
            }
            if (last) {
                watches.remove(root);
            }
        }
    }

    private void onSessionEvent(SessionEvent event) {
        boolean connected =
                event.kind() == SessionEvent.Kind.NEW_SESSION || event.kind() == SessionEvent.Kind.RECONNECTED;
        if (!connected) {
            return;
        }
        for (WatchRoot root : WatchRoot.values()) {
            boolean used;
            synchronized (users) {
                used = users.getOrDefault(root, 0) > 0;
            }
            if (used) {
                watch(root, () -> subscribers.forEach(queue -> hintAll(root, queue)));
            }
        }
    }

    private static void hintAll(WatchRoot root, HintQueue queue) {
        root.kinds().forEach(kind -> queue.offer(ChangeHint.any(kind)));
    }

    private void offer(ChangeHint hint) {
        subscribers.forEach(queue -> queue.offer(hint));
    }
}
