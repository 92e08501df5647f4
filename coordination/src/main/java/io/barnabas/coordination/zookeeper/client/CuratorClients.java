// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.apache.curator.RetryPolicy;
import org.apache.curator.RetrySleeper;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** Makes Curator frameworks that neither repeat a request nor give a session up by themselves. */
final class CuratorClients {
    /**
     * What Curator takes for the session timeout: 24 days. By the real one Curator 5.9 ends a session itself when the connection
     * was lost for so long, although ZooKeeper stops the clock while it is down, and its builder refuses to have that switched off
     * ({@code simulatedSessionExpirationPercent} of 0). ZooKeeper's own client waits a third longer.
     */
    private static final int ENDLESS_MS = Integer.MAX_VALUE;

    private CuratorClients() {}

    /**
     * A framework not yet started.
     *
     * @param connect hosts with ports, and a chroot if wished
     * @param threads makes the framework's own threads
     */
    static CuratorFramework create(String connect, ZooKeeperConfig config, ThreadFactory threads) {
        return CuratorFrameworkFactory.builder()
                .connectString(connect)
                .ensembleTracker(false)
                .sessionTimeoutMs(ENDLESS_MS)
                .connectionTimeoutMs(ENDLESS_MS)
                .retryPolicy(NeverRetry.INSTANCE)
                .aclProvider(new NodeAcls(config.secureAcls()))
                .threadFactory(task -> named("curator", threads.newThread(task)))
                .zookeeperFactory(
                        (hosts, ignored, watcher, readOnly) -> new Handle(hosts, config.sessionTimeoutMs(), watcher))
                .build();
    }

    /** The thread under that name. */
    static Thread named(String name, Thread thread) {
        thread.setName(name);
        return thread;
    }

    /** The ZooKeeper client the framework uses now: that of the current session, or of the one being made. */
    static Handle handle(CuratorFramework framework) {
        try {
            return (Handle) framework.getZookeeperClient().getZooKeeper();
        } catch (Exception e) {
            throw new IllegalStateException("Curator has no ZooKeeper client", e);
        }
    }

    /** A ZooKeeper client that tells Curator of an endless session timeout, and this package of the real one. */
    @SuppressWarnings("try") // close() may be interrupted, as declared by ZooKeeper's own class
    static final class Handle extends ZooKeeper {
        Handle(String connect, int timeoutMs, Watcher watcher) throws IOException {
            super(connect, timeoutMs, watcher, false, ClientConfig.create());
        }

        @Override
        public int getSessionTimeout() {
            return ENDLESS_MS;
        }

        /** The session timeout the ensemble granted. */
        int grantedTimeoutMs() {
            return super.getSessionTimeout();
        }
    }

    /** Hands every failure back at once: {@link ZooKeeperRequests} decides what is repeated, and marks it. */
    private enum NeverRetry implements RetryPolicy {
        INSTANCE;

        @Override
        public boolean allowRetry(int retryCount, long elapsedTimeMs, RetrySleeper sleeper) {
            return false;
        }

        @Override
        public boolean allowRetry(Throwable failure) {
            return false;
        }
    }
}
