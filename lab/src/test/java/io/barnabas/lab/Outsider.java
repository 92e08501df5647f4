// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Looks into ZooKeeper itself: brokers that are cut off from it may tell what was true a while ago. */
final class Outsider {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String connect;

    /** @param connect ZooKeeper's addresses */
    Outsider(String connect) {
        this.connect = connect;
    }

    /** Something asked of ZooKeeper. */
    private interface Question<T> {
        T ask(ZooKeeper client) throws KeeperException, InterruptedException;
    }

    /** The broker epoch of a registration, 0 while there is none. */
    long brokerEpoch(int id) throws Exception {
        return ask(client -> {
            Stat stat = client.exists("/brokers/ids/" + id, false);
            return stat == null ? 0L : stat.getCzxid();
        });
    }

    /** The leader of partition 0 of a topic, -1 for none. */
    int leader(String topic) throws Exception {
        return json("/brokers/topics/" + topic + "/partitions/0/state")
                .path("leader")
                .asInt(-1);
    }

    /** The controller's broker id, -1 while there is none. */
    int controller() throws Exception {
        try {
            return json("/controller").path("brokerid").asInt(-1);
        } catch (KeeperException.NoNodeException e) {
            return -1;
        }
    }

    private JsonNode json(String path) throws Exception {
        byte[] data = ask(client -> client.getData(path, false, null));
        return JSON.readTree(data);
    }

    private <T> T ask(Question<T> question) throws Exception {
        ZooKeeper client = connect(0, new byte[0]);
        try {
            return question.ask(client);
        } finally {
            client.close();
        }
    }

    /** Takes over somebody's session and ends it: ZooKeeper lets it expire for its owner. */
    void endSession(long session, byte[] password) throws Exception {
        connect(session, password).close();
    }

    private ZooKeeper connect(long session, byte[] password) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(
                connect,
                6_000,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                session,
                password);
        if (!connected.await(20, TimeUnit.SECONDS)) {
            client.close();
            throw new IllegalStateException(
                    "no connection to " + connect + " in session 0x" + Long.toHexString(session));
        }
        return client;
    }
}
