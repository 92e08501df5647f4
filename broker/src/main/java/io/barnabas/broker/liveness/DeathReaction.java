// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.ControllerElection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this broker does about brokers that were called dead: ends the term of a dead controller, and tells its own
 * controller, once it is the active one, in each of its terms. Owned by the observer's loop.
 */
final class DeathReaction {
    private static final Logger LOG = LoggerFactory.getLogger(DeathReaction.class);

    private final Controller controller;
    private final Supplier<OptionalInt> knownController;
    private final ControllerElection election;
    private final EventSink events;
    private final Executor loop;
    private final Map<BrokerIncarnation, Integer> toldInTerm = new HashMap<>();
    private final Set<BrokerIncarnation> termEndedOf = new HashSet<>();

    /**
     * @param knownController whom {@code /controller} names, as last read
     * @param loop the observer's
     */
    DeathReaction(
            Controller controller,
            Supplier<OptionalInt> knownController,
            ControllerElection election,
            EventSink events,
            Executor loop) {
        this.controller = controller;
        this.knownController = knownController;
        this.election = election;
        this.events = events;
        this.loop = loop;
    }

    /** Does what there is to do now about a broker called dead; called again as long as it is. */
    void pursue(BrokerIncarnation dead) {
        if (controller.isActive()) {
            tell(dead);
        } else if (knownController.get().equals(OptionalInt.of(dead.id())) && termEndedOf.add(dead)) {
            endTerm(dead);
        }
    }

    private void tell(BrokerIncarnation dead) {
        int term = controller.epoch();
        Integer told = toldInTerm.put(dead, term);
        if (told == null || told != term) {
            controller.brokerSuspected(dead, "its process is proven dead");
            events.record(new LivenessEvents.DeadBrokerHandedOver(
                    dead.id(), dead.epoch(), term, "its process is proven dead"));
        }
    }

    /** Once for a verdict: a broker that wins the race again after that is not dead, whatever was seen of it. */
    private void endTerm(BrokerIncarnation dead) {
        election.endTermOf(dead)
                .whenCompleteAsync(
                        (ended, failure) -> {
                            if (failure != null) {
                                termEndedOf.remove(dead);
                                LOG.warn(
                                        "The term of dead controller {} could not be ended: {}",
                                        dead,
                                        failure.toString());
                            } else if (ended) {
                                events.record(new LivenessEvents.ControllerTermEnded(
                                        dead.id(), dead.epoch(), "its process is proven dead"));
                            }
                        },
                        loop);
    }

    /** The broker answers after all. */
    void withdraw(BrokerIncarnation broker) {
        events.record(new LivenessEvents.DeadBrokerAnswered(broker.id(), broker.epoch(), "a probe was answered"));
        termEndedOf.remove(broker);
        if (toldInTerm.remove(broker) != null) {
            controller.brokerAnswered(broker);
        }
    }

    /** Forgets what is registered no longer. */
    void retain(Set<BrokerIncarnation> registered) {
        toldInTerm.keySet().retainAll(registered);
        termEndedOf.retainAll(registered);
    }
}
