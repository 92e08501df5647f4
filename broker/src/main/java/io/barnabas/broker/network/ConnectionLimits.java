// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.config.NetworkKeys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/**
 * How many connections the broker takes; may be changed while it runs.
 *
 * @param maxConnections {@code max.connections}: at this many, listeners accept no more until one closes
 * @param maxPerIp {@code max.connections.per.ip}: a further connection of the same address is closed at once
 * @param perIpOverrides {@code max.connections.per.ip.overrides}, resolved; 0 refuses an address altogether
 */
public record ConnectionLimits(int maxConnections, int maxPerIp, Map<InetAddress, Integer> perIpOverrides) {
    public static final ConnectionLimits NONE = new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Map.of());

    public ConnectionLimits {
        perIpOverrides = Map.copyOf(perIpOverrides);
    }

    /**
     * The limits of a configuration. Looks names up, so not for an event loop.
     *
     * @throws ConfigException if an override names a host nobody knows
     */
    public static ConnectionLimits of(NetworkKeys network) {
        Map<InetAddress, Integer> overrides = new HashMap<>();
        network.maxConnectionsPerIpOverrides().forEach((host, max) -> overrides.put(resolve(host), max));
        return new ConnectionLimits(network.maxConnections(), network.maxConnectionsPerIp(), overrides);
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigException("max.connections.per.ip.overrides: unknown host " + host);
        }
    }

    /** The most connections of one address. */
    public int maxOf(InetAddress address) {
        return perIpOverrides.getOrDefault(address, maxPerIp);
    }
}
