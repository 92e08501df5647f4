// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a broker writes about itself in {@code /brokers/ids/N}.
 *
 * @param id the broker id
 * @param endpoints the advertised endpoints
 * @param rack {@code broker.rack}, if set
 * @param supportedFeatures version ranges by feature: {@code min_version}, {@code max_version} (KIP-584)
 * @param jmxPort the port given by {@code JMX_PORT}, -1 for none
 * @param formatVersion 5 from IBP 2.7, 4 from IBP 0.10.0-IV1, else 2
 */
public record BrokerRegistration(
        int id,
        List<Endpoint> endpoints,
        Optional<String> rack,
        Map<String, Map<String, Short>> supportedFeatures,
        int jmxPort,
        int formatVersion) {
    public static final int CURRENT_FORMAT = 5;
    public static final int NO_JMX_PORT = -1;

    public BrokerRegistration {
        endpoints = List.copyOf(endpoints);
        supportedFeatures = Map.copyOf(supportedFeatures);
    }

    /** A registration as an up-to-date broker without JMX writes it. */
    public static BrokerRegistration of(int id, List<Endpoint> endpoints, Optional<String> rack) {
        return new BrokerRegistration(id, endpoints, rack, Map.of(), NO_JMX_PORT, CURRENT_FORMAT);
    }

    /** The registered broker as the cluster sees it. */
    public BrokerInfo toInfo(long brokerEpoch) {
        return new BrokerInfo(id, brokerEpoch, endpoints, rack);
    }
}
