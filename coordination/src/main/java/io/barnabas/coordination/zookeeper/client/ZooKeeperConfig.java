// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How to reach ZooKeeper, and how much to ask of it.
 *
 * @param connect {@code zookeeper.connect}: hosts with ports, and a chroot if wished, which is created when missing
 * @param sessionTimeoutMs {@code zookeeper.session.timeout.ms}
 * @param connectionTimeoutMs {@code zookeeper.connection.timeout.ms}: how long the first connection may take
 * @param secureAcls {@code zookeeper.set.acl}: whether nodes may be changed by their creator only
 * @param limits how much to ask of it at a time
 * @param sessionFile where the session's id and password are kept, so that a restart after a crash can end the session
 *     of the crashed process; only its owner can read it. Empty: a restart may have to wait for the session timeout.
 */
public record ZooKeeperConfig(
        String connect,
        int sessionTimeoutMs,
        int connectionTimeoutMs,
        boolean secureAcls,
        Limits limits,
        Optional<Path> sessionFile) {
    /** Kafka's own. */
    private static final int DEFAULT_SESSION_TIMEOUT_MS = 18_000;

    public ZooKeeperConfig {
        Objects.requireNonNull(connect, "connect");
        if (sessionTimeoutMs <= 0 || connectionTimeoutMs <= 0) {
            throw new IllegalArgumentException("timeouts are positive");
        }
    }

    /**
     * The bounds of asking.
     *
     * @param maxInFlight requests sent and not yet answered; more wait
     * @param maxWaiting requests waiting; more fail at once
     * @param requestTimeoutMs how long a request is repeated over lost connections before it fails
     */
    public record Limits(int maxInFlight, int maxWaiting, int requestTimeoutMs) {
        /** What a broker gets by. */
        public static final Limits DEFAULT = new Limits(2_000, 1_000_000, 60_000);

        public Limits {
            if (maxInFlight <= 0 || maxWaiting <= 0 || requestTimeoutMs <= 0) {
                throw new IllegalArgumentException("limits are positive");
            }
        }
    }

    /** The defaults of Kafka, and of this package where Kafka has none. */
    public static ZooKeeperConfig of(String connect) {
        return new ZooKeeperConfig(
                connect,
                DEFAULT_SESSION_TIMEOUT_MS,
                DEFAULT_SESSION_TIMEOUT_MS,
                false,
                Limits.DEFAULT,
                Optional.empty());
    }

    /** The same with other timeouts. */
    public ZooKeeperConfig withTimeouts(int newSessionTimeoutMs, int newConnectionTimeoutMs) {
        return new ZooKeeperConfig(
                connect, newSessionTimeoutMs, newConnectionTimeoutMs, secureAcls, limits, sessionFile);
    }

    /** The same with other limits. */
    public ZooKeeperConfig withLimits(Limits newLimits) {
        return new ZooKeeperConfig(connect, sessionTimeoutMs, connectionTimeoutMs, secureAcls, newLimits, sessionFile);
    }

    /** The same with a file to keep the session in. */
    public ZooKeeperConfig withSessionFile(Path file) {
        return new ZooKeeperConfig(
                connect, sessionTimeoutMs, connectionTimeoutMs, secureAcls, limits, Optional.of(file));
    }

    /** The hosts without the chroot. */
    String hosts() {
        int slash = connect.indexOf('/');
        return slash < 0 ? connect : connect.substring(0, slash);
    }

    /** The chroot path, empty if there is none. */
    String chroot() {
        int slash = connect.indexOf('/');
        String path = slash < 0 ? "" : connect.substring(slash);
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return path;
    }
}
