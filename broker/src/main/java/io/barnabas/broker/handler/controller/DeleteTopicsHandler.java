// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/** DeleteTopics, v0 to v6: by name or, from v6, by id (KIP-516). */
final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequest> {
    private static final short DISABLED_ERROR_SINCE = 3;

    private final Controller controller;
    private final Supplier<ClusterImage> images;
    private final boolean enabled;
    private final Deadlines deadlines;

    DeleteTopicsHandler(Controller controller, Supplier<ClusterImage> images, boolean enabled, Deadlines deadlines) {
        this.controller = controller;
        this.images = images;
        this.enabled = enabled;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(DeleteTopicsRequest request, RequestContext context) {
        if (!controller.isActive()) {
            return CompletableFuture.completedFuture(refuseAll(request, Errors.NOT_CONTROLLER));
        }
        if (!enabled) {
            return CompletableFuture.completedFuture(refuseAll(
                    request,
                    request.version() < DISABLED_ERROR_SINCE
                            ? Errors.INVALID_REQUEST
                            : Errors.TOPIC_DELETION_DISABLED));
        }
        List<DeletableTopicResult> results = new ArrayList<>();
        Map<String, DeletableTopicResult> accepted = new LinkedHashMap<>();
        ClusterImage image = images.get();
        for (DeleteTopicState topic : request.topics()) {
            DeletableTopicResult result = resolve(topic, image);
            results.add(result);
            if (result.errorCode() == Errors.NONE.code()) {
                accepted.put(result.name(), result);
            }
        }
        Map<String, CompletableFuture<Refusal>> outcomes = new LinkedHashMap<>();
        controller
                .deleteTopics(accepted.keySet())
                .forEach((topic, outcome) -> outcomes.put(
                        topic,
                        deadlines.within(
                                request.data().timeoutMs(), outcome, () -> Refusal.of(Errors.REQUEST_TIMED_OUT))));
        return Deadlines.all(outcomes.values()).thenApply(done -> {
            outcomes.forEach((topic, outcome) ->
                    accepted.get(topic).setErrorCode(outcome.join().error().code()));
            return answer(results);
        });
    }

    private static DeletableTopicResult resolve(DeleteTopicState topic, ClusterImage image) {
        boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
        if (byId && topic.name() != null) {
            throw new InvalidRequestException("Topic name and topic ID can not both be specified.");
        }
        String name = byId ? image.topicName(topic.topicId()).orElse(null) : topic.name();
        DeletableTopicResult result = new DeletableTopicResult().setName(name).setTopicId(topic.topicId());
        if (name == null && !byId) {
            return result.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        if (name == null) {
            return result.setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
        }
        return image.topic(name).isPresent() ? result : result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static DeleteTopicsResponse refuseAll(DeleteTopicsRequest request, Errors error) {
        List<DeletableTopicResult> results = new ArrayList<>();
        request.topics()
                .forEach(topic -> results.add(new DeletableTopicResult()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setErrorCode(error.code())));
        return answer(results);
    }

    private static DeleteTopicsResponse answer(List<DeletableTopicResult> results) {
        DeletableTopicResultCollection collected = new DeletableTopicResultCollection(results.size());
        collected.addAll(results);
        return new DeleteTopicsResponse(new DeleteTopicsResponseData().setResponses(collected));
    }
}
