// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.controller.NewPartitions;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicCreation;
import io.barnabas.coordination.controller.decide.ReplicaAssigner;
import io.barnabas.coordination.controller.decide.TopicCreationDecider;
import io.barnabas.coordination.controller.event.TopicEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.picture.TopicEntry;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.VersionConflictException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** Creates topics and partitions, and takes note of those others created in the store. */
final class TopicSteps {
    private static final int MAX_ATTEMPTS = 5;

    private final Term term;
    private final ClusterPicture picture;
    private final TopicCreationDecider decider;
    private final Supplier<Uuid> topicIds;

    TopicSteps(Term term, ReplicaAssigner assigner, Supplier<Uuid> topicIds) {
        this.term = term;
        this.picture = term.picture;
        this.decider = new TopicCreationDecider(picture, term.deletionProgress, term.rules, assigner);
        this.topicIds = topicIds;
    }

    // ---- asked for by request

    /** Creates topics one after the other; each outcome comes when this broker's metadata cache knows the leaders. */
    CompletableFuture<Void> create(Map<NewTopic, CompletableFuture<TopicCreation>> topics, boolean validateOnly) {
        return Term.each(topics.entrySet(), e -> create(e.getKey(), validateOnly, e.getValue()));
    }

    private CompletableFuture<Void> create(
            NewTopic wanted, boolean validateOnly, CompletableFuture<TopicCreation> outcome) {
        TopicCreation decision = decider.newTopic(wanted);
        if (validateOnly || !decision.refusal().isNone()) {
            outcome.complete(decision);
            return Term.done();
        }
        Optional<Uuid> id = term.settings.usesTopicIds() ? Optional.of(topicIds.get()) : Optional.empty();
        TopicRecord record = new TopicRecord(
                wanted.name(), id, TopicCreationDecider.asAssignments(decision.assignment()), Versions.ABSENT);
        TopicCreation success = new TopicCreation(Refusal.NONE, id.orElse(Uuid.ZERO_UUID), decision.assignment());
        ConfigRecord config = new ConfigRecord(wanted.configs(), Map.of(), Versions.ANY);
        return term.loop
                .hop(term.store
                        .configs()
                        .write(ConfigEntity.topic(wanted.name()), config)
                        .thenCompose(written -> term.store.topics().create(record, term.fence())))
                .thenCompose(written -> bring(List.of(written), "its creation was asked for"))
                .thenAccept(waiting -> answerWhenLed(wanted.name(), waiting, () -> outcome.complete(success)))
                .exceptionally(failure -> {
                    Failures.passOnEndOfTerm(failure);
                    outcome.complete(TopicCreation.refused(creationFailure(wanted.name(), failure)));
                    return null;
                });
    }

    private static Refusal creationFailure(String topic, Throwable failure) {
        return Failures.cause(failure) instanceof EntryExistsException
                ? new Refusal(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + topic + "' already exists.")
                : new Refusal(Errors.UNKNOWN_SERVER_ERROR, String.valueOf(failure.getMessage()));
    }

    /**
     * Sends the batch; when this broker heard it, answers, unless a partition has no leader: then it is left waiting.
     */
    private void answerWhenLed(String topic, PartitionWriter.Result elected, Runnable answer) {
        CompletableFuture<Void> heard = term.batch.send();
        if (elected.refused().isEmpty()) {
            heard.thenRun(answer);
        } else {
            term.events.record(new TopicEvents.TopicCreationWaits(
                    topic, elected.refused().size(), term.epoch(), "not every partition could be given a leader"));
        }
    }

    /** Adds partitions; outcomes as with {@link #create}. */
    CompletableFuture<Void> extend(Map<NewPartitions, CompletableFuture<Refusal>> topics, boolean validateOnly) {
        return Term.each(topics.entrySet(), e -> extend(e.getKey(), validateOnly, e.getValue(), 1));
    }

    private CompletableFuture<Void> extend(
            NewPartitions wanted, boolean validateOnly, CompletableFuture<Refusal> outcome, int round) {
        TopicCreation decision = decider.newPartitions(wanted);
        if (validateOnly || !decision.refusal().isNone()) {
            outcome.complete(decision.refusal());
            return Term.done();
        }
        TopicEntry topic = picture.topic(wanted.topic()).orElseThrow();
        SortedMap<Integer, ReplicaAssignment> all = new TreeMap<>(topic.record().partitions());
        all.putAll(TopicCreationDecider.asAssignments(decision.assignment()));
        return term.loop
                .hop(term.store.topics().update(topic.record().withPartitions(all), term.fence()))
                .thenCompose(written -> merge(written, "partitions were asked for"))
                .thenAccept(elected -> answerWhenLed(topic.name(), elected, () -> outcome.complete(Refusal.NONE)))
                .handle((done, failure) -> failure)
                .thenCompose(failure -> {
                    if (failure == null) {
                        return Term.done();
                    }
                    Failures.passOnEndOfTerm(failure);
                    if (Failures.cause(failure) instanceof VersionConflictException && round < MAX_ATTEMPTS) {
                        return refreshTopics(Set.of(topic.name()))
                                .thenCompose(read -> extend(wanted, false, outcome, round + 1));
                    }
                    outcome.complete(new Refusal(Errors.UNKNOWN_SERVER_ERROR, String.valueOf(failure.getMessage())));
                    return Term.done();
                });
    }

