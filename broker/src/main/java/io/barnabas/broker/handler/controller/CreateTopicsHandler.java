// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicCreation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;

/**
 * CreateTopics, v0 to v7: default counts from v4 (KIP-464), configs in the answer from v5 (KIP-525), topic ids in v7
 * (KIP-516). Waits, at most as long as the request says, until the topic's leaders are known here.
 */
final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequest> {
    private final Controller controller;
    private final CreatedTopicConfigs configs;
    private final Deadlines deadlines;

    CreateTopicsHandler(Controller controller, CreatedTopicConfigs configs, Deadlines deadlines) {
        this.controller = controller;
        this.configs = configs;
        this.deadlines = deadlines;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(CreateTopicsRequest request, RequestContext context) {
        CreateTopicsRequestData data = request.data();
        Map<String, CompletableFuture<CreatableTopicResult>> results = new LinkedHashMap<>();
        List<CreatableTopic> accepted = new ArrayList<>();
        for (CreatableTopic topic : data.topics()) {
            Refusal refusal = refusal(data, topic);
            if (refusal.isNone()) {
                accepted.add(topic);
            } else {
                results.put(topic.name(), CompletableFuture.completedFuture(refused(topic.name(), refusal)));
            }
        }
        Map<String, CompletableFuture<TopicCreation>> outcomes = controller.createTopics(
                accepted.stream().map(CreateTopicsHandler::wanted).toList(), data.validateOnly());
        for (CreatableTopic topic : accepted) {
            results.put(topic.name(), result(data, topic, outcomes.get(topic.name())));
        }
        return Deadlines.all(results.values()).thenApply(done -> answer(data, results));
    }

    private Refusal refusal(CreateTopicsRequestData data, CreatableTopic topic) {
        if (!controller.isActive()) {
            return new Refusal(Errors.NOT_CONTROLLER, "");
        }
        if (data.topics().findAll(topic.name()).size() > 1) {
            return new Refusal(Errors.INVALID_REQUEST, "Found multiple entries for this topic.");
        }
        return topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
                ? new Refusal(
                        Errors.INVALID_REQUEST,
                        "Creation of internal topic " + Topic.CLUSTER_METADATA_TOPIC_NAME + " is prohibited.")
                : Refusal.NONE;
    }

    private static NewTopic wanted(CreatableTopic topic) {
        Map<Integer, List<Integer>> assignments = new LinkedHashMap<>();
        topic.assignments().forEach(a -> assignments.put(a.partitionIndex(), List.copyOf(a.brokerIds())));
        Map<String, String> overrides = new LinkedHashMap<>();
        topic.configs().forEach(config -> overrides.put(config.name(), config.value()));
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, overrides);
    }

    private CompletableFuture<CreatableTopicResult> result(
            CreateTopicsRequestData data, CreatableTopic topic, CompletableFuture<TopicCreation> outcome) {
        CompletableFuture<TopicCreation> decided = data.validateOnly() ? outcome : within(data.timeoutMs(), outcome);
        return decided.thenApply(creation ->
                creation.refusal().isNone() ? created(topic, creation) : refused(topic.name(), creation.refusal()));
    }

    private CompletableFuture<TopicCreation> within(int timeoutMs, CompletableFuture<TopicCreation> outcome) {
        return deadlines.within(
                timeoutMs, outcome, () -> TopicCreation.refused(new Refusal(Errors.REQUEST_TIMED_OUT, null)));
    }

    private CreatableTopicResult created(CreatableTopic topic, TopicCreation creation) {
        return new CreatableTopicResult()
                .setName(topic.name())
                .setErrorMessage(null)
                .setTopicId(creation.id())
                .setNumPartitions(creation.assignment().size())
                .setReplicationFactor((short) creation.assignment().get(0).size())
                .setConfigs(configs.describe(wanted(topic).configs()));
    }

    private static CreatableTopicResult refused(String topic, Refusal refusal) {
        return new CreatableTopicResult()
                .setName(topic)
                .setErrorCode(refusal.error().code())
                .setErrorMessage(refusal.message())
                .setConfigs(List.of());
    }

    private static CreateTopicsResponse answer(
            CreateTopicsRequestData data, Map<String, CompletableFuture<CreatableTopicResult>> results) {
        CreatableTopicResultCollection collected =
                new CreatableTopicResultCollection(data.topics().size());
        data.topics()
                .forEach(topic -> collected.add(results.get(topic.name()).join().duplicate()));
        return new CreateTopicsResponse(new CreateTopicsResponseData().setTopics(collected));
    }
}
