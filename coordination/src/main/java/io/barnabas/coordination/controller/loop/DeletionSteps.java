// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.decide.DeletionProgress;
import io.barnabas.coordination.controller.decide.DeletionProgress.Deletion;
import io.barnabas.coordination.controller.decide.DeletionProgress.Progress;
import io.barnabas.coordination.controller.decide.DeletionProgress.Replica;
import io.barnabas.coordination.controller.decide.TopicDeletionDecider;
import io.barnabas.coordination.controller.decide.TopicDeletionDecider.Kind;
import io.barnabas.coordination.controller.event.TopicEvents;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.TopicEntry;
import io.barnabas.coordination.store.ConfigEntity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Deletes topics: their reassignments end, brokers forget them, replicas delete their logs, then the topic goes. What
 * cannot be reached blocks a deletion until its broker is back (or not at all, by configuration); the reason is told.
 * Nothing else blocks one.
 */
final class DeletionSteps {
    private final Term term;
    private final ClusterPicture picture;
    private final DeletionProgress progress;
    private final ReassignmentSteps reassignments;
    private final TopicDeletionDecider decider;
    private final Map<String, List<CompletableFuture<Refusal>>> waiters = new HashMap<>();

    DeletionSteps(Term term, ReassignmentSteps reassignments) {
        this.term = term;
        this.reassignments = reassignments;
        this.picture = term.picture;
        this.progress = term.deletionProgress;
        this.decider = new TopicDeletionDecider(picture, term.settings.deleteWithoutDeadReplicas());
    }

    /**
     * Completes the future when this broker's metadata cache has forgotten the topic, as Kafka answers DeleteTopics;
     * its replicas and nodes go afterwards.
     */
    void await(String topic, CompletableFuture<Refusal> outcome) {
        Deletion deletion = progress.get(topic);
        if (deletion == null || deletion.isForgotten()) {
            outcome.complete(Refusal.NONE);
        } else {
            waiters.computeIfAbsent(topic, name -> new ArrayList<>()).add(outcome);
        }
    }

    /** Reads what is to be deleted and begins with it. */
    CompletableFuture<Void> refresh() {
        return term.loop.hop(term.store.topics().deletions()).thenCompose(this::requested);
    }

    private CompletableFuture<Void> requested(Set<String> topics) {
        Set<String> refused = new HashSet<>(topics);
        if (term.settings.deleteTopicEnable()) {
            refused.removeIf(name -> picture.topic(name).isPresent());
        }
        Set<String> begun = new HashSet<>(topics);
        begun.removeAll(refused);
        begun.forEach(picture::startDeletion);
        CompletableFuture<Void> cleaned = refused.isEmpty()
                ? Term.done()
                : term.loop.hop(term.store.topics().removeDeletions(refused, term.fence()));
        return cleaned.thenCompose(done -> reassignments.end(begun)).thenCompose(done -> resume());
    }

    private void block(Deletion deletion, String why) {
        if (deletion.block(why)) {
            term.events.record(new TopicEvents.TopicDeletionWaits(deletion.topic(), term.epoch(), why));
        }
    }

    private void forgotten(Deletion deletion) {
        deletion.forgotten();
        complete(deletion.topic());
    }

    private void complete(String topic) {
        List<CompletableFuture<Refusal>> waiting = waiters.remove(topic);
        if (waiting != null) {
            waiting.forEach(outcome -> outcome.complete(Refusal.NONE));
        }
    }

    /** What blocked a deletion is over. */
    CompletableFuture<Void> unblock(Collection<String> topics) {
        boolean any = false;
        for (String topic : topics) {
            Deletion deletion = progress.get(topic);
            if (deletion != null) {
                deletion.unblock();
                any = true;
            }
        }
        return any ? resume() : Term.done();
    }

    /** Takes every deletion as far as it can go now. */
    CompletableFuture<Void> resume() {
        Map<TopicEntry, Deletion> completed = new LinkedHashMap<>();
        List<Deletion> announced = new ArrayList<>();
        for (Deletion deletion : progress.all()) {
            TopicEntry topic = picture.topic(deletion.topic()).orElseThrow();
            TopicDeletionDecider.Step step = decider.next(topic, deletion);
            if (step.kind() == Kind.WAIT) {
                continue;
            }
            if (!deletion.isAnnounced()) {
                announce(topic, deletion);
                announced.add(deletion);
            }
            if (step.kind() == Kind.COMPLETE) {
                completed.put(topic, deletion);
            } else {
                stop(deletion, step);
            }
        }
        term.batch.send().thenRun(() -> announced.forEach(this::forgotten));
        return completed.isEmpty() ? Term.done() : finish(completed.keySet());
    }

