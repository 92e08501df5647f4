// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.Controller.Reassigned;
import io.barnabas.coordination.controller.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;

/** AlterPartitionReassignments (KIP-455), v0: null replicas cancel. */
final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequest> {
    private final Controller controller;
    private final Deadlines deadlines;

    AlterPartitionReassignmentsHandler(Controller controller, Deadlines deadlines) {
        this.controller = controller;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(
            AlterPartitionReassignmentsRequest request, RequestContext context) {
        AlterPartitionReassignmentsRequestData data = request.data();
        Map<TopicPartition, Optional<List<Integer>>> targets = new LinkedHashMap<>();
        data.topics().forEach(topic -> topic.partitions()
                .forEach(partition -> targets.put(
                        new TopicPartition(topic.name(), partition.partitionIndex()),
                        Optional.ofNullable(partition.replicas()).map(List::copyOf))));
        return deadlines
                .within(
                        data.timeoutMs(),
                        controller.alterReassignments(targets),
                        () -> new Reassigned(Refusal.of(Errors.REQUEST_TIMED_OUT), Map.of()))
                .thenApply(outcome -> new AlterPartitionReassignmentsResponse(answer(outcome)));
    }

    private static AlterPartitionReassignmentsResponseData answer(Reassigned outcome) {
        if (!outcome.refusal().isNone()) {
            return new AlterPartitionReassignmentsResponseData()
                    .setErrorCode(outcome.refusal().error().code())
                    .setErrorMessage(outcome.refusal().shown());
        }
        Map<String, ReassignableTopicResponse> topics = new LinkedHashMap<>();
        outcome.partitions().forEach((id, refusal) -> topics.computeIfAbsent(
                        id.topic(), name -> new ReassignableTopicResponse().setName(name))
                .partitions()
                .add(new ReassignablePartitionResponse()
                        .setPartitionIndex(id.partition())
                        .setErrorCode(refusal.error().code())
                        .setErrorMessage(refusal.isNone() ? null : refusal.shown())));
        return new AlterPartitionReassignmentsResponseData().setResponses(List.copyOf(topics.values()));
    }
}
