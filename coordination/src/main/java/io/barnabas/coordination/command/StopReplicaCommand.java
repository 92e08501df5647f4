// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.command;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller's order to stop replicas, and to delete them (StopReplica, API 5).
 *
 * @param controllerId who sends it
 * @param controllerEpoch its epoch
 * @param brokerEpoch the receiver's epoch as the sender knows it
 * @param partitions the replicas to stop
 */
public record StopReplicaCommand(int controllerId, int controllerEpoch, long brokerEpoch, List<Partition> partitions) {
    public StopReplicaCommand {
        partitions = List.copyOf(partitions);
    }

    /**
     * One replica to stop.
     *
     * @param topicPartition which
     * @param leaderEpoch the partition's leader epoch, {@link io.barnabas.coordination.cluster.LeaderAndIsr#EPOCH_DURING_DELETE}
     *     when the topic is deleted, -1 where the sender's version has none (KIP-570)
     * @param delete whether its files go too
     */
    public record Partition(TopicPartition topicPartition, int leaderEpoch, boolean delete) {}

    /**
     * The answer.
     *
     * @param error an error for the order as a whole
     * @param partitionErrors the outcome per partition; empty when {@code error} is set
     */
    public record Outcome(Errors error, Map<TopicPartition, Errors> partitionErrors) {}
}
