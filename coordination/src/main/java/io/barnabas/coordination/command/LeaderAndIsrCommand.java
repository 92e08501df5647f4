// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.command;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller's order to lead or follow partitions (LeaderAndIsr, API 4).
 *
 * @param controllerId who sends it
 * @param controllerEpoch its epoch; a receiver refuses an older one than it has seen
 * @param brokerEpoch the receiver's epoch as the sender knows it; a receiver refuses a stale one (KIP-380)
 * @param full whether this lists every replica of the receiver (the first order of a new controller), so that what is
 *     not named is stray (KIP-516)
 * @param partitions the partitions to lead or follow
 * @param liveLeaders the brokers that lead them, with the endpoint of the inter-broker listener
 */
public record LeaderAndIsrCommand(
        int controllerId,
        int controllerEpoch,
        long brokerEpoch,
        boolean full,
        List<Partition> partitions,
        List<BrokerInfo> liveLeaders) {
    public LeaderAndIsrCommand {
        partitions = List.copyOf(partitions);
        liveLeaders = List.copyOf(liveLeaders);
    }

    /**
     * One partition's new state.
     *
     * @param topicPartition which
     * @param topicId its topic's id, {@link Uuid#ZERO_UUID} if none
     * @param controllerEpoch epoch of the controller that decided it
     * @param leaderAndIsr leader, epoch, ISR, zkVersion
     * @param assignment all replicas, and those being added and removed
     * @param isNew whether the replica is new on the receiver, so that an existing log elsewhere is an error of order
     */
    public record Partition(
            TopicPartition topicPartition,
            Uuid topicId,
            int controllerEpoch,
            LeaderAndIsr leaderAndIsr,
            ReplicaAssignment assignment,
            boolean isNew) {}

    /**
     * The outcome of a partition whose order could not be carried out yet, since what it needs of the coordination
     * store could not be read. Its receiver keeps it and tries again; nobody need send it again.
     */
    public static final Errors NOT_YET = Errors.REQUEST_TIMED_OUT;

    /**
     * The answer.
     *
     * @param error an error for the order as a whole: stale controller epoch, stale broker epoch
     * @param partitionErrors the outcome per partition; empty when {@code error} is set
     */
    public record Outcome(Errors error, Map<TopicPartition, Errors> partitionErrors) {}
}
