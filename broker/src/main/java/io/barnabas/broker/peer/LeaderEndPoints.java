// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.config.PeerKeys;
import io.barnabas.broker.config.ReplicationKeys;
import io.barnabas.broker.protocol.FollowerFetchCodec.FetchLimits;
import io.barnabas.replica.fetch.LeaderEndPoint;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How this broker's fetchers reach their leaders. */
public final class LeaderEndPoints {
    private LeaderEndPoints() {}

    /**
     * End points over connections to peers, one per leader and fetcher id.
     *
     * @param brokerEpoch this broker's epoch now, -1 before it is registered
     */
    public static LeaderEndPoint.Factory over(
            PeerClient peers, int brokerId, ReplicationKeys replication, PeerKeys config, LongSupplier brokerEpoch) {
        FetchLimits limits = new FetchLimits(
                brokerId,
                replication.fetchMinBytes(),
                replication.fetchResponseMaxBytes(),
                replication.fetchMaxBytes());
        return PeerLeaderEndPoint.factory(
                peers,
                new PeerLeaderEndPoint.Terms(
                        limits,
                        config.protocolVersion(),
                        Duration.ofMillis(replication.socketTimeoutMs()),
                        brokerEpoch));
    }
}
