// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.Controller.Listed;
import io.barnabas.coordination.controller.Refusal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/** ListPartitionReassignments (KIP-455), v0: those asked for, or all. */
final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequest> {
    private final Controller controller;
    private final Deadlines deadlines;

    ListPartitionReassignmentsHandler(Controller controller, Deadlines deadlines) {
        this.controller = controller;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(
            ListPartitionReassignmentsRequest request, RequestContext context) {
        ListPartitionReassignmentsRequestData data = request.data();
        Optional<Set<TopicPartition>> asked = Optional.ofNullable(data.topics()).map(topics -> {
            Set<TopicPartition> named = new LinkedHashSet<>();
            topics.forEach(topic ->
                    topic.partitionIndexes().forEach(index -> named.add(new TopicPartition(topic.name(), index))));
            return named;
        });
        return deadlines
                .within(
                        data.timeoutMs(),
                        controller.listReassignments(asked),
                        () -> new Listed(Refusal.of(Errors.REQUEST_TIMED_OUT), Map.of()))
                .thenApply(listed -> new ListPartitionReassignmentsResponse(answer(listed)));
    }

    private static ListPartitionReassignmentsResponseData answer(Listed listed) {
        if (!listed.refusal().isNone()) {
            return new ListPartitionReassignmentsResponseData()
                    .setErrorCode(listed.refusal().error().code())
                    .setErrorMessage(listed.refusal().shown());
        }
        Map<String, OngoingTopicReassignment> topics = new LinkedHashMap<>();
        listed.partitions().forEach((id, assignment) -> topics.computeIfAbsent(
                        id.topic(), name -> new OngoingTopicReassignment().setName(name))
                .partitions()
                .add(new OngoingPartitionReassignment()
                        .setPartitionIndex(id.partition())
                        .setReplicas(assignment.replicas())
                        .setAddingReplicas(assignment.adding())
                        .setRemovingReplicas(assignment.removing())));
        return new ListPartitionReassignmentsResponseData().setTopics(List.copyOf(topics.values()));
    }
}
