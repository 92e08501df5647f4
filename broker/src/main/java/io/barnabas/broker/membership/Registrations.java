// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.store.BrokerRegistration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What this broker writes about itself in {@code /brokers/ids}. */
public final class Registrations {
    private final int brokerId;
    private final ToIntFunction<String> boundPort;
    private final int jmxPort;

    /**
     * @param boundPort by listener name, where the system chose the port
     * @param jmxPort the port of {@code JMX_PORT}, -1 for none
     */
    public Registrations(int brokerId, ToIntFunction<String> boundPort, int jmxPort) {
        this.brokerId = brokerId;
        this.boundPort = boundPort;
        this.jmxPort = jmxPort;
    }

    /** The port the start script made of {@code JMX_PORT}. */
    public static int jmxPortOfThisProcess() {
        return Integer.getInteger("com.sun.management.jmxremote.port", BrokerRegistration.NO_JMX_PORT);
    }

    /** @throws StartupException if an endpoint has no host and this machine has no name */
    public BrokerRegistration of(BarnabasConfig config) {
        List<Endpoint> advertised =
                config.listeners().advertised().stream().map(this::reachable).toList();
        return new BrokerRegistration(
                brokerId,
                advertised,
                config.identity().rack(),
                Map.of(),
                jmxPort,
                formatVersion(config.peers().protocolVersion()));
    }

    private static int formatVersion(ProtocolVersion protocol) {
        if (protocol.isFeatureVersioningSupported()) {
            return BrokerRegistration.CURRENT_FORMAT;
        }
        return protocol.isAtLeast(ProtocolVersion.IBP_0_10_0_IV1) ? 4 : 2;
    }

    /** An advertised endpoint with a real host, and the port that was bound where the system chose it. */
    private Endpoint reachable(Endpoint endpoint) {
        String host = endpoint.host().isEmpty() ? localHost() : endpoint.host();
        int port = endpoint.port() == 0 ? boundPort.applyAsInt(endpoint.listener()) : endpoint.port();
        return new Endpoint(endpoint.listener(), endpoint.securityProtocol(), host, port);
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            throw new StartupException(
                    "advertised.listeners: the name of this machine cannot be resolved (" + e.getMessage()
                            + "); name a host there",
                    e);
        }
    }
}
