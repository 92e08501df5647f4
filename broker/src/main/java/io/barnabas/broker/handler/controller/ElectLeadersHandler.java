// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.Controller.Election;
import io.barnabas.coordination.controller.Refusal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/** ElectLeaders (KIP-183, KIP-460), v0 to v2: preferred only in v0. Asked for all, those that need none are not listed. */
final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequest> {
    private final Controller controller;
    private final Supplier<ClusterImage> images;
    private final Deadlines deadlines;

    ElectLeadersHandler(Controller controller, Supplier<ClusterImage> images, Deadlines deadlines) {
        this.controller = controller;
        this.images = images;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(ElectLeadersRequest request, RequestContext context) {
        ElectLeadersRequestData data = request.data();
        ElectionType type;
        try {
            type = request.version() == 0 ? ElectionType.PREFERRED : ElectionType.valueOf(data.electionType());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new UnknownServerException(e.getMessage()));
        }
        boolean all = data.topicPartitions() == null;
        Set<TopicPartition> partitions = all ? known() : named(data);
        return deadlines
                .within(
                        data.timeoutMs(),
                        controller.electLeaders(type, Optional.of(partitions)),
                        () -> allTimedOut(partitions))
                .thenApply(outcomes ->
                        new ElectLeadersResponse(0, Errors.NONE.code(), answer(outcomes, all), request.version()));
    }

    private Set<TopicPartition> known() {
        Set<TopicPartition> known = new LinkedHashSet<>();
        images.get().topics().values().forEach(topic -> topic.partitions()
                .keySet()
                .forEach(partition -> known.add(new TopicPartition(topic.name(), partition))));
        return known;
    }

    private static Set<TopicPartition> named(ElectLeadersRequestData data) {
        Set<TopicPartition> named = new LinkedHashSet<>();
        data.topicPartitions().forEach(topic -> topic.partitions()
                .forEach(partition -> named.add(new TopicPartition(topic.topic(), partition))));
        return named;
    }

    private static Map<TopicPartition, Election> allTimedOut(Set<TopicPartition> partitions) {
        Map<TopicPartition, Election> late = new LinkedHashMap<>();
        partitions.forEach(id -> late.put(id, new Election(Refusal.of(Errors.REQUEST_TIMED_OUT), OptionalInt.empty())));
        return late;
    }

    private static List<ReplicaElectionResult> answer(Map<TopicPartition, Election> outcomes, boolean all) {
        Map<String, ReplicaElectionResult> topics = new LinkedHashMap<>();
        outcomes.forEach((id, election) -> {
            Refusal refusal = election.refusal();
            if (!all || refusal.error() != Errors.ELECTION_NOT_NEEDED) {
                topics.computeIfAbsent(id.topic(), name -> new ReplicaElectionResult().setTopic(name))
                        .partitionResult()
                        .add(new PartitionResult()
                                .setPartitionId(id.partition())
                                .setErrorCode(refusal.error().code())
                                .setErrorMessage(isSilent(refusal) ? null : refusal.shown()));
            }
        });
        return List.copyOf(topics.values());
    }

    /** Success, and what a broker says that does not even look, are told by their codes alone. */
    private static boolean isSilent(Refusal refusal) {
        return refusal.isNone() || refusal.error() == Errors.NOT_CONTROLLER;
    }
}
