// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.ChangeHint;
import io.barnabas.coordination.store.ChangeHints;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.ControllerFencedException;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.EntryExistsException;
import io.barnabas.coordination.store.SessionEvent;
import io.barnabas.coordination.store.SessionLostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The one loop of the controller: takes part in the race, owns the state while it is active, turns hints, answers and requests
 * into events and runs them one at a time. Everything but the volatile fields is touched on its thread only. A write that is
 * fenced, a lost session or a store that does not answer ends the term; what was in the making is dropped with it.
 */
public final class ControllerLoop implements Controller {
    private static final long ELECTION_RETRY_MS = 1000;
    private static final long FIRST_BALANCE_MS = 5000;

    private final ControllerConfig config;
    private final CoordinationStore store;
    private final BrokerCommandSender sender;
    private final TopicRules rules;
    private final ReplicaAssigner assigner;
    private final SerialLoop loop;
    private final List<IsrSteps.Ask> proposals = new ArrayList<>();
    private final Set<ChangeHint> dirty = new LinkedHashSet<>();

    private ActiveTerm active;
    private ChangeHints.Subscription election;
    private boolean stopped;
    private volatile boolean isActive;
    private volatile OptionalInt controllerId = OptionalInt.empty();
    private volatile int epoch;

    /**
     * @param executor the loop's thread: one thread, used by nothing else; the caller shuts it down after {@link #stop()}
     * @param random chooses where assignments of new topics begin
     */
    public ControllerLoop(
            ControllerConfig config,
            CoordinationStore store,
            BrokerCommandSender sender,
            TopicRules rules,
            RandomGenerator random,
            ScheduledExecutorService executor) {
        this.config = config;
        this.store = store;
        this.sender = sender;
        this.rules = rules;
        this.assigner = new ReplicaAssigner(random);
        this.loop = new SerialLoop(executor, config.maxWaitingRequests());
    }

    // ---- life

    @Override
    public void start() {
        store.session().addListener(this::onSession);
        loop.submit(() -> {
            election = store.hints()
                    .subscribe(
                            EnumSet.of(ChangeHint.Kind.CONTROLLER),
                            hints -> submitQuietly(() -> settleElection("/controller changed")));
            return settleElection("this broker started");
        });
    }

