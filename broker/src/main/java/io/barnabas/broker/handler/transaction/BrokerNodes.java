// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.peer.Peer;
import io.barnabas.coordination.cluster.ClusterImage;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the brokers are.
 *
 * @param localId this broker
 * @param interBrokerListener the listener brokers reach each other at
 * @param images the current picture of the cluster
 */
record BrokerNodes(int localId, String interBrokerListener, Supplier<ClusterImage> images) {
    /** The address of a live broker. */
    Optional<Peer> peer(int brokerId) {
        return images.get()
                .broker(brokerId)
                .flatMap(broker -> broker.endpoint(interBrokerListener))
                .map(endpoint -> new Peer(brokerId, endpoint.host(), endpoint.port()));
    }
}
