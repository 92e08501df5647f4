// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** One ZooKeeper client, made by Curator for one session, and its events in order, none before the client is known. */
final class ZooKeeperHandle implements Watcher {
    private final BiConsumer<ZooKeeperHandle, WatchedEvent> listener;
    private final Watcher curator;
    private final List<WatchedEvent> early = new ArrayList<>();
    private ZooKeeper zooKeeper;

    ZooKeeperHandle(BiConsumer<ZooKeeperHandle, WatchedEvent> listener, Watcher curator) {
        this.listener = listener;
        this.curator = curator;
    }

    /** Connects; called by Curator, when it starts and when a session expired. */
    ZooKeeper open(String connect, int sessionTimeoutMs, boolean canBeReadOnly) throws IOException {
        ZooKeeper opened = new ZooKeeper(connect, sessionTimeoutMs, this, canBeReadOnly, ClientSettings.create());
        List<WatchedEvent> missed;
        synchronized (early) {
            zooKeeper = opened;
            missed = List.copyOf(early);
        }
        missed.forEach(this::deliver);
        return opened;
    }

    ZooKeeper zooKeeper() {
        synchronized (early) {
            return zooKeeper;
        }
    }

    @Override
    public void process(WatchedEvent event) {
        synchronized (early) {
            if (zooKeeper == null) {
                early.add(event);
                return;
            }
        }
        deliver(event);
    }

    private void deliver(WatchedEvent event) {
        if (event.getType() == Event.EventType.None) {
            listener.accept(this, event);
        }
        curator.process(event);
    }
}
