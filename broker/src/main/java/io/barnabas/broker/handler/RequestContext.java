// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/**
 * Who asks, and how; also what an authorizer is told.
 *
 * @param header API, version, correlation id and client id
 * @param connectionId names the connection in logs: {@code localHost:port-remoteHost:port-index}
 * @param clientAddress the peer's address
 * @param principal who the peer proved to be; {@link KafkaPrincipal#ANONYMOUS} on a PLAINTEXT listener
 * @param listener the name of the listener the request came in by
 * @param securityProtocol that listener's protocol
 * @param clientSoftwareName as told in ApiVersions (KIP-511), "unknown" before
 * @param clientSoftwareVersion as told in ApiVersions, "unknown" before
 * @param executor the connection's event loop: what runs there is written without a hand-over
 */
public record RequestContext(
        RequestHeader header,
        String connectionId,
        InetAddress clientAddress,
        KafkaPrincipal principal,
        String listener,
        SecurityProtocol securityProtocol,
        String clientSoftwareName,
        String clientSoftwareVersion,
        ScheduledExecutorService executor)
        implements AuthorizableRequestContext {
    /** The request's version. */
    public short apiVersion() {
        return header.apiVersion();
    }

    @Override
    public String clientId() {
        return header.clientId();
    }

    @Override
    public String listenerName() {
        return listener;
    }

    @Override
    public int requestType() {
        return header.apiKey().id;
    }

    @Override
    public int requestVersion() {
        return header.apiVersion();
    }

    @Override
    public int correlationId() {
        return header.correlationId();
    }
}
