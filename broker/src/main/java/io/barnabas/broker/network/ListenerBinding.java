// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.config.ListenerKeys;
import io.barnabas.broker.config.NetworkKeys;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where one listener listens, and what its connections may use.
 *
 * @param name the listener's name, upper case
 * @param securityProtocol how clients speak on it
 * @param host the address to bind; empty or {@code 0.0.0.0} for all
 * @param port the port to bind; 0 for any free one
 * @param maxConnections {@code listener.name.x.max.connections}: at this many the listener accepts no more until one
 *     closes
 */
public record ListenerBinding(
        String name, SecurityProtocol securityProtocol, String host, int port, int maxConnections) {
    /** @throws ConfigException if the protocol is not one this broker speaks */
    public ListenerBinding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(host, "host");
        if (securityProtocol != SecurityProtocol.PLAINTEXT) {
            throw new ConfigException("listener.security.protocol.map: listener " + name + " asks for "
                    + securityProtocol.name + ", but only PLAINTEXT is available");
        }
        if (port < 0 || port > 0xFFFF) {
            throw new ConfigException("listeners: port " + port + " of listener " + name + " is not in 0..65535");
        }
    }

    /** The listeners of a configuration, each with its own limits. */
    public static List<ListenerBinding> allOf(ListenerKeys listeners, NetworkKeys network) {
        return listeners.listeners().stream()
                .map(endpoint -> new ListenerBinding(
                        endpoint.listener(),
                        endpoint.securityProtocol(),
                        endpoint.host(),
                        endpoint.port(),
                        network.perListener()
                                .getOrDefault(endpoint.listener().toLowerCase(Locale.ROOT), Map.of())
                                .getOrDefault("max.connections", Integer.MAX_VALUE)))
                .toList();
    }

    /** A listener without a limit of its own. */
    public static ListenerBinding plaintext(String name, String host, int port) {
        return new ListenerBinding(name, SecurityProtocol.PLAINTEXT, host, port, Integer.MAX_VALUE);
    }
}
