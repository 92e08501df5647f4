// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import org.apache.zookeeper.data.Stat;

/** An asynchronous request of the framework, sent again by {@link ZooKeeperRequests} when the connection was lost. */
@FunctionalInterface
interface Request<T> {
    /** Sends it; the framework's methods declare every exception and throw when it is closed. */
    void send(Reply<T> reply) throws Exception;

    /** Called once, on ZooKeeper's event thread. */
    @FunctionalInterface
    interface Reply<T> {
        void received(int code, T value, Stat stat);
    }
}
