// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.liveness;

import io.barnabas.broker.peer.Peer;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerListener;
import io.barnabas.broker.peer.PeerPurpose;
import io.barnabas.broker.protocol.LivenessCodec;
import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.liveness.DeathDecider;
import io.barnabas.coordination.liveness.Evidence;
import io.barnabas.coordination.liveness.LivenessTerms;
import io.barnabas.coordination.liveness.Step;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.CoordinationSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the other brokers' processes over one quiet connection to each, and does what the decider says. While nothing
 * breaks it sends nothing and no timer runs. Its state is used on one loop; the public methods may be called from any
 * thread.
 */
public final class LivenessObserver implements Consumer<Evidence.Reported>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivenessObserver.class);
    private static final long PURSUE_FIRST_MS = 20;
    private static final long PURSUE_LATER_MS = 1_000;
    private static final int PURSUITS_AT_FIRST = 100;

    /**
     * Where the observer stands.
     *
     * @param brokerId this broker
     * @param brokerEpoch this broker's epoch now
     * @param listener the listener others are watched at: {@code inter.broker.listener.name}
     * @param knownController whom {@code /controller} names, as last read
     */
    public record Place(
            int brokerId, LongSupplier brokerEpoch, String listener, Supplier<OptionalInt> knownController) {}

    private final Place place;
    private final CoordinationStore store;
    private final PeerClient peers;
    private final EventSink events;
    private final ScheduledExecutorService loop;
    private final LongSupplier ticker;
    private final DeathDecider decider;
    private final PeerProbes probes;
    private final DeathReaction reaction;
    private Optional<ChangeHints.Subscription> hints = Optional.empty();
    private volatile boolean closed;

    /**
     * @param peers a client of the observer's own, which connects at once and gives up soon; closed with the observer
     * @param controller this broker's, in office or not
     * @param loop runs the observer; its tasks are short
     * @param ticker monotonic nanoseconds
     */
    public LivenessObserver(
            Place place,
            CoordinationStore store,
            PeerClient peers,
            Controller controller,
            EventSink events,
            ScheduledExecutorService loop,
            LongSupplier ticker) {
        this.place = place;
        this.store = store;
        this.peers = peers;
        this.events = events;
        this.loop = loop;
        this.ticker = ticker;
        this.decider = new DeathDecider(place.brokerId(), LivenessTerms.DEFAULT);
        this.probes = new PeerProbes(peers, loop, ticker, this::take);
        this.reaction = new DeathReaction(controller, place.knownController(), store.election(), events, this::run);
    }

    /** Begins to watch. Call once, after this broker is registered. */
    public void start() {
        peers.addListener(new PeerListener() {
            @Override
            public void lost(Peer peer) {
                run(() -> probes.at(peer).ifPresent(broker -> take(new Evidence.ConnectionEnded(broker))));
            }
        });
        store.session().addListener(event -> run(this::lookAtSession));
        run(this::lookAtSession);
        hints = Optional.of(store.hints()
                .subscribe(
                        Set.of(ChangeHint.Kind.BROKERS, ChangeHint.Kind.BROKER),
                        changed -> run(this::readRegistrations)));
    }

    /** Takes what another observer says. */
    @Override
    public void accept(Evidence.Reported report) {
        run(() -> take(report));
    }

    /** Ends the watching; nothing is called dead any more. */
    @Override
    public void close() {
        closed = true;
        hints.ifPresent(ChangeHints.Subscription::close);
        peers.close();
    }

    private void run(Runnable task) {
        try {
            loop.execute(() -> {
                if (!closed) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The observer's loop has ended");
        }
    }

    private void lookAtSession() {
        take(new Evidence.Session(store.session().state() == CoordinationSession.State.CONNECTED));
    }

    private void readRegistrations() {
        store.brokers().brokers().whenComplete((brokers, failure) -> {
            if (failure == null) {
                run(() -> registered(brokers.values()));
            } else {
                LOG.debug("Registrations were not read, the next hint asks again: {}", failure.toString());
            }
        });
    }

    private void registered(Collection<BrokerInfo> brokers) {
        Map<BrokerIncarnation, Peer> addresses = new HashMap<>();
        for (BrokerInfo broker : brokers) {
            broker.endpoint(place.listener())
                    .ifPresent(endpoint -> addresses.put(
                            broker.incarnation(), new Peer(broker.id(), endpoint.host(), endpoint.port())));
        }
        Set<BrokerIncarnation> moved = probes.addresses(addresses);
        Set<BrokerIncarnation> all =
                brokers.stream().map(BrokerInfo::incarnation).collect(Collectors.toUnmodifiableSet());
        reaction.retain(all);
        take(new Evidence.Registered(all));
        moved.forEach(broker -> probes.probe(broker, 0));
    }

    private void take(Evidence evidence) {
        if (!closed) {
            decider.on(evidence, TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong()))
                    .forEach(this::perform);
        }
    }

    private void perform(Step step) {
        if (step instanceof Step.Probe probe) {
            probes.probe(probe.broker(), probe.afterMs());
        } else if (step instanceof Step.Recheck recheck) {
            recheck(recheck.broker());
        } else if (step instanceof Step.Report report) {
            report(report);
        } else if (step instanceof Step.ProvenDead dead) {
            provenDead(dead);
        } else if (step instanceof Step.Withdraw withdraw) {
            reaction.withdraw(withdraw.broker());
        }
    }

    private void recheck(BrokerIncarnation broker) {
        store.brokers().broker(broker.id()).whenComplete((found, failure) -> {
            if (failure == null && found.map(BrokerInfo::incarnation).equals(Optional.of(broker))) {
                run(() -> take(new Evidence.StillRegistered(broker)));
            }
        });
    }

    private void report(Step.Report report) {
        BrokerIncarnation dead = report.broker();
        BrokerIncarnation self =
                new BrokerIncarnation(place.brokerId(), place.brokerEpoch().getAsLong());
        for (BrokerIncarnation observer : report.to()) {
            probes.addressOf(observer).ifPresent(peer -> peers.send(
                            peer, PeerPurpose.LIVENESS, LivenessCodec.report(new Evidence.Reported(self, dead)))
                    .whenComplete((answer, failure) -> {
                        if (failure != null) {
                            LOG.debug("Broker {} was not told of {}: {}", observer, dead, failure.toString());
                        }
                    }));
        }
        events.record(new LivenessEvents.BrokerDeathReported(
                dead.id(), dead.epoch(), report.to().size(), "its connection ended and connects are refused"));
    }

    private void provenDead(Step.ProvenDead dead) {
        BrokerIncarnation broker = dead.broker();
        String witnesses = dead.witnesses().stream()
                .map(witness -> Integer.toString(witness.id()))
                .sorted()
                .collect(Collectors.joining(","));
        events.record(new LivenessEvents.BrokerProvenDead(
                broker.id(),
                broker.epoch(),
                dead.sinceEndMs(),
                dead.refusals(),
                witnesses,
                witnesses.isEmpty()
                        ? "its connection ended and connects are refused; there is no other broker"
                        : "its connection ended and connects are refused, to others too"));
        pursue(broker, 0);
    }

    /** Acts on a verdict as long as it stands: soon again at first, as a new controller may come into office. */
    private void pursue(BrokerIncarnation dead, int times) {
        if (!decider.dead().contains(dead)) {
            return;
        }
        reaction.pursue(dead);
        long nextMs = times < PURSUITS_AT_FIRST ? PURSUE_FIRST_MS : PURSUE_LATER_MS;
        try {
            loop.schedule(() -> run(() -> pursue(dead, times + 1)), nextMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The observer's loop has ended");
        }
    }
}
