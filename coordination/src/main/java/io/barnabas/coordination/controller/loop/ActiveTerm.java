// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.controller.ControllerConfig;
import io.barnabas.coordination.controller.ControllerPorts;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.decide.ReplicaAssigner;
import io.barnabas.coordination.controller.event.OrderEvents;
import io.barnabas.coordination.controller.order.CommandBatch;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * One term of the active controller: what is performed in it, what waits in it, and what must end with it. Owned by the
 * {@link ControllerLoop} that won the race, and touched on its thread only.
 */
final class ActiveTerm implements CommandBatch.CommandListener {
    /** What a term asks of the loop it lives in. */
    interface Host {
        /** Whether the term is still the active one. */
        boolean isActive(ActiveTerm term);

        /** Adds an event for whichever term is active when its turn comes. */
        void event(Function<ActiveTerm, CompletableFuture<Void>> work);
    }

    final Term term;
    final DeletionSteps deletions;
    final TopicSteps topics;
    final ElectionSteps elections;
    final ReassignmentSteps reassignments;
    final IsrSteps isrs;
    final BrokerSteps brokers;
    final SuspicionSteps suspicion;
    final FailoverSteps failover;
    final ProducerIdSteps producerIds;
    private final Host host;
    private final ControllerConfig settings;
    private final CoordinationStore store;
    private final SerialLoop loop;
    private final Set<ChangeHint> dirty = new LinkedHashSet<>();
    private final List<IsrSteps.Ask> proposals = new ArrayList<>();
    private final Set<Runnable> onEnd = new LinkedHashSet<>();
    private ChangeHints.Subscription watches;
    private ScheduledFuture<?> balance;

    ActiveTerm(
            Host host,
            ControllerConfig settings,
            CoordinationStore store,
            ControllerPorts ports,
            ReplicaAssigner assigner,
            SerialLoop loop,
            ControllerEpoch epoch) {
        this.host = host;
        this.settings = settings;
        this.store = store;
        this.loop = loop;
        term = new Term(settings, store, ports, loop, epoch, t -> this);
        topics = new TopicSteps(term, assigner, ports.topicIds());
        reassignments = new ReassignmentSteps(term, topics);
        deletions = new DeletionSteps(term, reassignments);
        elections = new ElectionSteps(term, reassignments);
        isrs = new IsrSteps(term, reassignments);
        OfflineSteps offline = new OfflineSteps(term, elections, reassignments, deletions);
        brokers = new BrokerSteps(term, offline, elections, reassignments, deletions);
        suspicion = new SuspicionSteps(term, offline, elections, reassignments);
        producerIds = new ProducerIdSteps(term);
        failover = new FailoverSteps(term, topics, elections, reassignments, deletions);
    }

    void watch() {
        watches = store.hints()
                .subscribe(
                        EnumSet.of(
                                ChangeHint.Kind.BROKERS,
                                ChangeHint.Kind.BROKER,
                                ChangeHint.Kind.TOPICS,
                                ChangeHint.Kind.TOPIC,
                                ChangeHint.Kind.TOPIC_DELETIONS,
                                ChangeHint.Kind.ISR_CHANGES,
                                ChangeHint.Kind.LOG_DIR_FAILURES,
                                ChangeHint.Kind.LEGACY_REASSIGNMENT,
                                ChangeHint.Kind.PREFERRED_ELECTION),
                        this::hinted);
    }

    private void hinted(Set<ChangeHint> hints) {
        try {
            loop.executor().execute(() -> {
                if (host.isActive(this)) {
                    if (dirty.isEmpty()) {
                        host.event(ActiveTerm::reread);
                    }
                    dirty.addAll(hints);
                }
            });
        } catch (RejectedExecutionException e) {
            // stopped: nobody is left to hear it
        }
    }

    /** Reads what was hinted, brokers first: everything else is decided by who is alive. */
    private CompletableFuture<Void> reread() {
        Set<ChangeHint> hints = new LinkedHashSet<>(dirty);
        dirty.clear();
        Set<ChangeHint.Kind> kinds = EnumSet.noneOf(ChangeHint.Kind.class);
        Set<String> changed = new LinkedHashSet<>();
        for (ChangeHint hint : hints) {
            kinds.add(hint.kind());
            if (hint.kind() == ChangeHint.Kind.TOPIC) {
                changed.addAll(hint.name().isEmpty() ? term.picture.topicNames() : Set.of(hint.name()));
            }
        }
        List<Supplier<CompletableFuture<Void>>> steps = new ArrayList<>();
        if (kinds.contains(ChangeHint.Kind.BROKERS) || kinds.contains(ChangeHint.Kind.BROKER)) {
            steps.add(brokers::refresh);
        }
        on(
                kinds,
                ChangeHint.Kind.TOPICS,
                () -> topics.refreshNames().thenCompose(done -> reassignments.cleanNode()),
                steps);
        on(kinds, ChangeHint.Kind.TOPIC, () -> topics.refreshTopics(changed), steps);
        on(kinds, ChangeHint.Kind.ISR_CHANGES, isrs::notified, steps);
        on(kinds, ChangeHint.Kind.LOG_DIR_FAILURES, brokers::logDirsFailed, steps);
        on(kinds, ChangeHint.Kind.TOPIC_DELETIONS, deletions::refresh, steps);
        on(
                kinds,
                ChangeHint.Kind.LEGACY_REASSIGNMENT,
                () -> reassignments.legacyNode().thenAccept(begun -> {}),
                steps);
        on(kinds, ChangeHint.Kind.PREFERRED_ELECTION, elections::preferredElectionNode, steps);
        return Term.each(steps, Supplier::get);
    }

