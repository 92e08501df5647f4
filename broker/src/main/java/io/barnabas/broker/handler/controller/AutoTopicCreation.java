// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.cluster.TopicAutoCreator;
import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicCreation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics nobody created: on the active controller directly, elsewhere by asking it. Called from any thread; a topic
 * whose creation is under way is not asked for twice.
 */
public final class AutoTopicCreation implements TopicAutoCreator {
    private static final Logger LOG = LoggerFactory.getLogger(AutoTopicCreation.class);

    private final Controller controller;
    private final ControllerChannel channel;
    private final Map<String, NewTopic> internalTopics;
    private final Duration timeout;
    private final short requestVersion;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param channel the way to the controller where this broker is not it
     * @param internalTopics what internal topics are to look like, by name; see {@link InternalTopics}
     * @param timeout how long a request to the controller may take, {@code request.timeout.ms}
     * @param requestVersion the version of CreateTopics to ask with
     */
    public AutoTopicCreation(
            Controller controller,
            ControllerChannel channel,
            Map<String, NewTopic> internalTopics,
            Duration timeout,
            short requestVersion) {
        this.controller = controller;
        this.channel = channel;
        this.internalTopics = Map.copyOf(internalTopics);
        this.timeout = timeout;
        this.requestVersion = requestVersion;
    }

    @Override
    public CompletionStage<Map<String, Errors>> create(Set<String> topics) {
        Map<String, Errors> answers = new HashMap<>();
        List<NewTopic> creatable = new ArrayList<>();
        for (String topic : topics) {
            if (!Topic.isValid(topic)) {
                answers.put(topic, Errors.INVALID_TOPIC_EXCEPTION);
            } else if (underWay.add(topic)) {
                creatable.add(template(topic));
            } else {
                answers.put(topic, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        if (creatable.isEmpty()) {
            return CompletableFuture.completedFuture(answers);
        }
        if (!controller.isActive()) {
            ask(creatable);
            creatable.forEach(topic -> answers.put(topic.name(), Errors.UNKNOWN_TOPIC_OR_PARTITION));
            return CompletableFuture.completedFuture(answers);
        }
        return createHere(creatable, answers);
    }

    private NewTopic template(String topic) {
        NewTopic internal = internalTopics.get(topic);
        return internal != null
                ? internal
                : new NewTopic(
                        topic, NewTopic.DEFAULT_PARTITIONS, NewTopic.DEFAULT_REPLICATION_FACTOR, Map.of(), Map.of());
    }

    private CompletionStage<Map<String, Errors>> createHere(List<NewTopic> topics, Map<String, Errors> answers) {
        Map<String, CompletableFuture<TopicCreation>> outcomes = controller.createTopics(topics, false);
        outcomes.forEach((topic, outcome) -> outcome.completeOnTimeout(
                        TopicCreation.refused(Refusal.of(Errors.REQUEST_TIMED_OUT)),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS)
                .whenComplete((creation, failure) -> underWay.remove(topic)));
        return Deadlines.all(outcomes.values()).thenApply(done -> {
            outcomes.forEach((topic, outcome) ->
                    answers.put(topic, answer(outcome.join().refusal().error())));
            return answers;
        });
    }

    private static Errors answer(Errors error) {
        return switch (error) {
            case NONE, TOPIC_ALREADY_EXISTS, REQUEST_TIMED_OUT -> Errors.LEADER_NOT_AVAILABLE;
            case NOT_CONTROLLER -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            default -> error;
        };
    }

    private void ask(List<NewTopic> topics) {
        CreatableTopicCollection wanted = new CreatableTopicCollection(topics.size());
        topics.forEach(topic -> wanted.add(creatable(topic)));
        CreateTopicsRequestData data = new CreateTopicsRequestData()
                .setTimeoutMs((int) timeout.toMillis())
                .setTopics(wanted);
        channel.send(new CreateTopicsRequest.Builder(data).build(requestVersion), timeout)
                .whenComplete((answer, failure) -> {
                    topics.forEach(topic -> underWay.remove(topic.name()));
                    if (failure != null) {
                        LOG.warn("Could not ask the controller to create {}: {}", names(topics), failure.toString());
                    }
                });
    }

    private static List<String> names(List<NewTopic> topics) {
        return topics.stream().map(NewTopic::name).toList();
    }

    private static CreatableTopic creatable(NewTopic topic) {
        CreatableTopicConfigCollection configs =
                new CreatableTopicConfigCollection(topic.configs().size());
        topic.configs()
                .forEach((name, value) ->
                        configs.add(new CreatableTopicConfig().setName(name).setValue(value)));
        return new CreatableTopic()
                .setName(topic.name())
                .setNumPartitions(topic.numPartitions())
                .setReplicationFactor(topic.replicationFactor())
                .setConfigs(configs);
    }
}
