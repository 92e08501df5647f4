// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** Expires other clients' ZooKeeper sessions: takes one over with its id and password, and closes it. */
final class ZooKeeperSessions {
    /** What ZooKeeper's server mixes with a session's id to get its password; a convention, not a secret. */
    private static final long SEED = 0xB3415C00L;

    private ZooKeeperSessions() {}

    /**
     * Ends a broker's session, and waits until the broker has registered in another. One that is about to register, after
     * an earlier session has ended, is waited for first.
     */
    static void renew(String connect, ZooKeeperTree tree, int broker) throws Exception {
        String path = "/brokers/ids/" + broker;
        long session = await("broker " + broker + " to be registered")
                .atMost(Duration.ofMinutes(2))
                .until(() -> tree.owner(path), owner -> owner != 0);
        expire(connect, session);
        await("broker " + broker + " to register in a new session")
                .atMost(Duration.ofMinutes(2))
                .until(() -> tree.owner(path), owner -> owner != 0 && owner != session);
    }

    private static void expire(String connect, long session) throws Exception {
        byte[] password = new byte[16];
        new Random(session ^ SEED).nextBytes(password);
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        ZooKeeper thief = new ZooKeeper(
                connect,
                10_000,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    } else if (event.getState() == KeeperState.Expired) {
                        refused.countDown();
                    }
                },
                session,
                password);
        try {
            if (!connected.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("session 0x" + Long.toHexString(session)
                        + (refused.getCount() == 0 ? " was gone already" : " could not be taken over"));
            }
        } finally {
            thief.close();
        }
    }
}
