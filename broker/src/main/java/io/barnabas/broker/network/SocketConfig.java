// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.config.NetworkKeys;
import java.util.Optional;

/**
 * The settings of the network that all listeners share, with Kafka's defaults.
 *
 * @param interBrokerListener the listener brokers use among themselves: not starved by {@code max.connections} when
 *     there are others; empty if that does not matter
 * @param maxRequestBytes {@code socket.request.max.bytes}: the largest frame accepted
 * @param queuedMaxRequestBytes {@code queued.max.request.bytes}: while unanswered requests hold more, nothing is
 *     read; -1 for no bound
 * @param maxInFlightPerConnection {@code barnabas.max.in.flight.requests.per.connection}: unanswered requests after
 *     which a connection is not read
 * @param sendBufferBytes {@code socket.send.buffer.bytes}; -1 for the system's default
 * @param receiveBufferBytes {@code socket.receive.buffer.bytes}; -1 for the system's default
 * @param listenBacklog {@code socket.listen.backlog.size}
 * @param maxIdleMs {@code connections.max.idle.ms}: a connection without unanswered requests that stays silent longer
 *     is closed; negative for never
 */
public record SocketConfig(
        Optional<String> interBrokerListener,
        int maxRequestBytes,
        long queuedMaxRequestBytes,
        int maxInFlightPerConnection,
        int sendBufferBytes,
        int receiveBufferBytes,
        int listenBacklog,
        long maxIdleMs) {
    public static final SocketConfig DEFAULT =
            new SocketConfig(Optional.empty(), 104857600, -1L, 64, 102400, 102400, 50, 600_000L);

    /** The settings of a configuration. */
    public static SocketConfig of(NetworkKeys network, String interBrokerListener) {
        return new SocketConfig(
                Optional.of(interBrokerListener),
                network.socketRequestMaxBytes(),
                network.queuedMaxRequestBytes(),
                network.maxInFlightPerConnection(),
                network.socketSendBufferBytes(),
                network.socketReceiveBufferBytes(),
                network.socketListenBacklogSize(),
                network.connectionsMaxIdleMs());
    }

    /** The same with another bound on a connection's unanswered requests. */
    public SocketConfig withMaxInFlightPerConnection(int requests) {
        return new SocketConfig(
                interBrokerListener,
                maxRequestBytes,
                queuedMaxRequestBytes,
                requests,
                sendBufferBytes,
                receiveBufferBytes,
                listenBacklog,
                maxIdleMs);
    }
}
