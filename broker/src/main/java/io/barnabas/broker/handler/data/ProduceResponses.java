// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.log.LogAppendInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse;

/** Turns the outcomes of appends into Kafka's response, in the order of the request. */
final class ProduceResponses {
    private static final short TELLS_CURRENT_LEADER = 10;

    private final CurrentLeaders leaders;

    ProduceResponses(CurrentLeaders leaders) {
        this.leaders = leaders;
    }

    ProduceResponse of(ProduceRequestData asked, Map<TopicPartition, AppendResult> results, RequestContext context) {
        ProduceResponseData data = new ProduceResponseData();
        for (TopicProduceData topic : asked.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.index());
                answersOf(data, topic.name())
                        .partitionResponses()
                        .add(partition(data, name, results.get(name), context));
            }
        }
        return new ProduceResponse(data);
    }

    /** A topic named twice is answered once, one asked nothing about not at all. */
    private static TopicProduceResponse answersOf(ProduceResponseData data, String topic) {
        TopicProduceResponse answers = data.responses().find(topic);
        if (answers == null) {
            answers = new TopicProduceResponse().setName(topic);
            data.responses().add(answers);
        }
        return answers;
    }

    private PartitionProduceResponse partition(
            ProduceResponseData data, TopicPartition name, AppendResult result, RequestContext context) {
        PartitionProduceResponse answer = new PartitionProduceResponse()
                .setIndex(name.partition())
                .setErrorCode(result.error().code())
                .setBaseOffset(result.baseOffset())
                .setLogAppendTimeMs(result.logAppendTimeMs())
                .setLogStartOffset(result.logStartOffset())
                .setErrorMessage(result.errorMessage());
        if (!result.recordErrors().isEmpty()) {
            answer.setRecordErrors(recordErrors(result.recordErrors()));
        }
        if (result.error() == Errors.NOT_LEADER_OR_FOLLOWER && context.apiVersion() >= TELLS_CURRENT_LEADER) {
            tellLeader(data, answer, leaders.of(name, context.listener()));
        }
        return answer;
    }

    private static List<BatchIndexAndErrorMessage> recordErrors(List<LogAppendInfo.RecordError> errors) {
        List<BatchIndexAndErrorMessage> answers = new ArrayList<>(errors.size());
        for (LogAppendInfo.RecordError error : errors) {
            answers.add(new BatchIndexAndErrorMessage()
                    .setBatchIndex(error.batchIndex())
                    .setBatchIndexErrorMessage(error.message()));
        }
        return answers;
    }

    private static void tellLeader(
            ProduceResponseData data, PartitionProduceResponse answer, CurrentLeaders.Leader leader) {
        answer.currentLeader().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
        if (leader.node().isPresent() && data.nodeEndpoints().find(leader.id()) == null) {
            Node node = leader.node().get();
            data.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
        }
    }
}
