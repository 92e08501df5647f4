// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * Sockets, connections and the queues behind them.
 *
 * @param networkThreads how many event loops serve connections: {@code num.network.threads} where it is set, may change at
 *     run time; otherwise its default, but no more than one for two processors
 * @param ioThreads {@code num.io.threads}, may change at run time
 * @param queuedMaxRequests {@code queued.max.requests}
 * @param queuedMaxRequestBytes {@code queued.max.request.bytes}, -1 for no bound
 * @param socketSendBufferBytes {@code socket.send.buffer.bytes}, -1 leaves it to the system
 * @param socketReceiveBufferBytes {@code socket.receive.buffer.bytes}, -1 leaves it to the system
 * @param socketRequestMaxBytes {@code socket.request.max.bytes}
 * @param socketListenBacklogSize {@code socket.listen.backlog.size}
 * @param maxConnections {@code max.connections}, may change at run time
 * @param maxConnectionsPerIp {@code max.connections.per.ip}, may change at run time
 * @param maxConnectionsPerIpOverrides {@code max.connections.per.ip.overrides}, by host name or address;
 *     may change at run time
 * @param maxConnectionCreationRate {@code max.connection.creation.rate}, per second; may change at run time
 * @param connectionsMaxIdleMs {@code connections.max.idle.ms}, negative for ever
 * @param failedAuthenticationDelayMs {@code connection.failed.authentication.delay.ms}
 * @param perListener the limits given as {@code listener.name.<listener>.<key>}: by listener name in lower
 *     case, then by key
 * @param maxInFlightPerConnection {@code barnabas.max.in.flight.requests.per.connection}
 */
public record NetworkKeys(
        int networkThreads,
        int ioThreads,
        int queuedMaxRequests,
        long queuedMaxRequestBytes,
        int socketSendBufferBytes,
        int socketReceiveBufferBytes,
        int socketRequestMaxBytes,
        int socketListenBacklogSize,
        int maxConnections,
        int maxConnectionsPerIp,
        Map<String, Integer> maxConnectionsPerIpOverrides,
        int maxConnectionCreationRate,
        long connectionsMaxIdleMs,
        int failedAuthenticationDelayMs,
        Map<String, Map<String, Integer>> perListener,
        int maxInFlightPerConnection) {
    static NetworkKeys from(AbstractConfig values) {
        return new NetworkKeys(
                networkThreads(values, Runtime.getRuntime().availableProcessors()),
                values.getInt("num.io.threads"),
                values.getInt("queued.max.requests"),
                values.getLong("queued.max.request.bytes"),
                values.getInt("socket.send.buffer.bytes"),
                values.getInt("socket.receive.buffer.bytes"),
                values.getInt("socket.request.max.bytes"),
                values.getInt("socket.listen.backlog.size"),
                values.getInt("max.connections"),
                values.getInt("max.connections.per.ip"),
                overrides(values.getString("max.connections.per.ip.overrides")),
                values.getInt("max.connection.creation.rate"),
                values.getLong("connections.max.idle.ms"),
                values.getInt("connection.failed.authentication.delay.ms"),
                perListener(values),
                values.getInt("barnabas.max.in.flight.requests.per.connection"));
    }

    private static final Set<String> PER_LISTENER_KEYS =
            Set.of("max.connections", "max.connection.creation.rate", "num.network.threads");
    private static final String LISTENER_PREFIX = "listener.name.";

    public NetworkKeys {
        maxConnectionsPerIpOverrides = Map.copyOf(maxConnectionsPerIpOverrides);
        perListener = Map.copyOf(perListener);
    }

    /** The limit of one listener: its own where one is given, else {@link Integer#MAX_VALUE}. */
    public int maxConnections(String listener) {
        return own(listener, "max.connections", Integer.MAX_VALUE);
    }

    /** The rate of one listener: its own where one is given, else {@link Integer#MAX_VALUE}. */
    public int maxConnectionCreationRate(String listener) {
        return own(listener, "max.connection.creation.rate", Integer.MAX_VALUE);
    }

    /**
     * Event loops that nobody asked for: requests are handled on them too, so each more is one more hand-over between
     * processors, and answers come in more and smaller pieces.
     */
    static int networkThreads(AbstractConfig values, int processors) {
        int threads = values.getInt("num.network.threads");
        boolean isSet = values.originals().containsKey("num.network.threads");
        return isSet ? threads : Math.min(threads, Math.max(1, processors / 2));
    }

    /** The threads of one listener: its own where given, else {@link #networkThreads}. */
    public int networkThreads(String listener) {
        return own(listener, "num.network.threads", networkThreads);
    }

    private int own(String listener, String key, int otherwise) {
        return perListener
                .getOrDefault(listener.toLowerCase(Locale.ROOT), Map.of())
                .getOrDefault(key, otherwise);
    }

    private static Map<String, Integer> overrides(String text) {
        Map<String, Integer> result = new HashMap<>();
        for (String entry : text.split(",", -1)) {
            int colon = entry.lastIndexOf(':');
            if (colon >= 0) {
                result.put(
                        entry.substring(0, colon).trim(),
                        Integer.valueOf(entry.substring(colon + 1).trim()));
            }
        }
        return result;
    }

    private static Map<String, Map<String, Integer>> perListener(AbstractConfig values) {
        Map<String, Map<String, Integer>> result = new HashMap<>();
        values.originalsStrings().forEach((key, value) -> {
            int end = key.indexOf('.', LISTENER_PREFIX.length());
            if (key.startsWith(LISTENER_PREFIX) && end > 0 && PER_LISTENER_KEYS.contains(key.substring(end + 1))) {
                result.computeIfAbsent(key.substring(LISTENER_PREFIX.length(), end), any -> new HashMap<>())
                        .put(key.substring(end + 1), Integer.valueOf(value.trim()));
            }
        });
        return result;
    }
}
