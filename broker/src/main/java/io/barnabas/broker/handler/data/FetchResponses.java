// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.AbortedTransaction;
import io.barnabas.replica.session.FetchContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/** Turns what was read into Kafka's response; old versions get old record formats and old error codes. */
final class FetchResponses {
    private static final short TELLS_CURRENT_LEADER = 16;
    /** Up to this version clients do not know KAFKA_STORAGE_ERROR. */
    private static final short NO_STORAGE_ERROR = 5;

    private final CurrentLeaders leaders;
    private final DownConversion downConversion;

    FetchResponses(ReplicaManager replicas, CurrentLeaders leaders) {
        this.leaders = leaders;
        this.downConversion = new DownConversion(replicas);
    }

    /** @param results what was read of every partition of the session; the session picks what is news */
    FetchResponse of(FetchContext session, List<FetchResult> results, FetchRequest request, RequestContext context) {
        FetchContext.Answer answer = session.answer(results);
        LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
        Map<Integer, Node> nodes = new HashMap<>();
        for (FetchResult result : answer.results()) {
            PartitionData data = partition(session, result, request, context);
            if (context.apiVersion() >= TELLS_CURRENT_LEADER) {
                tellLeader(result, data, nodes, context);
            }
            partitions.put(result.topicIdPartition(), data);
        }
        return FetchResponse.of(answer.error(), 0, answer.sessionId(), partitions, List.copyOf(nodes.values()));
    }

    private PartitionData partition(
            FetchContext session, FetchResult result, FetchRequest request, RequestContext context) {
        short version = context.apiVersion();
        PartitionData data = new PartitionData()
                .setPartitionIndex(result.topicIdPartition().partition())
                .setErrorCode(errorFor(result.error(), version).code())
                .setHighWatermark(result.highWatermark())
                .setLastStableOffset(result.lastStableOffset())
                .setLogStartOffset(result.logStartOffset())
                .setAbortedTransactions(aborted(result.abortedTransactions()))
                .setPreferredReadReplica(result.preferredReadReplica())
                .setRecords(result.records());
        result.divergingEpoch()
                .ifPresent(end -> data.setDivergingEpoch(new FetchResponseData.EpochEndOffset()
                        .setEpoch(end.leaderEpoch())
                        .setEndOffset(end.endOffset())));
        return downConversion.apply(
                result, data, version, request.isFromFollower(), () -> fetchOffset(session, result));
    }

    private static long fetchOffset(FetchContext session, FetchResult result) {
        return session.partitions().stream()
                .filter(asked -> asked.topicIdPartition().equals(result.topicIdPartition()))
                .mapToLong(FetchCommand.Partition::fetchOffset)
                .findFirst()
                .orElse(0L);
    }

    private static Errors errorFor(Errors error, short version) {
        return error == Errors.KAFKA_STORAGE_ERROR && version <= NO_STORAGE_ERROR
                ? Errors.NOT_LEADER_OR_FOLLOWER
                : error;
    }

    private static List<FetchResponseData.AbortedTransaction> aborted(List<AbortedTransaction> transactions) {
        if (transactions == null) {
            return null;
        }
        List<FetchResponseData.AbortedTransaction> answers = new ArrayList<>(transactions.size());
        for (AbortedTransaction transaction : transactions) {
            answers.add(new FetchResponseData.AbortedTransaction()
                    .setProducerId(transaction.producerId())
                    .setFirstOffset(transaction.firstOffset()));
        }
        return answers;
    }

    private void tellLeader(FetchResult result, PartitionData data, Map<Integer, Node> nodes, RequestContext context) {
        if (result.error() != Errors.NOT_LEADER_OR_FOLLOWER && result.error() != Errors.FENCED_LEADER_EPOCH) {
            return;
        }
        CurrentLeaders.Leader leader = leaders.of(result.topicIdPartition().topicPartition(), context.listener());
        data.currentLeader().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
        leader.node().ifPresent(node -> nodes.put(node.id(), node));
    }
}
