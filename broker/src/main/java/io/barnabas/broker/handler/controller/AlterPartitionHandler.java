// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.protocol.LivenessCodec;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.IsrDecision;
import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.liveness.Evidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;

/** AlterPartition (KIP-497), v0 to v3: by topic id from v2 (KIP-841), with the ISR's broker epochs from v3 (KIP-903). */
final class AlterPartitionHandler implements RequestHandler<AlterPartitionRequest> {
    private static final short TOPIC_IDS_SINCE = 2;
    private static final short EPOCHS_SINCE = 3;

    private final Controller controller;
    private final Consumer<Evidence.Reported> reports;

    /** @param reports takes what other observers say of brokers' deaths */
    AlterPartitionHandler(Controller controller, Consumer<Evidence.Reported> reports) {
        this.controller = controller;
        this.reports = reports;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_PARTITION;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(AlterPartitionRequest request, RequestContext context) {
        Optional<Evidence.Reported> report = LivenessCodec.report(request);
        if (report.isPresent()) {
            reports.accept(report.get());
            return CompletableFuture.completedFuture(new AlterPartitionResponse(new AlterPartitionResponseData()));
        }
        boolean byId = request.version() >= TOPIC_IDS_SINCE;
        return controller
                .alterPartition(proposal(request.data(), byId, request.version() >= EPOCHS_SINCE))
                .thenApply(decision -> new AlterPartitionResponse(answer(decision, byId)));
    }

    private static IsrProposal proposal(AlterPartitionRequestData data, boolean byId, boolean withEpochs) {
        List<IsrProposal.Partition> partitions = new ArrayList<>();
        for (AlterPartitionRequestData.TopicData topic : data.topics()) {
            for (AlterPartitionRequestData.PartitionData partition : topic.partitions()) {
                partitions.add(new IsrProposal.Partition(
                        topic.topicName() == null ? "" : topic.topicName(),
                        topic.topicId(),
                        partition.partitionIndex(),
                        partition.leaderEpoch(),
                        isr(partition, withEpochs),
                        LeaderRecoveryState.of(partition.leaderRecoveryState()),
                        partition.partitionEpoch()));
            }
        }
        return new IsrProposal(data.brokerId(), data.brokerEpoch(), byId, partitions);
    }

    private static List<IsrProposal.Member> isr(AlterPartitionRequestData.PartitionData partition, boolean withEpochs) {
        return withEpochs
                ? partition.newIsrWithEpochs().stream()
                        .map(member -> new IsrProposal.Member(member.brokerId(), member.brokerEpoch()))
                        .toList()
                : partition.newIsr().stream()
                        .map(id -> new IsrProposal.Member(id, BrokerInfo.UNKNOWN_EPOCH))
                        .toList();
    }

    private static AlterPartitionResponseData answer(IsrDecision decision, boolean byId) {
        Map<Object, AlterPartitionResponseData.TopicData> topics = new LinkedHashMap<>();
        for (IsrDecision.Partition partition : decision.partitions()) {
            AlterPartitionResponseData.TopicData topic = topics.computeIfAbsent(
                    byId ? partition.topicId() : partition.topic(),
                    key -> byId
                            ? new AlterPartitionResponseData.TopicData().setTopicId(partition.topicId())
                            : new AlterPartitionResponseData.TopicData().setTopicName(partition.topic()));
            topic.partitions().add(answer(partition));
        }
        return new AlterPartitionResponseData()
                .setErrorCode(decision.error().code())
                .setTopics(List.copyOf(topics.values()));
    }

    private static AlterPartitionResponseData.PartitionData answer(IsrDecision.Partition partition) {
        AlterPartitionResponseData.PartitionData data = new AlterPartitionResponseData.PartitionData()
                .setPartitionIndex(partition.partition())
                .setErrorCode(partition.error().code());
        partition.leaderAndIsr().ifPresent(now -> data.setLeaderId(now.leader())
                .setLeaderEpoch(now.leaderEpoch())
                .setIsr(now.isr())
                .setLeaderRecoveryState(now.recoveryState().value())
                .setPartitionEpoch(now.partitionEpoch()));
        return data;
    }
}
