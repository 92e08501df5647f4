// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.replica.partition.IsrProposals.Answer;
import io.barnabas.replica.partition.IsrProposals.Proposal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionRequestData.TopicData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;

/** A leader's AlterPartition (API 56), versions 0 to 3. */
public final class AlterPartitionCodec {
    private AlterPartitionCodec() {}

    /**
     * The version to use: what the oldest release of the inter-broker protocol knows (KIP-704, KIP-841, KIP-903), and no
     * topic ids where one is missing.
     */
    public static short version(ProtocolVersion protocol, boolean allHaveTopicIds) {
        int version = 0;
        if (protocol.isAtLeast(ProtocolVersion.IBP_3_2_IV0)) {
            version = 1;
        }
        if (protocol.isAtLeast(ProtocolVersion.IBP_3_3_IV0) && allHaveTopicIds) {
            version = protocol.isAtLeast(ProtocolVersion.IBP_3_5_IV0) ? 3 : 2;
        }
        return (short) version;
    }

    /** One request for all the proposals. */
    public static AlterPartitionRequest toRequest(
            Collection<Proposal> proposals, int brokerId, long brokerEpoch, ProtocolVersion protocol) {
        boolean topicIds = proposals.stream().noneMatch(p -> p.topicId().equals(Uuid.ZERO_UUID));
        AlterPartitionRequestData data =
                new AlterPartitionRequestData().setBrokerId(brokerId).setBrokerEpoch(brokerEpoch);
        Map<String, TopicData> topics = new HashMap<>();
        for (Proposal proposal : proposals) {
            TopicData topic = topics.computeIfAbsent(proposal.topicPartition().topic(), name -> {
                TopicData created = new TopicData().setTopicName(name).setTopicId(proposal.topicId());
                data.topics().add(created);
                return created;
            });
            topic.partitions().add(partitionOf(proposal, protocol));
        }
        return new AlterPartitionRequest.Builder(data, topicIds).build(version(protocol, topicIds));
    }

    private static AlterPartitionRequestData.PartitionData partitionOf(Proposal proposal, ProtocolVersion protocol) {
        LeaderAndIsr proposed = proposal.proposed();
        List<BrokerState> isr = new ArrayList<>(proposal.isrEpochs().size());
        proposal.isrEpochs()
                .forEach(member ->
                        isr.add(new BrokerState().setBrokerId(member.brokerId()).setBrokerEpoch(member.brokerEpoch())));
        AlterPartitionRequestData.PartitionData partition = new AlterPartitionRequestData.PartitionData()
                .setPartitionIndex(proposal.topicPartition().partition())
                .setLeaderEpoch(proposed.leaderEpoch())
                .setNewIsrWithEpochs(isr)
                .setPartitionEpoch(proposed.partitionEpoch());
        if (protocol.isLeaderRecoverySupported()) {
            partition.setLeaderRecoveryState(proposed.recoveryState().value());
        }
        return partition;
    }

    /** The answer per partition; a partition left out was not decided. */
    public static Map<TopicPartition, Answer> toAnswers(
            AlterPartitionResponse response, Collection<Proposal> proposals) {
        Map<Uuid, String> names = new HashMap<>();
        proposals.forEach(p -> names.put(p.topicId(), p.topicPartition().topic()));
        Map<TopicPartition, Answer> answers = new HashMap<>();
        for (AlterPartitionResponseData.TopicData topic : response.data().topics()) {
            String name = topic.topicName().isEmpty() ? names.get(topic.topicId()) : topic.topicName();
            for (AlterPartitionResponseData.PartitionData partition : topic.partitions()) {
                answers.put(new TopicPartition(name, partition.partitionIndex()), answerOf(partition));
            }
        }
        return answers;
    }

    private static Answer answerOf(AlterPartitionResponseData.PartitionData partition) {
        Errors error = Errors.forCode(partition.errorCode());
        if (error != Errors.NONE) {
            return Answer.refused(error);
        }
        return Answer.committed(new LeaderAndIsr(
                partition.leaderId(),
                partition.leaderEpoch(),
                partition.isr(),
                LeaderRecoveryState.of(partition.leaderRecoveryState()),
                partition.partitionEpoch()));
    }
}
