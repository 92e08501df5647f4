// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.FetchCommand;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.replica.ClientMetadata;
import org.apache.kafka.common.replica.PartitionView;
import org.apache.kafka.common.replica.ReplicaSelector;
import org.apache.kafka.common.replica.ReplicaView;

/** Asks the configured {@link ReplicaSelector} whether a consumer had better read elsewhere (KIP-392). Stateless. */
final class PreferredReplica {
    private final ReplicaPorts ports;

    PreferredReplica(ReplicaPorts ports) {
        this.ports = ports;
    }

    /** The in-sync replica to read from instead of this leader; empty to read here. */
    OptionalInt choose(Partition partition, FetchCommand command, long fetchOffset) {
        if (ports.replicaSelector().isEmpty()
                || command.isFromFollower()
                || command.clientMetadata().isEmpty()
                || !partition.role().isLeader()) {
            return OptionalInt.empty();
        }
        ClientMetadata client = command.clientMetadata().get();
        Optional<PartitionView> view = partition.withState(state -> view(partition, state, client, fetchOffset));
        return view.isPresent()
                ? choose(ports.replicaSelector().get(), partition, client, view.get())
                : OptionalInt.empty();
    }

    private static OptionalInt choose(
            ReplicaSelector selector, Partition partition, ClientMetadata client, PartitionView view) {
        Optional<ReplicaView> selected = selector.select(partition.topicPartition(), client, view);
        if (selected.isEmpty()
                || selected.get().endpoint().isEmpty()
                || selected.get().equals(view.leader())) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(selected.get().endpoint().id());
    }

    private Optional<PartitionView> view(
            Partition partition, PartitionState state, ClientMetadata client, long fetchOffset) {
        RoleSnapshot role = partition.role();
        if (!state.isLeader() || role.log() == null) {
            return Optional.empty();
        }
        long nowMs = ports.clock().millis();
        Set<ReplicaView> replicas = new HashSet<>();
        for (FollowerState follower : state.followers()) {
            long end = follower.logEndOffset().messageOffset();
            if (state.isrState().isr().contains(follower.id())
                    && end >= fetchOffset
                    && follower.logStartOffset() <= fetchOffset) {
                replicas.add(new ReplicaView.DefaultReplicaView(
                        node(follower.id(), client.listenerName()), end, nowMs - follower.lastCaughtUpMs()));
            }
        }
        ReplicaView leader = new ReplicaView.DefaultReplicaView(
                node(role.leaderId(), client.listenerName()), role.log().logEndOffset(), 0L);
        replicas.add(leader);
        return Optional.of(new PartitionView.DefaultPartitionView(replicas, leader));
    }

    private Node node(int id, String listener) {
        ClusterImage image = ports.clusterImage().get();
        return image.broker(id)
                .flatMap(broker -> broker.endpoint(listener)
                        .map(endpoint -> new Node(
                                id,
                                endpoint.host(),
                                endpoint.port(),
                                broker.rack().orElse(null))))
                .orElse(Node.noNode());
    }
}
