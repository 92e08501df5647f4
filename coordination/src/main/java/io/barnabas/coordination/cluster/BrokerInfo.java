// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A registered broker as the cluster sees it.
 *
 * @param id the broker id
 * @param epoch the broker epoch: the czxid of its ephemeral registration node (KIP-380), {@link #UNKNOWN_EPOCH} where
 *     a source does not carry it (the metadata cache, which learns brokers through UpdateMetadata)
 * @param endpoints its advertised endpoints, at most one per listener name
 * @param rack {@code broker.rack}, if set
 */
public record BrokerInfo(int id, long epoch, List<Endpoint> endpoints, Optional<String> rack) {
    /** Stands for "no broker epoch known", as in the inter-broker requests. */
    public static final long UNKNOWN_EPOCH = -1L;

    public BrokerInfo {
        endpoints = List.copyOf(endpoints);
    }

    /** Which run of the broker this describes. */
    public BrokerIncarnation incarnation() {
        return new BrokerIncarnation(id, epoch);
    }

    /** The endpoint of the given listener name, if this broker advertises one. */
    public Optional<Endpoint> endpoint(String listener) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.listener().equals(listener)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }
}
