// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.DecisionEvent;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/**
 * What comes before the session: ending that of a crashed former process, and creating the chroot. Runs on the starting
 * thread, which may wait; each step at most as long as a connection may take.
 */
final class SessionPreparation {
    private final ZooKeeperConfig config;
    private final NodeAcls acls;

    SessionPreparation(ZooKeeperConfig config, NodeAcls acls) {
        this.config = config;
        this.acls = acls;
    }

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
        Connection connection = new Connection();
        ZooKeeper zooKeeper = new ZooKeeper(
                config.connect(), config.sessionTimeoutMs(), connection::process, former.id(), former.password());
        KeeperState state = connection.await();
        zooKeeper.close();
        if (state == KeeperState.SyncConnected) {
            DecisionEvent.of("former-session-closed")
                    .with("session", "0x" + Long.toHexString(former.id()))
                    .because("it was left by a process of this broker that did not close it");
        }
        if (state != null) {
            file.delete();
        }
        return state != null;
    }

    /**
     * Creates the chroot of the connect string, if it has one and it is missing.
     *
     * @return false if ZooKeeper did not answer in time
     */
    boolean createChroot() throws IOException, InterruptedException, KeeperException {
        String chroot = config.chroot();
        if (chroot.isEmpty()) {
            return true;
        }
        Connection connection = new Connection();
        ZooKeeper zooKeeper = new ZooKeeper(
                config.hosts(), config.sessionTimeoutMs(), connection::process, false, ClientSettings.create());
        try {
            if (connection.await() != KeeperState.SyncConnected) {
                return false;
            }
            for (int end = chroot.indexOf('/', 1); end > 0; end = chroot.indexOf('/', end + 1)) {
                createIfMissing(zooKeeper, chroot.substring(0, end));
            }
            createIfMissing(zooKeeper, chroot);
            return true;
        } finally {
            zooKeeper.close();
        }
    }

    private void createIfMissing(ZooKeeper zooKeeper, String path) throws InterruptedException, KeeperException {
        if (zooKeeper.exists(path, false) != null) {
            return;
        }
        try {
            zooKeeper.create(path, null, acls.of(path), CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // another broker was faster
        }
    }

    /** Waits for the first word about a connection that settles its fate. */
    private final class Connection {
        private final CountDownLatch settled = new CountDownLatch(1);
        private volatile KeeperState state;

        void process(org.apache.zookeeper.WatchedEvent event) {
            if (event.getState() == KeeperState.SyncConnected || event.getState() == KeeperState.Expired) {
                if (settled.getCount() > 0) {
                    state = event.getState();
                    settled.countDown();
                }
            }
        }

        /** Connected, expired, or null if neither came in time. */
        KeeperState await() throws InterruptedException {
            boolean inTime = settled.await(config.connectionTimeoutMs(), TimeUnit.MILLISECONDS);
            return inTime ? state : null;
        }
    }
}
