// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataResponse;

/**
 * A topic as a client of one listener sees it, at one version of Metadata. Version 0 hides replicas that are not
 * reachable and calls that an error; from version 6 on a leader without the client's listener has an error of its own.
 */
final class TopicMetadata {
    private final ClusterImage image;
    private final String listener;
    private final boolean hidesUnreachableReplicas;
    private final Errors leaderWithoutListener;

    TopicMetadata(ClusterImage image, String listener, short version) {
        this.image = image;
        this.listener = listener;
        this.hidesUnreachableReplicas = version == 0;
        this.leaderWithoutListener = version >= 6 ? Errors.LISTENER_NOT_FOUND : Errors.LEADER_NOT_AVAILABLE;
    }

    MetadataResponseTopic describe(TopicImage topic) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        topic.partitions().values().forEach(partition -> partitions.add(describe(partition)));
        return new MetadataResponseTopic()
                .setErrorCode(Errors.NONE.code())
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(Topic.isInternal(topic.name()))
                .setPartitions(partitions);
    }

    private MetadataResponsePartition describe(PartitionImage partition) {
        List<Integer> replicas = visible(partition.replicas());
        List<Integer> isr = visible(partition.leaderAndIsr().isr());
        Errors error = error(partition, replicas, isr);
        boolean leaderReachable = error == Errors.NONE || error == Errors.REPLICA_NOT_AVAILABLE;
        return new MetadataResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(partition.partition())
                .setLeaderId(leaderReachable ? partition.leader() : MetadataResponse.NO_LEADER_ID)
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(replicas)
                .setIsrNodes(isr)
                .setOfflineReplicas(partition.offlineReplicas());
    }

    private Errors error(PartitionImage partition, List<Integer> replicas, List<Integer> isr) {
        Optional<BrokerInfo> leader = image.broker(partition.leader());
        if (leader.isEmpty()) {
            return Errors.LEADER_NOT_AVAILABLE;
        }
        if (leader.get().endpoint(listener).isEmpty()) {
            return leaderWithoutListener;
        }
        boolean someHidden = replicas.size() < partition.replicas().size()
                || isr.size() < partition.leaderAndIsr().isr().size();
        return someHidden ? Errors.REPLICA_NOT_AVAILABLE : Errors.NONE;
    }

    private List<Integer> visible(List<Integer> replicas) {
        return hidesUnreachableReplicas
                ? replicas.stream().filter(this::isReachable).toList()
                : replicas;
    }

    private boolean isReachable(int brokerId) {
        return image.broker(brokerId)
                .flatMap(broker -> broker.endpoint(listener))
                .isPresent();
    }
}
