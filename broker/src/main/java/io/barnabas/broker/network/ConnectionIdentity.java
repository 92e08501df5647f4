// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who is at the other end of a connection, as far as it has told. Owned by the connection's event loop. */
final class ConnectionIdentity {
    private static final String UNKNOWN_SOFTWARE = "unknown";

    private final String connectionId;
    private final InetAddress address;
    private final String listener;
    private final SecurityProtocol securityProtocol;
    private KafkaPrincipal principal = KafkaPrincipal.ANONYMOUS;
    private String softwareName = UNKNOWN_SOFTWARE;
    private String softwareVersion = UNKNOWN_SOFTWARE;

    ConnectionIdentity(String connectionId, InetAddress address, String listener, SecurityProtocol securityProtocol) {
        this.connectionId = connectionId;
        this.address = address;
        this.listener = listener;
        this.securityProtocol = securityProtocol;
    }

    /** The name of a connection in logs, as Kafka forms it. */
    static String connectionId(InetSocketAddress local, InetSocketAddress remote, int index) {
        return local.getAddress().getHostAddress() + ":" + local.getPort() + "-"
                + remote.getAddress().getHostAddress() + ":" + remote.getPort() + "-" + index;
    }

    String listener() {
        return listener;
    }

    /** Who the peer proved to be; anonymous until then. What it asks from now on is asked by this principal. */
    void authenticated(KafkaPrincipal proven) {
        principal = proven;
    }

    /** What the client is, from its ApiVersions (KIP-511). */
    void software(String name, String version) {
        this.softwareName = name;
        this.softwareVersion = version;
    }

    RequestContext context(RequestHeader header, ScheduledExecutorService executor) {
        return new RequestContext(
                header,
                connectionId,
                address,
                principal,
                listener,
                securityProtocol,
                softwareName,
                softwareVersion,
                executor);
    }

    @Override
    public String toString() {
        return connectionId + " (" + listener + ")";
    }
}
