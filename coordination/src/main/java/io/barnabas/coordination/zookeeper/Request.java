// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** A request in ZooKeeper's asynchronous form, sent again by {@link ZooKeeperRequests} when the connection was lost. */
@FunctionalInterface
interface Request<T> {
    void send(ZooKeeper zooKeeper, Reply<T> reply);

    /** Called once on ZooKeeper's event thread. */
    @FunctionalInterface
    interface Reply<T> {
        void received(int code, T value, Stat stat);
    }
}
