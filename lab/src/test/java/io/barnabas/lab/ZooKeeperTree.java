// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Reads a whole ZooKeeper tree as an outsider, with the plain client. Owned by the test's thread. */
final class ZooKeeperTree implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ZooKeeper client;

    ZooKeeperTree(String connect) throws Exception {
        client = new ZooKeeper(connect, 10_000, event -> {});
    }

    /**
     * One znode.
     *
     * @param data null when it has none
     * @param version how often its data was set
     */
    record Znode(String path, String data, boolean ephemeral, int version) {
        /** Its data as JSON, null when it is none. */
        JsonNode json() {
            if (data == null || !data.startsWith("{")) {
                return null;
            }
            try {
                return JSON.readTree(data);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(path + " holds broken JSON: " + data, e);
            }
        }
    }

    /** All znodes of the brokers by path; ZooKeeper's own are left out. */
    TreeMap<String, Znode> read() throws Exception {
        TreeMap<String, Znode> found = new TreeMap<>();
        for (String child : client.getChildren("/", false)) {
            if (!child.equals("zookeeper")) {
                read("/" + child, found);
            }
        }
        return found;
    }

    boolean exists(String path) throws Exception {
        return client.exists(path, false) != null;
    }

    /** The session that holds an ephemeral, 0 if nobody does. */
    long owner(String path) throws Exception {
        Stat stat = client.exists(path, false);
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    private void read(String path, TreeMap<String, Znode> found) throws Exception {
        try {
            Stat stat = new Stat();
            byte[] data = client.getData(path, false, stat);
            found.put(
                    path,
                    new Znode(
                            path,
                            data == null ? null : new String(data, StandardCharsets.UTF_8),
                            stat.getEphemeralOwner() != 0,
                            stat.getVersion()));
            for (String child : client.getChildren(path, false)) {
                read(path + "/" + child, found);
            }
        } catch (KeeperException.NoNodeException e) {
            found.remove(path);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