    @Override
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(() -> {
            stopped = true;
            if (election != null) {
                election.close();
            }
            Optional<ControllerEpoch> held = resign("this broker stops");
            CompletableFuture<Void> released =
                    held.map(term -> store.election().resign(term.zkVersion())).orElseGet(Term::done);
            return released.handle((ok, failure) -> done.complete(null));
        });
        return done;
    }

    private void onSession(SessionEvent event) {
        switch (event.kind()) {
            case LOST ->
                submitQuietly(() -> {
                    resign("the session with the coordination store is lost");
                    controllerId = OptionalInt.empty();
                    return Term.done();
                });
            case NEW_SESSION -> submitQuietly(() -> settleElection("a new session began"));
            case SUSPENDED, RECONNECTED -> {
                // the role stands as long as the session may; what was missed is hinted again
            }
        }
    }

    private void submitQuietly(Supplier<CompletionStage<?>> event) {
        try {
            loop.submit(event);
        } catch (RejectedExecutionException e) {
            // stopped: nobody is left to hear it
        }
    }

    /** Looks who is the controller; gives the role up if it is another, runs for it if it is nobody. */
    private CompletionStage<?> settleElection(String why) {
        if (stopped) {
            return Term.done();
        }
        return loop.hop(store.election().currentController())
                .thenCompose(current -> {
                    controllerId = current;
                    if (isActive && current.orElse(-1) != config.brokerId()) {
                        resign("/controller names " + current);
                    }
                    return current.isPresent() ? Term.done() : run(why);
                })
                .exceptionally(failure -> {
                    retryElection(Failures.cause(failure));
                    return null;
                });
    }

    private void retryElection(Throwable failure) {
        if (!(failure instanceof SessionLostException)) {
            DecisionEvent.of("controller-election-repeated")
                    .with("broker", config.brokerId())
                    .because(String.valueOf(failure));
        }
        loop.schedule(() -> loop.submit(() -> settleElection("the race is repeated")), ELECTION_RETRY_MS);
    }

    private CompletableFuture<Void> run(String why) {
        return loop.hop(store.election().elect(config.brokerId())).thenCompose(outcome -> {
            controllerId = outcome.controllerId();
            return outcome.won().map(term -> takeOver(term, why)).orElseGet(Term::done);
        });
    }

    private CompletableFuture<Void> takeOver(ControllerEpoch term, String why) {
        DecisionEvent.of("controller-elected")
                .with("broker", config.brokerId())
                .with("controllerEpoch", term.epoch())
                .because(why);
        epoch = term.epoch();
        active = new ActiveTerm(term);
        isActive = true;
        ActiveTerm mine = active;
        mine.watch();
        return guard(mine, mine.failover::run).thenAccept(done -> {
            if (active == mine) {
                mine.scheduleBalance(FIRST_BALANCE_MS);
            }
        });
    }

    /** Ends the term, if there is one, and says which it was. */
    private Optional<ControllerEpoch> resign(String why) {
        if (active == null) {
            return Optional.empty();
        }
        ControllerEpoch held = active.term.state.term();
        active.end();
        active = null;
        isActive = false;
        dirty.clear();
        proposals.forEach(ask -> ask.answer().complete(IsrDecision.refused(Errors.NOT_CONTROLLER)));
        proposals.clear();
        DecisionEvent.of("controller-resigned")
                .with("broker", config.brokerId())
                .with("controllerEpoch", held.epoch())
                .because(why);
        return Optional.of(held);
    }

    /** Runs a part of a term's work; what it cannot handle itself ends the term and opens the race again. */
    private CompletableFuture<Void> guard(ActiveTerm mine, Supplier<CompletableFuture<Void>> work) {
        CompletableFuture<Void> result;
        try {
            result = work.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.exceptionallyCompose(failure -> {
            if (active != mine) {
                return Term.done();
            }
            Throwable cause = Failures.cause(failure);
            resign(String.valueOf(cause));
            loop.schedule(() -> loop.submit(() -> settleElection("the race is open again")), ELECTION_RETRY_MS);
            if (cause instanceof ControllerFencedException || cause instanceof SessionLostException) {
                return Term.done();
            }
            int fence = mine.term.fence();
            return loop.hop(store.election().resign(fence)).exceptionally(ignored -> null);
        });
    }

    /** Adds an event that means something only to the active controller. */
    private void event(Function<ActiveTerm, CompletableFuture<Void>> work) {
        submitQuietly(() -> {
            ActiveTerm mine = active;
            return mine == null ? Term.done() : guard(mine, () -> work.apply(mine));
        });
    }

    /** Adds a request; it is answered with {@code otherwise} where this broker is not, or stops to be, the controller. */
    private <T> CompletableFuture<T> request(T otherwise, Function<ActiveTerm, CompletableFuture<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean waits = submitRequest(() -> {
            ActiveTerm mine = active;
            if (mine == null) {
                answer.complete(otherwise);
                return Term.done();
            }
            return guard(mine, () -> work.apply(mine).thenAccept(answer::complete))
                    .thenRun(() -> answer.complete(otherwise));
        });
        if (!waits) {
            answer.complete(otherwise);
        }
        return answer;
    }

    private boolean submitRequest(Supplier<CompletionStage<?>> event) {
        try {
            return loop.offer(event);
        } catch (RejectedExecutionException e) {
            return false; // stopped
        }
    }

    @Override
    public boolean isActive() {
        return isActive;
    }

    @Override
    public OptionalInt controllerId() {
        return controllerId;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    // ---- requests

    @Override
    public CompletableFuture<IsrDecision> alterPartition(IsrProposal proposal) {
        CompletableFuture<IsrDecision> answer = new CompletableFuture<>();
        submitQuietly(() -> {
            if (active == null) {
                answer.complete(IsrDecision.refused(Errors.NOT_CONTROLLER));
                return Term.done();
            }
            if (proposals.isEmpty()) {
                loop.submit(this::decideProposals);
            }
            proposals.add(new IsrSteps.Ask(proposal, answer));
            return Term.done();
        });
        return answer;
    }

    private CompletionStage<?> decideProposals() {
        ActiveTerm mine = active;
        if (mine == null || proposals.isEmpty()) {
            return Term.done();
        }
        List<IsrSteps.Ask> asks = List.copyOf(proposals);
        proposals.clear();
        return guard(mine, () -> mine.isrs.decide(asks))
                .thenRun(() -> asks.forEach(ask -> ask.answer().complete(IsrDecision.refused(Errors.NOT_CONTROLLER))));
    }

    @Override
    public CompletableFuture<ShutdownDecision> controlledShutdown(int brokerId, long brokerEpoch) {
        ShutdownDecision moved = new ShutdownDecision(
                new Refusal(
                        Errors.STALE_CONTROLLER_EPOCH,
                        "Controller moved to another broker. Aborting controlled shutdown"),
                Set.of());
        return request(moved, mine -> mine.brokers.shutDown(brokerId, brokerEpoch));
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Election>> electLeaders(
            ElectionType type, Optional<Set<TopicPartition>> partitions) {
        Map<TopicPartition, Election> moved = new LinkedHashMap<>();
        partitions.ifPresent(
                ids -> ids.forEach(id -> moved.put(id, new Election(Refusal.NOT_CONTROLLER, OptionalInt.empty()))));
        return request(moved, mine -> mine.elections.elect(type, partitions, "an operator asked for it"));
    }

    @Override
    public CompletableFuture<Reassigned> alterReassignments(Map<TopicPartition, Optional<List<Integer>>> targets) {
        return request(
                new Reassigned(Refusal.NOT_CONTROLLER, Map.of()),
                mine -> mine.reassignments.alter(targets).thenApply(all -> new Reassigned(Refusal.NONE, all)));
    }

    @Override
    public CompletableFuture<Listed> listReassignments(Optional<Set<TopicPartition>> partitions) {
        return request(
                new Listed(Refusal.NOT_CONTROLLER, Map.of()),
                mine -> CompletableFuture.completedFuture(
                        new Listed(Refusal.NONE, mine.reassignments.list(partitions))));
    }

    @Override
    public Map<String, CompletableFuture<TopicCreation>> createTopics(
            Collection<NewTopic> topics, boolean validateOnly) {
        Map<String, CompletableFuture<TopicCreation>> outcomes = new LinkedHashMap<>();
        Map<NewTopic, CompletableFuture<TopicCreation>> asked = new LinkedHashMap<>();
        topics.forEach(
                topic -> asked.put(topic, outcomes.computeIfAbsent(topic.name(), name -> new CompletableFuture<>())));
        perTopic(
                outcomes.values(),
                TopicCreation.refused(Refusal.NOT_CONTROLLER),
                mine -> mine.topics.create(asked, validateOnly));
        return outcomes;
    }

    @Override
    public Map<String, CompletableFuture<Refusal>> createPartitions(
            Collection<NewPartitions> topics, boolean validateOnly) {
        Map<String, CompletableFuture<Refusal>> outcomes = new LinkedHashMap<>();
        Map<NewPartitions, CompletableFuture<Refusal>> asked = new LinkedHashMap<>();
        topics.forEach(
                topic -> asked.put(topic, outcomes.computeIfAbsent(topic.topic(), name -> new CompletableFuture<>())));
        perTopic(outcomes.values(), Refusal.NOT_CONTROLLER, mine -> mine.topics.extend(asked, validateOnly));
        return outcomes;
    }

    @Override
    public Map<String, CompletableFuture<Refusal>> deleteTopics(Set<String> topics) {
        Map<String, CompletableFuture<Refusal>> outcomes = new LinkedHashMap<>();
        topics.forEach(topic -> outcomes.put(topic, new CompletableFuture<>()));
        perTopic(outcomes.values(), Refusal.NOT_CONTROLLER, mine -> mine.delete(outcomes));
        return outcomes;
    }

    /** Runs a request whose topics are answered one by one; those left when the term ends are answered alike. */
    private <T> void perTopic(
            Collection<CompletableFuture<T>> outcomes,
            T otherwise,
            Function<ActiveTerm, CompletableFuture<Void>> work) {
        boolean waits = submitRequest(() -> {
            ActiveTerm mine = active;
            if (mine == null) {
                outcomes.forEach(outcome -> outcome.complete(otherwise));
                return Term.done();
            }
            mine.whenEnded(() -> outcomes.forEach(outcome -> outcome.complete(otherwise)), outcomes);
            return guard(mine, () -> work.apply(mine));
        });
        if (!waits) {
            outcomes.forEach(outcome -> outcome.complete(otherwise));
        }
    }

    @Override
    public CompletableFuture<ProducerIds> allocateProducerIds(int brokerId, long brokerEpoch) {
        return request(
                new ProducerIds(Refusal.NOT_CONTROLLER, 0, 0),
                mine -> mine.producerIds.allocate(brokerId, brokerEpoch));
    }

    @Override
    public CompletableFuture<FeatureDecision> updateFeatures(List<FeatureUpdate> updates) {
        return request(
                new FeatureDecision(Refusal.NOT_CONTROLLER, Map.of()),
                mine -> CompletableFuture.completedFuture(FeatureDecider.decide(config.usesFeatures(), updates)));
    }

    @Override
    public void uncleanElectionEnabled(String topic) {
        event(mine -> mine.elections.uncleanEnabled(Optional.of(topic)));
    }

    @Override
    public void uncleanElectionEnabled() {
        event(mine -> mine.elections.uncleanEnabled(Optional.empty()));
    }

    /** One term: what is performed in it, and what must end with it. */
    private final class ActiveTerm implements CommandBatch.CommandListener {
        private final Term term;
        private final DeletionSteps deletions;
        private final TopicSteps topics;
        private final ElectionSteps elections;
        private final ReassignmentSteps reassignments;
        private final IsrSteps isrs;
        private final BrokerSteps brokers;
        private final FailoverSteps failover;
        private final ProducerIdSteps producerIds;
        private final Set<Runnable> onEnd = new LinkedHashSet<>();
        private ChangeHints.Subscription watches;
        private ScheduledFuture<?> balance;

        ActiveTerm(ControllerEpoch epoch) {
            term = new Term(config, store, rules, loop, sender, epoch, t -> this);
            deletions = new DeletionSteps(term);
            topics = new TopicSteps(term, assigner);
            elections = new ElectionSteps(term);
            reassignments = new ReassignmentSteps(term, topics, deletions);
            isrs = new IsrSteps(term, reassignments);
            brokers = new BrokerSteps(term, elections, reassignments, deletions);
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
                    if (active == this) {
                        if (dirty.isEmpty()) {
                            event(ActiveTerm::reread);
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
                    changed.addAll(hint.name().isEmpty() ? term.state.topicNames() : Set.of(hint.name()));
                }
            }
            List<Supplier<CompletableFuture<Void>>> steps = new ArrayList<>();
            if (kinds.contains(ChangeHint.Kind.BROKERS) || kinds.contains(ChangeHint.Kind.BROKER)) {
                steps.add(brokers::refresh);
            }
            on(kinds, ChangeHint.Kind.TOPICS, topics::refreshNames, steps);
            on(kinds, ChangeHint.Kind.TOPIC, () -> topics.refreshTopics(changed), steps);
            on(kinds, ChangeHint.Kind.ISR_CHANGES, isrs::notified, steps);
            on(kinds, ChangeHint.Kind.LOG_DIR_FAILURES, brokers::logDirsFailed, steps);
            on(kinds, ChangeHint.Kind.TOPIC_DELETIONS, deletions::refresh, steps);
            on(kinds, ChangeHint.Kind.LEGACY_REASSIGNMENT, reassignments::legacyNode, steps);
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
            if (config.autoLeaderRebalanceEnable()) {
                balance = loop.schedule(
                        () -> {
                            if (active == this) {
                                event(mine -> mine.elections.balance());
                                scheduleBalance(
                                        TimeUnit.SECONDS.toMillis(config.leaderImbalanceCheckIntervalSeconds()));
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

        void end() {
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
                        if (term.state.topic(e.getKey()).isEmpty()) {
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
                    || !term.state.offlineDirs(broker.id()).isEmpty()) {
                event(mine -> mine == this ? brokers.answered(broker, outcome) : Term.done());
            }
        }

        @Override
        public void stopReplicaAnswered(
                BrokerInfo broker, StopReplicaCommand command, StopReplicaCommand.Outcome outcome) {
            if (outcome.error() != Errors.NONE) {
                refused("StopReplica", broker, outcome.error());
            }
            if (command.partitions().stream().anyMatch(StopReplicaCommand.Partition::delete)) {
                event(mine -> mine == this ? deletions.answered(broker, command, outcome) : Term.done());
            }
        }

        private void refused(String what, BrokerInfo broker, Errors error) {
            DecisionEvent.of("command-refused")
                    .with("command", what)
                    .with("broker", broker.id())
                    .with("brokerEpoch", broker.epoch())
                    .with("controllerEpoch", term.state.epoch())
                    .because(error.name());
        }
    }
}
