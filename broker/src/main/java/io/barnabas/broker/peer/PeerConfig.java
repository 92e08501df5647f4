// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.time.Duration;

/**
 * How connections to peers behave.
 *
 * @param brokerId this broker; part of the client ids
 * @param requestTimeoutMs {@code request.timeout.ms}: where a connection has no time-out of its own
 * @param connectTimeoutMs {@code socket.connection.setup.timeout.ms}
 * @param reconnectBackoffMs how long after a failed attempt the next is made, doubled with each failure
 * @param reconnectBackoffMaxMs where the doubling ends
 * @param maxPendingRequests requests one connection takes, waiting and in flight; beyond, sending is refused
 * @param maxResponseBytes largest frame taken from a peer; a larger one is a protocol error
 * @param receiveBufferBytes {@code SO_RCVBUF}, -1 for the system's default
 */
public record PeerConfig(
        int brokerId,
        int requestTimeoutMs,
        int connectTimeoutMs,
        long reconnectBackoffMs,
        long reconnectBackoffMaxMs,
        int maxPendingRequests,
        int maxResponseBytes,
        int receiveBufferBytes) {
    /** Kafka's defaults where it has the setting. */
    public static PeerConfig defaults(int brokerId) {
        return new PeerConfig(brokerId, 30_000, 10_000, 50L, 1000L, 10_000, Integer.MAX_VALUE - 64, -1);
    }

    Duration requestTimeout() {
        return Duration.ofMillis(requestTimeoutMs);
    }

    /** The wait before the next attempt, after that many failures in a row. */
    long backoffMs(int failures) {
        if (failures == 0) {
            return 0L;
        }
        return Math.min(reconnectBackoffMaxMs, reconnectBackoffMs << Math.min(failures - 1, 20));
    }
}