    // ---- found in the store

    /** Compares the topics there are with those known. */
    CompletableFuture<Void> refreshNames() {
        return term.loop.hop(term.store.topics().names()).thenCompose(names -> {
            Set<String> gone = new HashSet<>(picture.topicNames());
            gone.removeAll(names);
            gone.forEach(picture::removeTopic);
            Set<String> added = new HashSet<>(names);
            added.removeAll(picture.topicNames());
            if (added.isEmpty()) {
                return Term.done();
            }
            return readTopics(added)
                    .thenCompose(records -> bring(records, "the topic appeared in the store"))
                    .thenAccept(result -> term.batch.send());
        });
    }

    /** Reads topics again: partitions may have been added. */
    CompletableFuture<Void> refreshTopics(Collection<String> names) {
        Set<String> known = new HashSet<>(names);
        known.retainAll(picture.topicNames());
        if (known.isEmpty()) {
            return Term.done();
        }
        return term.loop
                .hop(term.store.topics().read(known))
                .thenCompose(records -> Term.each(
                        records.values(), record -> merge(record, "the topic's assignment changed in the store")
                                .thenAccept(result -> {})))
                .thenRun(() -> {
                    term.batch.send();
                });
    }

    /** Reads topics, and gives ids to those that have none where the protocol version wants them. */
    CompletableFuture<Collection<TopicRecord>> readTopics(Collection<String> names) {
        return term.loop.hop(term.store.topics().read(names)).thenCompose(read -> {
            List<TopicRecord> records = new ArrayList<>();
            return Term.each(read.values(), record -> withId(record).thenAccept(records::add))
                    .thenApply(done -> records);
        });
    }

    private CompletableFuture<TopicRecord> withId(TopicRecord record) {
        if (!term.settings.usesTopicIds() || record.id().isPresent()) {
            return CompletableFuture.completedFuture(record);
        }
        return term.loop.hop(term.store.topics().update(record.withId(topicIds.get()), term.fence()));
    }

    /** Takes new topics in and elects their first leaders. */
    private CompletableFuture<PartitionWriter.Result> bring(Collection<TopicRecord> records, String why) {
        List<PartitionEntry> partitions = new ArrayList<>();
        for (TopicRecord record : records) {
            TopicEntry topic = picture.addTopic(record);
            partitions.addAll(topic.partitions().values());
            term.events.record(new TopicEvents.TopicCreated(
                    topic.name(), topic.id(), topic.partitions().size(), term.epoch(), why));
        }
        return term.writer.apply(partitions, term.elections::initial, why);
    }

    /** Takes what a topic's record says of added partitions; what is being deleted gets none. */
    private CompletableFuture<PartitionWriter.Result> merge(TopicRecord record, String why) {
        TopicEntry topic = picture.topic(record.name()).orElseThrow();
        List<PartitionEntry> added = new ArrayList<>();
        picture.record(topic, record);
        if (!picture.isBeingDeleted(topic.name())) {
            record.partitions().forEach((index, assignment) -> {
                if (!topic.partitions().containsKey(index)) {
                    added.add(picture.addPartition(topic, index, assignment));
                }
            });
        }
        if (!added.isEmpty()) {
            term.events.record(new TopicEvents.PartitionsAdded(
                    topic.name(), added.size(), topic.partitions().size(), term.epoch(), why));
        }
        return term.writer.apply(added, term.elections::initial, why);
    }

    /** Writes another assignment of one partition into its topic's record, on top of whatever else changed there. */
    CompletableFuture<Void> writeAssignment(PartitionEntry partition, ReplicaAssignment assignment) {
        UnaryOperator<TopicRecord> change = record -> {
            SortedMap<Integer, ReplicaAssignment> all = new TreeMap<>(record.partitions());
            all.put(partition.id().partition(), assignment);
            return record.withPartitions(all);
        };
        return write(partition.topic(), change, 1);
    }

    private CompletableFuture<Void> write(TopicEntry topic, UnaryOperator<TopicRecord> change, int round) {
        return term.loop
                .hop(term.store.topics().update(change.apply(topic.record()), term.fence()))
                .<Throwable>handle((written, failure) -> {
                    if (failure == null) {
                        picture.record(topic, written);
                    }
                    return failure;
                })
                .thenCompose(failure -> {
                    if (failure == null) {
                        return Term.done();
                    }
                    if (!(Failures.cause(failure) instanceof VersionConflictException) || round >= MAX_ATTEMPTS) {
                        return CompletableFuture.failedFuture(Failures.cause(failure));
                    }
                    return refreshTopics(Set.of(topic.name())).thenCompose(read -> write(topic, change, round + 1));
                });
    }
}
