// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.event.EventSink;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;

/**
 * What comes before the session: ending that of a crashed former process, and creating the chroot. Runs on the starting
 * thread, which may wait; each step at most as long as a connection may take.
 */
record SessionPreparation(ZooKeeperConfig config, ThreadFactory threads, EventSink events) {
    /**
     * Takes the former session over and ends it, so that its ephemeral nodes go now and not after its timeout.
     *
     * @return false if ZooKeeper did not answer in time
     */
    boolean endFormerSession(SessionFile file) throws IOException, InterruptedException {
        SessionFile.Credentials former = file.read().orElse(null);
        if (former == null) {
            return true;
        }
        CompletableFuture<KeeperState> settled = new CompletableFuture<>();
        ZooKeeper zooKeeper = takeOver(former, settled);
        try {
            if (settled.get(config.connectionTimeoutMs(), TimeUnit.MILLISECONDS) == KeeperState.SyncConnected) {
                events.record(new SessionEvents.FormerSessionClosed(
                        SessionEvents.shown(former.id()),
                        "it was left by a process of this broker that did not close it"));
            }
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } finally {
            zooKeeper.close();
        }
        file.delete();
        return true;
    }

    /** @param settled is completed with the first word that settles the session's fate: connected or expired */
    private ZooKeeper takeOver(SessionFile.Credentials former, CompletableFuture<KeeperState> settled)
            throws IOException {
        return new ZooKeeper(
                config.connect(),
                config.sessionTimeoutMs(),
                event -> {
                    if (event.getState() == KeeperState.SyncConnected || event.getState() == KeeperState.Expired) {
                        settled.complete(event.getState());
                    }
                },
                former.id(),
                former.password(),
                false,
                new StaticHostProvider(new ConnectStringParser(config.connect()).getServerAddresses()),
                ClientConfig.create());
    }

    /**
     * Creates the chroot of the connect string, if it has one and it is missing, without data as Kafka does.
     *
     * @return false if ZooKeeper did not answer in time
     */
    boolean createChroot() throws Exception {
        String chroot = config.chroot();
        if (chroot.isEmpty()) {
            return true;
        }
        try (CuratorFramework aboveChroot = CuratorClients.create(config.hosts(), config, threads)) {
            aboveChroot.start();
            if (!aboveChroot.blockUntilConnected(config.connectionTimeoutMs(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            for (int end = chroot.indexOf('/', 1); end > 0; end = chroot.indexOf('/', end + 1)) {
                createIfMissing(aboveChroot, chroot.substring(0, end));
            }
            createIfMissing(aboveChroot, chroot);
            return true;
        }
    }

    private static void createIfMissing(CuratorFramework framework, String path) throws Exception {
        if (framework.checkExists().forPath(path) == null) {
            try {
                framework.create().forPath(path, null);
            } catch (KeeperException.NodeExistsException e) {
                // another broker was faster
            }
        }
    }
}
