// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.controller.ControllerConfig;
import io.barnabas.coordination.controller.ControllerPorts;
import io.barnabas.coordination.controller.IsrDecision;
import io.barnabas.coordination.controller.IsrProposal;
import io.barnabas.coordination.controller.NewPartitions;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.ShutdownDecision;
import io.barnabas.coordination.controller.TopicCreation;
import io.barnabas.coordination.controller.decide.FeatureDecider;
import io.barnabas.coordination.controller.decide.ReplicaAssigner;
import io.barnabas.coordination.controller.event.TermEvents;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.SessionEvent;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The one loop of the controller: takes part in the race, owns the state while it is active, turns hints, answers and
 * requests into events and runs them one at a time. Everything but the volatile fields is touched on its thread only. A
 * write that is fenced, a lost session or a store that does not answer ends the term; what was in the making is dropped
 * with it.
 */
public final class ControllerLoop implements Controller {
    private static final long ELECTION_RETRY_MS = 1000;
    private static final long FIRST_BALANCE_MS = 5000;

    private final ControllerConfig settings;
    private final CoordinationStore store;
    private final ControllerPorts ports;
    private final ReplicaAssigner assigner;
    private final SerialLoop loop;

    private ActiveTerm active;
    private ChangeHints.Subscription election;
    private boolean stopped;
    private volatile boolean isActive;
    private volatile int epoch;

    /**
     * @param settings what the operator set
     * @param store what the cluster knows, and where decisions are written
     * @param ports what it needs of its broker
     */
    public ControllerLoop(ControllerConfig settings, CoordinationStore store, ControllerPorts ports) {
        this.settings = settings;
        this.store = store;
        this.ports = ports;
        this.assigner = new ReplicaAssigner(ports.random());
        this.loop = new SerialLoop(ports.executor(), settings.maxWaitingRequests());
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
                    ports.known().is(OptionalInt.empty());
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

    /**
     * Looks who is the controller; gives the role up if it is another, runs for it if it is nobody, or this broker
     * without being active: news of a former session's end may come after the race was won in the next one.
     */
    private CompletionStage<?> settleElection(String why) {
        if (stopped) {
            return Term.done();
        }
        return loop.hop(store.election().currentController())
                .thenCompose(current -> {
                    ports.known().is(current);
                    boolean isThisBroker = current.orElse(-1) == settings.brokerId();
                    if (isActive && !isThisBroker) {
                        resign("/controller names " + (current.isPresent() ? current.getAsInt() : "nobody"));
                    }
                    return current.isEmpty() || (isThisBroker && !isActive) ? run(why) : Term.done();
                })
                .exceptionally(failure -> {
                    retryElection(Failures.cause(failure));
                    return null;
                });
    }

    private void retryElection(Throwable failure) {
        if (!(failure instanceof SessionLostException)) {
            ports.events()
                    .record(new TermEvents.ControllerElectionRepeated(settings.brokerId(), String.valueOf(failure)));
        }
        loop.schedule(() -> loop.submit(() -> settleElection("the race is repeated")), ELECTION_RETRY_MS);
    }

    private CompletableFuture<Void> run(String why) {
        return loop.hop(store.election().elect(settings.brokerId())).thenCompose(outcome -> {
            ports.known().is(outcome.controllerId());
            return outcome.won().map(term -> takeOver(term, why)).orElseGet(Term::done);
        });
    }

    private CompletableFuture<Void> takeOver(ControllerEpoch term, String why) {
        ports.events().record(new TermEvents.ControllerElected(settings.brokerId(), term.epoch(), why));
        epoch = term.epoch();
        active = new ActiveTerm(new TermHost(), settings, store, ports, assigner, loop, term);
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
        ControllerEpoch held = active.term.epoch;
        active.end();
        active = null;
        isActive = false;
        ports.events().record(new TermEvents.ControllerResigned(settings.brokerId(), held.epoch(), why));
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

    /**
     * Adds a request; it is answered with {@code otherwise} where this broker is not, or stops to be, the controller.
     */
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
        return ports.known().get();
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
            IsrSteps.Ask ask = new IsrSteps.Ask(proposal, answer);
            if (active == null) {
                IsrSteps.refuse(List.of(ask));
            } else if (active.propose(ask)) {
                loop.submit(this::decideProposals);
            }
            return Term.done();
        });
        return answer;
    }

    private CompletionStage<?> decideProposals() {
        ActiveTerm mine = active;
        if (mine == null) {
            return Term.done();
        }
        List<IsrSteps.Ask> asks = mine.takeProposals();
        return asks.isEmpty()
                ? Term.done()
                : guard(mine, () -> mine.isrs.decide(asks)).thenRun(() -> IsrSteps.refuse(asks));
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
                mine -> CompletableFuture.completedFuture(FeatureDecider.decide(settings.usesFeatures(), updates)));
    }

    @Override
    public void brokerSuspected(BrokerIncarnation incarnation, String why) {
        event(mine -> mine.suspicion.suspect(incarnation, why));
    }

    @Override
    public void brokerAnswered(BrokerIncarnation incarnation) {
        event(mine -> mine.suspicion.answered(incarnation));
    }

    @Override
    public void uncleanElectionEnabled(String topic) {
        event(mine -> mine.elections.uncleanEnabled(Optional.of(topic)));
    }

    @Override
    public void uncleanElectionEnabled() {
        event(mine -> mine.elections.uncleanEnabled(Optional.empty()));
    }

    /** What a term may ask of the loop. */
    private final class TermHost implements ActiveTerm.Host {
        @Override
        public boolean isActive(ActiveTerm term) {
            return active == term;
        }

        @Override
        public void event(Function<ActiveTerm, CompletableFuture<Void>> work) {
            ControllerLoop.this.event(work);
        }
    }
}
