// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.replica.fetch.FetchAnswer;
import io.barnabas.replica.fetch.FetchPlan;
import io.barnabas.replica.log.EpochEndOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * A follower's Fetch (API 1), versions 0 to 17. Remembers which topic each id of the session stands for; owned by one
 * leader end point.
 */
public final class FollowerFetchCodec {
    private static final short LAST_VERSION_WITHOUT_TOPIC_IDS = 12;
    private static final short FIRST_VERSION_WITH_REPLICA_STATE = 15;

    private final FetchLimits limits;
    private final short version;
    private final Map<Uuid, String> topicNames = new HashMap<>();

    /**
     * @param limits what to ask for at most
     * @param version the version of the inter-broker protocol
     */
    public FollowerFetchCodec(FetchLimits limits, short version) {
        this.limits = limits;
        this.version = version;
    }

    /** The request for a plan, at the highest version that can carry it. */
    public FetchRequest toRequest(FetchPlan plan, int maxWaitMs, long brokerEpoch) {
        short used = plan.useTopicIds() ? version : (short) Math.min(version, LAST_VERSION_WITHOUT_TOPIC_IDS);
        if (plan.sessionEpoch() <= 0) {
            topicNames.clear();
        }
        FetchRequestData data = new FetchRequestData()
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(limits.minBytes())
                .setMaxBytes(limits.maxBytes())
                .setSessionId(plan.sessionId())
                .setSessionEpoch(plan.sessionEpoch())
                .setTopics(topicsOf(plan))
                .setForgottenTopicsData(forgottenOf(plan, used));
        if (used < FIRST_VERSION_WITH_REPLICA_STATE) {
            data.setReplicaId(limits.brokerId());
        } else {
            data.setReplicaState(
                    new ReplicaState().setReplicaId(limits.brokerId()).setReplicaEpoch(brokerEpoch));
        }
        return new FetchRequest(data, used);
    }

    private List<FetchTopic> topicsOf(FetchPlan plan) {
        List<FetchTopic> topics = new ArrayList<>();
        FetchTopic topic = null;
        for (FetchPlan.PartitionFetch fetch : plan.partitions()) {
            String name = fetch.topicPartition().topic();
            if (topic == null || !topic.topic().equals(name) || !topic.topicId().equals(fetch.topicId())) {
                topic = new FetchTopic().setTopic(name).setTopicId(fetch.topicId());
                topics.add(topic);
                topicNames.put(fetch.topicId(), name);
            }
            topic.partitions()
                    .add(new FetchPartition()
                            .setPartition(fetch.topicPartition().partition())
                            .setCurrentLeaderEpoch(fetch.currentLeaderEpoch())
                            .setFetchOffset(fetch.fetchOffset())
                            .setLastFetchedEpoch(fetch.lastFetchedEpoch())
                            .setLogStartOffset(fetch.logStartOffset())
                            .setPartitionMaxBytes(limits.partitionMaxBytes()));
        }
        return topics;
    }

    /** Versions before topic ids cannot tell a replaced topic from the one fetched now, and must not forget it. */
    private static List<ForgottenTopic> forgottenOf(FetchPlan plan, short version) {
        if (plan.forgotten().isEmpty()) {
            return List.of();
        }
        List<ForgottenTopic> topics = new ArrayList<>();
        for (FetchPlan.ForgottenPartition forgotten : plan.forgotten()) {
            if (!forgotten.replaced() || version > LAST_VERSION_WITHOUT_TOPIC_IDS) {
                topics.add(new ForgottenTopic()
                        .setTopic(forgotten.topicPartition().topic())
                        .setTopicId(forgotten.topicId())
                        .setPartitions(List.of(forgotten.topicPartition().partition())));
            }
        }
        return topics;
    }

    /** The answer in a response; its records are slices of the response's buffer. */
    public FetchAnswer toAnswer(FetchResponse response) {
        List<FetchAnswer.PartitionAnswer> partitions = new ArrayList<>();
        for (FetchableTopicResponse topic : response.data().responses()) {
            boolean byId = topic.topic().isEmpty();
            String name = byId ? topicNames.get(topic.topicId()) : topic.topic();
            for (PartitionData partition : topic.partitions()) {
                partitions.add(answerOf(new TopicPartition(name, partition.partitionIndex()), topic, partition));
            }
        }
        return new FetchAnswer(response.error(), response.sessionId(), response.throttleTimeMs(), partitions);
    }

    private static FetchAnswer.PartitionAnswer answerOf(
            TopicPartition topicPartition, FetchableTopicResponse topic, PartitionData partition) {
        EpochEndOffset diverging = FetchResponse.isDivergingEpoch(partition)
                ? new EpochEndOffset(
                        partition.divergingEpoch().epoch(),
                        partition.divergingEpoch().endOffset())
                : null;
        MemoryRecords records = partition.records() == null ? MemoryRecords.EMPTY : (MemoryRecords) partition.records();
        return new FetchAnswer.PartitionAnswer(
                topicPartition,
                topic.topicId(),
                Errors.forCode(partition.errorCode()),
                partition.highWatermark(),
                partition.logStartOffset(),
                diverging,
                records);
    }

    /**
     * What a follower asks for at most.
     *
     * @param brokerId who fetches
     * @param minBytes {@code replica.fetch.min.bytes}
     * @param maxBytes {@code replica.fetch.response.max.bytes}
     * @param partitionMaxBytes {@code replica.fetch.max.bytes}
     */
    public record FetchLimits(int brokerId, int minBytes, int maxBytes, int partitionMaxBytes) {}
}
