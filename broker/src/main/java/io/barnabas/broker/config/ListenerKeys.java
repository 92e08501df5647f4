// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.coordination.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where this broker listens, what it tells others of it, and which listener brokers use among themselves.
 *
 * @param listeners {@code listeners}; an empty host binds all addresses, port 0 lets the system choose
 * @param advertised {@code advertised.listeners}, the listeners themselves unless set; an empty host stands for the
 *     machine's canonical name
 * @param protocols {@code listener.security.protocol.map}
 * @param interBrokerListener {@code inter.broker.listener.name}, or the name of
 *     {@code security.inter.broker.protocol}
 * @param interBrokerProtocol the protocol of that listener
 * @param controlPlaneListener {@code control.plane.listener.name}: where the controller reaches this broker, and this
 *     broker reaches others as controller, in place of the inter-broker listener
 */
public record ListenerKeys(
        List<Endpoint> listeners,
        List<Endpoint> advertised,
        Map<String, SecurityProtocol> protocols,
        String interBrokerListener,
        SecurityProtocol interBrokerProtocol,
        Optional<String> controlPlaneListener) {

    public ListenerKeys {
        listeners = List.copyOf(listeners);
        advertised = List.copyOf(advertised);
        protocols = Map.copyOf(protocols);
    }

    /** @throws ConfigurationException where the five keys contradict themselves or one another */
    static ListenerKeys from(AbstractConfig values) {
        Map<String, SecurityProtocol> protocols =
                ListenerParser.protocols(values.getString("listener.security.protocol.map"));
        List<Endpoint> listeners = ListenerParser.endpoints(values.getString("listeners"), protocols, true);
        String advertised = values.getString("advertised.listeners");
        String interBroker = ListenerParser.interBrokerListener(values);
        return new ListenerKeys(
                listeners,
                advertised == null ? listeners : ListenerParser.endpoints(advertised, protocols, false),
                protocols,
                interBroker,
                ListenerParser.protocolOf(interBroker, "inter.broker.listener.name", protocols),
                ListenerParser.controlPlaneListener(values, protocols));
    }

    /** The listener through which controllers and brokers speak: the control plane's where there is one. */
    public String controllerListener() {
        return controlPlaneListener.orElse(interBrokerListener);
    }

    /** The bound endpoint of a listener name. */
    public Optional<Endpoint> listener(String name) {
        return listeners.stream()
                .filter(endpoint -> endpoint.listener().equals(name))
                .findFirst();
    }
}