    private void announce(TopicEntry topic, Deletion deletion) {
        deletion.announced();
        topic.partitions().values().forEach(term.batch::updateMetadata);
        term.events.record(new TopicEvents.TopicDeletionStarted(
                topic.name(),
                topic.partitions().size(),
                term.epoch(),
                "its deletion was asked for at /admin/delete_topics"));
    }

    private void stop(Deletion deletion, TopicDeletionDecider.Step step) {
        for (Replica replica : step.alive()) {
            deletion.mark(replica, Progress.STARTED);
            term.batch.stopReplica(
                    replica.broker(), picture.partition(replica.partition()).orElseThrow(), true);
        }
        if (!step.dead().isEmpty()) {
            step.dead().forEach(replica -> deletion.mark(replica, Progress.FAILED));
            if (!term.settings.deleteWithoutDeadReplicas()) {
                block(deletion, "replicas cannot be reached on brokers " + brokers(step.dead()));
            }
        }
    }

    private static Set<Integer> brokers(Collection<Replica> replicas) {
        return replicas.stream().map(Replica::broker).collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    private CompletableFuture<Void> finish(Collection<TopicEntry> topics) {
        return Term.each(topics, this::finish)
                .thenCompose(done -> term.loop.hop(term.store
                        .topics()
                        .removeDeletions(topics.stream().map(t -> t.name()).toList(), term.fence())))
                .thenRun(() -> topics.forEach(topic -> {
                    picture.removeTopic(topic.name());
                    term.events.record(new TopicEvents.TopicDeleted(
                            topic.name(),
                            topic.id(),
                            topic.partitions().size(),
                            term.epoch(),
                            "all its replicas are gone"));
                    complete(topic.name());
                }));
    }

    private CompletableFuture<Void> finish(TopicEntry topic) {
        return term.loop
                .hop(term.store.topics().delete(topic.name(), term.fence()))
                .thenCompose(done ->
                        term.loop.hop(term.store.configs().delete(ConfigEntity.topic(topic.name()), term.fence())));
    }

    /** A broker answered an order to stop replicas; what was to be deleted is, or not. */
    CompletableFuture<Void> answered(
            BrokerInfo broker, StopReplicaCommand command, StopReplicaCommand.Outcome outcome) {
        List<Replica> failed = new ArrayList<>();
        boolean any = false;
        for (StopReplicaCommand.Partition stop : command.partitions()) {
            TopicPartition id = stop.topicPartition();
            Deletion deletion = progress.get(id.topic());
            Replica replica = new Replica(id, broker.id());
            if (!stop.delete() || deletion == null || deletion.progress(replica) != Progress.STARTED) {
                continue;
            }
            any = true;
            Errors error = outcome.error() == Errors.NONE
                    ? outcome.partitionErrors().getOrDefault(id, Errors.NONE)
                    : outcome.error();
            if (error == Errors.NONE) {
                deletion.mark(replica, Progress.DONE);
            } else {
                failed.add(replica);
            }
        }
        if (!failed.isEmpty()) {
            fail(failed, "a broker could not delete replicas");
        }
        return any ? resume() : Term.done();
    }

    /** Replicas cannot be deleted now: their broker is gone, or said so. */
    void fail(Collection<Replica> replicas, String why) {
        Map<Deletion, List<Replica>> byDeletion = new LinkedHashMap<>();
        for (Replica replica : replicas) {
            Deletion deletion = progress.get(replica.partition().topic());
            if (deletion != null && deletion.progress(replica) != Progress.DONE) {
                byDeletion.computeIfAbsent(deletion, d -> new ArrayList<>()).add(replica);
            }
        }
        byDeletion.forEach((deletion, failed) -> {
            failed.forEach(replica -> deletion.mark(replica, Progress.FAILED));
            block(deletion, why + ": brokers " + brokers(failed));
        });
    }
}
