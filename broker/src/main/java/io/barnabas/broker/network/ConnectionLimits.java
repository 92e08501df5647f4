// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import java.net.InetAddress;
import java.util.Map;

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

    /** The most connections of one address. */
    public int maxOf(InetAddress address) {
        return perIpOverrides.getOrDefault(address, maxPerIp);
    }
}
