// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicCreation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.junit.jupiter.api.Test;

class AutoTopicCreationTest {
    private static final NewTopic OFFSETS =
            new NewTopic("__consumer_offsets", 50, (short) 3, Map.of(), Map.of("cleanup.policy", "compact"));

    private final ScriptedController says = new ScriptedController();
    private final Asked channel = new Asked();
    private final AutoTopicCreation creation = new AutoTopicCreation(
            says.controller(), channel, Map.of(OFFSETS.name(), OFFSETS), Duration.ofMillis(200), (short) 7);
    private final Map<String, CompletableFuture<TopicCreation>> outcomes = new HashMap<>();
    private final List<NewTopic> created = new ArrayList<>();

    /** The way to a controller elsewhere. */
    private static final class Asked implements ControllerChannel {
        final List<CreateTopicsRequest> requests = new ArrayList<>();
        CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();

        @Override
        public CompletableFuture<AbstractResponse> send(AbstractRequest request, Duration deadline) {
            requests.add((CreateTopicsRequest) request);
            return answer;
        }

        @Override
        public void close() {
            answer.cancel(false);
        }
    }

    private void isController() {
        says.active(true).on("createTopics", arguments -> {
            Map<String, CompletableFuture<TopicCreation>> asked = new HashMap<>();
            ((Collection<?>) arguments[0]).forEach(topic -> {
                NewTopic wanted = (NewTopic) topic;
                created.add(wanted);
                asked.put(wanted.name(), outcomes.computeIfAbsent(wanted.name(), name -> new CompletableFuture<>()));
            });
            return asked;
        });
    }

    private Map<String, Errors> create(String... topics) {
        return creation.create(Set.of(topics)).toCompletableFuture().join();
    }

    private void outcome(String topic, Errors error) {
        outcomes.put(topic, CompletableFuture.completedFuture(TopicCreation.refused(Refusal.of(error))));
    }

    @Test
    void createsAsTheControllerAndHasTheClientComeBackForTheLeader() {
        isController();
        outcome("new", Errors.NONE);
        outcome("raced", Errors.TOPIC_ALREADY_EXISTS);
        outcome("refused", Errors.POLICY_VIOLATION);
        outcome("too-few", Errors.INVALID_REPLICATION_FACTOR);
        outcome("moved", Errors.NOT_CONTROLLER);

        assertThat(create("new", "raced", "refused", "too-few", "moved", "not a name"))
                .containsOnly(
                        entry("new", Errors.LEADER_NOT_AVAILABLE),
                        entry("raced", Errors.LEADER_NOT_AVAILABLE),
                        entry("refused", Errors.POLICY_VIOLATION),
                        entry("too-few", Errors.INVALID_REPLICATION_FACTOR),
                        entry("moved", Errors.UNKNOWN_TOPIC_OR_PARTITION),
                        entry("not a name", Errors.INVALID_TOPIC_EXCEPTION));
        assertThat(channel.requests).isEmpty();
    }

    @Test
    void givesTopicsTheBrokersDefaultsAndInternalTopicsTheirOwnForm() {
        isController();
        outcome("plain", Errors.NONE);
        outcome(OFFSETS.name(), Errors.NONE);

        create("plain", OFFSETS.name());

        assertThat(created)
                .containsExactlyInAnyOrder(
                        OFFSETS,
                        new NewTopic(
                                "plain",
                                NewTopic.DEFAULT_PARTITIONS,
                                NewTopic.DEFAULT_REPLICATION_FACTOR,
                                Map.of(),
                                Map.of()));
    }

    @Test
    void answersInTimeWhenTheCreationTakesLong() {
        isController();

        assertThat(create("slow")).containsOnly(entry("slow", Errors.LEADER_NOT_AVAILABLE));
    }

    @Test
    void asksTheControllerElsewhereOnceAndNotAgainUntilItAnswered() {
        says.active(false);

        assertThat(create("a", OFFSETS.name())).containsValue(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        create("a");
        assertThat(channel.requests).hasSize(1);
        CreateTopicsRequest request = channel.requests.get(0);
        assertThat(request.version()).isEqualTo((short) 7);
        CreatableTopic internal = request.data().topics().find(OFFSETS.name());
        assertThat(internal.numPartitions()).isEqualTo(50);
        assertThat(internal.configs().find("cleanup.policy").value()).isEqualTo("compact");

        channel.answer.complete(new CreateTopicsResponse(new CreateTopicsResponseData()));
        create("a");
        assertThat(channel.requests).hasSize(2);
    }

    @Test
    void asksAgainAfterTheControllerCouldNotBeReached() {
        says.active(false);
        create("a");

        channel.answer.completeExceptionally(new TimeoutException("nobody there"));
        create("a");

        assertThat(channel.requests).hasSize(2);
    }
}
