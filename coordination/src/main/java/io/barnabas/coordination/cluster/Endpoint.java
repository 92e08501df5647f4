// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.Objects;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * One address a broker is reachable at, as advertised under a listener name.
 *
 * @param listener the listener's name, upper case as in {@code listeners}
 * @param securityProtocol how to speak on it
 * @param host the advertised host; empty means the canonical name of the machine
 * @param port the advertised port
 */
public record Endpoint(String listener, SecurityProtocol securityProtocol, String host, int port) {
    public Endpoint {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(securityProtocol, "securityProtocol");
        Objects.requireNonNull(host, "host");
    }

    /** The form used in {@code /brokers/ids/N}: {@code LISTENER://host:port}, IPv6 hosts in brackets. */
    public String connectionString() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return listener + "://" + shown + ":" + port;
    }
}
