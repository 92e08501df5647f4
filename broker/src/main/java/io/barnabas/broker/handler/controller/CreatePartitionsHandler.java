// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.NewPartitions;
import io.barnabas.coordination.controller.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;

/** CreatePartitions (KIP-195), v0 to v3. */
final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequest> {
    private final Controller controller;
    private final Deadlines deadlines;

    CreatePartitionsHandler(Controller controller, Deadlines deadlines) {
        this.controller = controller;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(CreatePartitionsRequest request, RequestContext context) {
        CreatePartitionsRequestData data = request.data();
        Map<String, Integer> count = new HashMap<>();
        data.topics().forEach(topic -> count.merge(topic.name(), 1, Integer::sum));
        Map<String, CompletableFuture<Refusal>> results = new LinkedHashMap<>();
        List<NewPartitions> accepted = new ArrayList<>();
        for (CreatePartitionsTopic topic : data.topics()) {
            if (!controller.isActive()) {
                results.put(topic.name(), CompletableFuture.completedFuture(Refusal.NOT_CONTROLLER));
            } else if (count.get(topic.name()) > 1) {
                results.put(
                        topic.name(),
                        CompletableFuture.completedFuture(
                                new Refusal(Errors.INVALID_REQUEST, "Duplicate topic in request.")));
            } else {
                accepted.add(wanted(topic));
            }
        }
        controller
                .createPartitions(accepted, data.validateOnly())
                .forEach((topic, outcome) -> results.put(
                        topic,
                        data.validateOnly()
                                ? outcome
                                : deadlines.within(
                                        data.timeoutMs(), outcome, () -> new Refusal(Errors.REQUEST_TIMED_OUT, null))));
        return Deadlines.all(results.values()).thenApply(done -> answer(results));
    }

    private static NewPartitions wanted(CreatePartitionsTopic topic) {
        return new NewPartitions(
                topic.name(),
                topic.count(),
                Optional.ofNullable(topic.assignments()).map(chosen -> chosen.stream()
                        .map(a -> List.copyOf(a.brokerIds()))
                        .toList()));
    }

    private static CreatePartitionsResponse answer(Map<String, CompletableFuture<Refusal>> results) {
        List<CreatePartitionsTopicResult> answers = new ArrayList<>();
        results.forEach((topic, result) -> answers.add(new CreatePartitionsTopicResult()
                .setName(topic)
                .setErrorCode(result.join().error().code())
                .setErrorMessage(result.join().message())));
        return new CreatePartitionsResponse(new CreatePartitionsResponseData().setResults(answers));
    }
}
