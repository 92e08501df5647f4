// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.picture.TopicEntry;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whether a leader may change the ISR as it proposes (AlterPartition: KIP-497, KIP-704, KIP-841, and the broker epochs
 * of KIP-903, which the original's ZooKeeper mode receives and drops).
 */
public final class IsrChangeDecider {
    private final ClusterPicture picture;
    private final boolean checkBrokerEpochs;

    /**
     * @param picture what is known of the cluster
     * @param checkBrokerEpochs whether members are checked against the registered broker epochs (KIP-903)
     */
    public IsrChangeDecider(ClusterPicture picture, boolean checkBrokerEpochs) {
        this.picture = picture;
        this.checkBrokerEpochs = checkBrokerEpochs;
    }

    /** Whether the proposer is who it says: STALE_BROKER_EPOCH if it is unknown or an earlier incarnation. */
    public Errors proposer(IsrProposal proposal) {
        Optional<BrokerInfo> broker = picture.broker(proposal.brokerId());
        return broker.isPresent() && broker.get().epoch() == proposal.brokerEpoch()
                ? Errors.NONE
                : Errors.STALE_BROKER_EPOCH;
    }

    /** The partition meant, empty if there is none. */
    public Optional<PartitionEntry> find(IsrProposal proposal, IsrProposal.Partition change) {
        return topic(proposal, change).map(topic -> topic.partitions().get(change.partition()));
    }

    private Optional<TopicEntry> topic(IsrProposal proposal, IsrProposal.Partition change) {
        return proposal.useTopicIds() ? picture.topic(change.topicId()) : picture.topic(change.topic());
    }

    /** The error for a partition that is not found: its topic's id, or it itself, is unknown. */
    public Errors notFound(IsrProposal proposal, IsrProposal.Partition change) {
        return proposal.useTopicIds() && topic(proposal, change).isEmpty()
                ? Errors.UNKNOWN_TOPIC_ID
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** The decision on one partition. */
    public Ruling rule(IsrProposal proposal, IsrProposal.Partition change, PartitionEntry partition) {
        LeaderAndIsr current = partition.leaderAndIsr();
        if (current == null) {
            return Ruling.refuse(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        LeaderAndIsr proposed = new LeaderAndIsr(
                proposal.brokerId(),
                change.leaderEpoch(),
                change.isr().stream().map(IsrProposal.Member::brokerId).toList(),
                change.recoveryState(),
                change.partitionEpoch());
        Errors epochs = checkEpochs(current, proposed);
        if (epochs != Errors.NONE) {
            return Ruling.refuse(epochs);
        }
        if (sameButForPartitionEpoch(current, proposed)) {
            return Ruling.already(current);
        }
        if (proposed.partitionEpoch() < current.partitionEpoch()) {
            return Ruling.refuse(Errors.INVALID_UPDATE_VERSION);
        }
        if (isInvalid(current, proposed)) {
            return Ruling.refuse(Errors.INVALID_REQUEST);
        }
        if (change.isr().stream().anyMatch(member -> !isEligible(member, partition))) {
            return Ruling.refuse(proposal.useTopicIds() ? Errors.INELIGIBLE_REPLICA : Errors.OPERATION_NOT_ATTEMPTED);
        }
        return Ruling.accept(proposed);
    }

    /** Higher epochs than ours mean that we are the controller no more. */
    private static Errors checkEpochs(LeaderAndIsr current, LeaderAndIsr proposed) {
        if (proposed.partitionEpoch() > current.partitionEpoch() || proposed.leaderEpoch() > current.leaderEpoch()) {
            return Errors.NOT_CONTROLLER;
        }
        return proposed.leaderEpoch() < current.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.NONE;
    }

    private static boolean sameButForPartitionEpoch(LeaderAndIsr current, LeaderAndIsr proposed) {
        return proposed.partitionEpoch() <= current.partitionEpoch()
                && current.withPartitionEpoch(0).equals(proposed.withPartitionEpoch(0));
    }

    private static boolean isInvalid(LeaderAndIsr current, LeaderAndIsr proposed) {
        boolean recovering = proposed.recoveryState() == LeaderRecoveryState.RECOVERING;
        return proposed.leader() != current.leader()
                || proposed.isr().isEmpty()
                || (recovering && proposed.isr().size() > 1)
                || (recovering && current.recoveryState() == LeaderRecoveryState.RECOVERED);
    }

    /** Suspicion keeps out who wants to enter, not the leader, who is in sync with itself. */
    private boolean isStayingLeader(int broker, PartitionEntry partition) {
        return partition.isLedBy(broker) && picture.stays(broker, partition);
    }

    private boolean isEligible(IsrProposal.Member member, PartitionEntry partition) {
        if (!picture.mayLead(member.brokerId()) && !isStayingLeader(member.brokerId(), partition)) {
            return false;
        }
        return !checkBrokerEpochs
                || member.brokerEpoch() == BrokerInfo.UNKNOWN_EPOCH
                || picture.broker(member.brokerId()).orElseThrow().epoch() == member.brokerEpoch();
    }

    /**
     * The decision.
     *
     * @param error why refused
     * @param write the state to write, null if refused or nothing changes
     * @param standing the state that stands already as proposed, null else
     */
    public record Ruling(Errors error, LeaderAndIsr write, LeaderAndIsr standing) {
        /** Refused for this reason. */
        public static Ruling refuse(Errors error) {
            return new Ruling(error, null, null);
        }

        /** To be written. */
        public static Ruling accept(LeaderAndIsr write) {
            return new Ruling(Errors.NONE, write, null);
        }

        /** Nothing is to be written. */
        public static Ruling already(LeaderAndIsr standing) {
            return new Ruling(Errors.NONE, null, standing);
        }
    }
}
