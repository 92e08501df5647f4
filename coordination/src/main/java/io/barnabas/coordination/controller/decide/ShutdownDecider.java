// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a broker that wants to stop leads and follows, and whether it may ask. Partitions of one replica stay with it.
 */
public final class ShutdownDecider {
    private final ClusterPicture picture;

    /** @param picture what is known of the cluster */
    public ShutdownDecider(ClusterPicture picture) {
        this.picture = picture;
    }

    /** Whether the request is from the incarnation that is registered. */
    public Refusal check(int brokerId, long brokerEpoch) {
        Optional<BrokerInfo> broker = picture.broker(brokerId);
        if (broker.isEmpty()) {
            return new Refusal(Errors.BROKER_NOT_AVAILABLE, "Broker id " + brokerId + " does not exist.");
        }
        if (brokerEpoch != BrokerInfo.UNKNOWN_EPOCH
                && brokerEpoch < broker.get().epoch()) {
            return new Refusal(
                    Errors.STALE_BROKER_EPOCH,
                    "Received controlled shutdown request from an old broker epoch " + brokerEpoch + " for broker "
                            + brokerId + ". Current broker epoch is "
                            + broker.get().epoch() + ".");
        }
        return Refusal.NONE;
    }

    /** The replicated partitions the broker takes part in. */
    public Parts parts(int brokerId) {
        List<PartitionEntry> led = new ArrayList<>();
        List<PartitionEntry> followed = new ArrayList<>();
        for (PartitionEntry partition : picture.partitionsOn(brokerId)) {
            if (isReplicated(partition)) {
                (partition.leader() == brokerId ? led : followed).add(partition);
            }
        }
        return new Parts(led, followed);
    }

    /** What it still leads. */
    public Set<TopicPartition> remaining(int brokerId) {
        return picture.ledBy(brokerId).stream()
                .filter(this::isReplicated)
                .map(p -> p.id())
                .collect(Collectors.toSet());
    }

    private boolean isReplicated(PartitionEntry partition) {
        return partition.replicas().size() > 1
                && partition.leaderAndIsr() != null
                && !picture.isBeingDeleted(partition.topic().name());
    }

    /**
     * What a stopping broker takes part in.
     *
     * @param led partitions that need another leader
     * @param followed partitions it leaves the ISR of
     */
    public record Parts(List<PartitionEntry> led, List<PartitionEntry> followed) {}
}
