// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.replica.fetch.LeaderEndPoint.EpochAnswer;
import io.barnabas.replica.fetch.LeaderEndPoint.EpochQuestion;
import io.barnabas.replica.fetch.LeaderEndPoint.LogEnd;
import io.barnabas.replica.fetch.LeaderEndPoint.OffsetAnswer;
import io.barnabas.replica.log.EpochEndOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/** A follower's questions for offsets: OffsetForLeaderEpoch (API 23), versions 0 to 4, and ListOffsets (API 2), 0 to 9. */
public final class FollowerOffsetsCodec {
    private FollowerOffsetsCodec() {}

    /** The request for the ends of epochs. */
    public static OffsetsForLeaderEpochRequest toRequest(
            Map<TopicPartition, EpochQuestion> questions, int brokerId, short version) {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection(questions.size());
        questions.forEach((partition, question) -> {
            OffsetForLeaderTopic topic = topics.find(partition.topic());
            if (topic == null) {
                topic = new OffsetForLeaderTopic().setTopic(partition.topic());
                topics.add(topic);
            }
            topic.partitions()
                    .add(new OffsetForLeaderPartition()
                            .setPartition(partition.partition())
                            .setCurrentLeaderEpoch(question.currentLeaderEpoch())
                            .setLeaderEpoch(question.leaderEpoch()));
        });
        return OffsetsForLeaderEpochRequest.Builder.forFollower(version, topics, brokerId)
                .build(version);
    }

    /** The ends of epochs in a response. */
    public static Map<TopicPartition, EpochAnswer> toAnswers(OffsetsForLeaderEpochResponse response) {
        Map<TopicPartition, EpochAnswer> answers = new HashMap<>();
        for (OffsetForLeaderTopicResult topic : response.data().topics()) {
            topic.partitions()
                    .forEach(end -> answers.put(
                            new TopicPartition(topic.topic(), end.partition()),
                            new EpochAnswer(
                                    Errors.forCode(end.errorCode()),
                                    new EpochEndOffset(end.leaderEpoch(), end.endOffset()))));
        }
        return answers;
    }

    /** The request for one end of a log. */
    public static ListOffsetsRequest toRequest(
            TopicPartition partition, int currentLeaderEpoch, LogEnd end, int brokerId, short version) {
        ListOffsetsPartition asked = new ListOffsetsPartition()
                .setPartitionIndex(partition.partition())
                .setCurrentLeaderEpoch(currentLeaderEpoch)
                .setTimestamp(
                        end == LogEnd.EARLIEST
                                ? ListOffsetsRequest.EARLIEST_TIMESTAMP
                                : ListOffsetsRequest.LATEST_TIMESTAMP);
        ListOffsetsTopic topic =
                new ListOffsetsTopic().setName(partition.topic()).setPartitions(List.of(asked));
        return ListOffsetsRequest.Builder.forReplica(version, brokerId)
                .setTargetTimes(List.of(topic))
                .build(version);
    }

    /** The offset in a response; version 0 has a list, of which the first counts. */
    public static OffsetAnswer toAnswer(ListOffsetsResponse response, TopicPartition partition, short version) {
        for (ListOffsetsTopicResponse topic : response.topics()) {
            for (ListOffsetsPartitionResponse answer : topic.partitions()) {
                if (topic.name().equals(partition.topic()) && answer.partitionIndex() == partition.partition()) {
                    return toAnswer(answer, version);
                }
            }
        }
        return new OffsetAnswer(Errors.UNKNOWN_SERVER_ERROR, ListOffsetsResponse.UNKNOWN_OFFSET);
    }

    private static OffsetAnswer toAnswer(ListOffsetsPartitionResponse answer, short version) {
        Errors error = Errors.forCode(answer.errorCode());
        if (version >= 1 || error != Errors.NONE) {
            return new OffsetAnswer(error, answer.offset());
        }
        List<Long> offsets = answer.oldStyleOffsets();
        return offsets.isEmpty()
                ? new OffsetAnswer(Errors.UNKNOWN_SERVER_ERROR, ListOffsetsResponse.UNKNOWN_OFFSET)
                : new OffsetAnswer(Errors.NONE, offsets.get(0));
    }
}
