// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.replica.PartitionView;
import io.barnabas.replica.ReplicaManager;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** Where a partition is led, to tell a client that asked the wrong broker (KIP-951). */
final class CurrentLeaders {
    private static final int UNKNOWN = -1;

    private final ReplicaManager replicas;
    private final Supplier<ClusterImage> clusterImage;

    CurrentLeaders(ReplicaManager replicas, Supplier<ClusterImage> clusterImage) {
        this.replicas = replicas;
        this.clusterImage = clusterImage;
    }

    /**
     * A leader as far as it is known here.
     *
     * @param id its broker id, -1 if not known
     * @param epoch the leader epoch, -1 if not known
     * @param node its address on the asker's listener, if it is alive and has one
     */
    record Leader(int id, int epoch, Optional<Node> node) {}

    Leader of(TopicPartition partition, String listener) {
        ClusterImage image = clusterImage.get();
        Optional<PartitionView> here = replicas.partition(partition);
        if (here.isPresent()) {
            return leader(image, here.get().leaderId(), here.get().leaderEpoch(), listener);
        }
        Optional<PartitionImage> known = image.partition(partition);
        return known.isPresent()
                ? leader(image, known.get().leader(), known.get().leaderEpoch(), listener)
                : new Leader(UNKNOWN, UNKNOWN, Optional.empty());
    }

    private static Leader leader(ClusterImage image, int id, int epoch, String listener) {
        return new Leader(id, epoch, image.broker(id).flatMap(broker -> node(broker, listener)));
    }

    private static Optional<Node> node(BrokerInfo broker, String listener) {
        Optional<Endpoint> endpoint = broker.endpoint(listener);
        return endpoint.map(
                at -> new Node(broker.id(), at.host(), at.port(), broker.rack().orElse(null)));
    }
}
