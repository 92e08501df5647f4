// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.command;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The controller's news for every broker's metadata cache (UpdateMetadata, API 6).
 *
 * @param controllerId who sends it
 * @param controllerEpoch its epoch
 * @param brokerEpoch the receiver's epoch as the sender knows it
 * @param liveBrokers all live brokers; always complete
 * @param partitions the partitions that changed; a leader of {@link LeaderAndIsr#LEADER_DURING_DELETE} removes one
 */
public record UpdateMetadataCommand(
        int controllerId,
        int controllerEpoch,
        long brokerEpoch,
        List<BrokerInfo> liveBrokers,
        List<Partition> partitions) {
    public UpdateMetadataCommand {
        liveBrokers = List.copyOf(liveBrokers);
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition's state.
     *
     * @param topicPartition which
     * @param topicId its topic's id, {@link Uuid#ZERO_UUID} if none
     * @param controllerEpoch epoch of the controller that decided it
     * @param leaderAndIsr leader, epoch, ISR, zkVersion
     * @param replicas all assigned replicas
     * @param offlineReplicas those on dead brokers or failed log directories
     */
    public record Partition(
            TopicPartition topicPartition,
            Uuid topicId,
            int controllerEpoch,
            LeaderAndIsr leaderAndIsr,
            List<Integer> replicas,
            List<Integer> offlineReplicas) {
        public Partition {
            replicas = List.copyOf(replicas);
            offlineReplicas = List.copyOf(offlineReplicas);
        }
    }
}