    private static void on(
            Set<ChangeHint.Kind> kinds,
            ChangeHint.Kind kind,
            Supplier<CompletableFuture<Void>> step,
            List<Supplier<CompletableFuture<Void>>> steps) {
        if (kinds.contains(kind)) {
            steps.add(step);
        }
    }

    void scheduleBalance(long delayMs) {
        if (settings.autoLeaderRebalanceEnable()) {
            balance = loop.schedule(
                    () -> {
                        if (host.isActive(this)) {
                            host.event(mine -> mine.elections.balance());
                            scheduleBalance(TimeUnit.SECONDS.toMillis(settings.leaderImbalanceCheckIntervalSeconds()));
                        }
                    },
                    delayMs);
        }
    }

    /** Remembers what to do should the term end before all of these are complete. */
    void whenEnded(Runnable action, Collection<? extends CompletableFuture<?>> outcomes) {
        onEnd.add(action);
        loop.hop(CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)))
                .whenComplete((done, failure) -> onEnd.remove(action));
    }

    /** Adds a proposal; returns whether it is the first of those that are decided together. */
    boolean propose(IsrSteps.Ask ask) {
        proposals.add(ask);
        return proposals.size() == 1;
    }

    /** The proposals made since the last time. */
    List<IsrSteps.Ask> takeProposals() {
        List<IsrSteps.Ask> taken = List.copyOf(proposals);
        proposals.clear();
        return taken;
    }

    /** Closes what the term holds open, and answers whoever waits for it. */
    void end() {
        IsrSteps.refuse(takeProposals());
        term.channels.close();
        if (watches != null) {
            watches.close();
        }
        if (balance != null) {
            balance.cancel(false);
        }
        List.copyOf(onEnd).forEach(Runnable::run);
    }

    CompletableFuture<Void> delete(Map<String, CompletableFuture<Refusal>> outcomes) {
        List<String> accepted = new ArrayList<>();
        return Term.each(outcomes.entrySet(), e -> {
                    if (term.picture.topic(e.getKey()).isEmpty()) {
                        e.getValue()
                                .complete(new Refusal(
                                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                        "Topic `" + e.getKey() + "` to delete does not exist"));
                        return Term.done();
                    }
                    accepted.add(e.getKey());
                    return requestDeletion(e.getKey());
                })
                .thenCompose(done -> accepted.isEmpty() ? Term.done() : deletions.refresh())
                .thenRun(() -> accepted.forEach(topic -> deletions.await(topic, outcomes.get(topic))));
    }

    private CompletableFuture<Void> requestDeletion(String topic) {
        return loop.hop(store.topics().requestDeletion(topic, term.fence())).exceptionallyCompose(failure -> {
            Throwable cause = Failures.cause(failure);
            return cause instanceof EntryExistsException ? Term.done() : CompletableFuture.failedFuture(cause);
        });
    }

    @Override
    public void leaderAndIsrAnswered(BrokerInfo broker, LeaderAndIsrCommand.Outcome outcome) {
        if (outcome.error() != Errors.NONE) {
            refused("LeaderAndIsr", broker, outcome.error());
        } else if (outcome.partitionErrors().containsValue(Errors.KAFKA_STORAGE_ERROR)
                || !term.picture.offlineDirs(broker.id()).isEmpty()) {
            host.event(mine -> mine == this ? brokers.answered(broker, outcome) : Term.done());
        }
    }

    @Override
    public void stopReplicaAnswered(BrokerInfo broker, StopReplicaCommand command, StopReplicaCommand.Outcome outcome) {
        if (outcome.error() != Errors.NONE) {
            refused("StopReplica", broker, outcome.error());
        }
        if (command.partitions().stream().anyMatch(StopReplicaCommand.Partition::delete)) {
            host.event(mine -> mine == this ? deletions.answered(broker, command, outcome) : Term.done());
        }
    }

    private void refused(String what, BrokerInfo broker, Errors error) {
        term.events.record(
                new OrderEvents.CommandRefused(what, broker.id(), broker.epoch(), term.epoch(), error.name()));
    }
}
