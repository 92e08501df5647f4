// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, for one observer, which brokers' processes are dead. Only death is proven here; silence is not.
 *
 * <p>An incarnation is <b>proven</b> dead to this observer when it had answered, its connection ended, and since then
 * two connects to its registered endpoint were refused, some time apart, with its registration the same before and
 * after. It is <b>called</b> dead when another observer has proof too, or when this is the only other broker there is.
 * Nothing is proven while this observer has reason to doubt itself: it ran late a moment ago, its session is not
 * connected, or more than half of the cluster looks dead.
 *
 * <p>Owned by one loop. Times are monotonic milliseconds and never go back.
 */
public final class DeathDecider {
    private final int self;
    private final LivenessTerms terms;
    private final Map<BrokerIncarnation, Suspicion> others = new HashMap<>();
    private final Map<Integer, Long> lastVerdicts = new HashMap<>();
    private boolean sessionConnected;
    private Optional<Long> lastLate = Optional.empty();

    /** @param self this observer's broker id */
    public DeathDecider(int self, LivenessTerms terms) {
        this.self = self;
        this.terms = terms;
    }

    /**
     * Takes evidence.
     *
     * @param nowMs when it came to be known
     * @return what to do, in this order
     */
    public List<Step> on(Evidence evidence, long nowMs) {
        if (evidence instanceof Evidence.Registered registered) {
            return onRegistered(registered.brokers());
        } else if (evidence instanceof Evidence.Answered answered) {
            return onAnswered(answered);
        } else if (evidence instanceof Evidence.ConnectionEnded ended) {
            return onEnded(ended.broker(), nowMs);
        } else if (evidence instanceof Evidence.Refused refused) {
            return onRefused(refused.broker(), nowMs);
        } else if (evidence instanceof Evidence.Unanswered unanswered) {
            return onUnanswered(unanswered.broker());
        } else if (evidence instanceof Evidence.StillRegistered still) {
            return onStillRegistered(still.broker(), nowMs);
        } else if (evidence instanceof Evidence.Reported reported) {
            return onReported(reported, nowMs);
        } else if (evidence instanceof Evidence.Session session) {
            sessionConnected = session.connected();
        } else if (evidence instanceof Evidence.Late late) {
            onLate(late.byMs(), nowMs);
        }
        return List.of();
    }

    /** The incarnations called dead and neither gone nor heard of since. */
    public Set<BrokerIncarnation> dead() {
        Set<BrokerIncarnation> dead = new HashSet<>();
        others.forEach((broker, suspicion) -> {
            if (suspicion.isDead()) {
                dead.add(broker);
            }
        });
        return dead;
    }

    private List<Step> onRegistered(Set<BrokerIncarnation> brokers) {
        List<Step> steps = new ArrayList<>();
        others.keySet().retainAll(brokers);
        for (BrokerIncarnation broker : brokers) {
            if (broker.id() != self && others.putIfAbsent(broker, new Suspicion()) == null) {
                steps.add(new Step.Probe(broker, 0));
            }
        }
        return steps;
    }

    private List<Step> onAnswered(Evidence.Answered answered) {
        Suspicion suspicion = others.get(answered.broker());
        if (suspicion == null) {
            return List.of();
        }
        boolean wasDead = suspicion.isDead();
        suspicion.answered(answered.observer());
        return wasDead ? List.of(new Step.Withdraw(answered.broker())) : List.of();
    }

    private List<Step> onEnded(BrokerIncarnation broker, long nowMs) {
        Suspicion suspicion = others.get(broker);
        if (suspicion == null) {
            return List.of();
        }
        boolean first = suspicion.ended(nowMs);
        return first ? List.of(new Step.Probe(broker, 0)) : List.of();
    }

    private List<Step> onUnanswered(BrokerIncarnation broker) {
        Suspicion suspicion = others.get(broker);
        if (suspicion == null) {
            return List.of();
        }
        suspicion.unanswered();
        return List.of(new Step.Probe(broker, suspicion.nextProbeMs(terms)));
    }

    private List<Step> onRefused(BrokerIncarnation broker, long nowMs) {
        Suspicion suspicion = others.get(broker);
        if (suspicion == null) {
            return List.of();
        }
        suspicion.refused(nowMs);
        List<Step> steps = new ArrayList<>();
        if (!suspicion.isDead() && suspicion.isRefusedEnough(terms, nowMs)) {
            steps.add(new Step.Recheck(broker));
        }
        steps.add(new Step.Probe(broker, suspicion.nextProbeMs(terms)));
        return steps;
    }

    private List<Step> onStillRegistered(BrokerIncarnation broker, long nowMs) {
        Suspicion suspicion = others.get(broker);
        if (suspicion == null || suspicion.isDead()) {
            return List.of();
        }
        suspicion.rechecked();
        if (!isProven(suspicion, nowMs)) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        Set<BrokerIncarnation> observers = observersBeside(broker);
        if (!observers.isEmpty()) {
            steps.add(new Step.Report(broker, observers));
        }
        steps.addAll(verdict(broker, suspicion, nowMs));
        return steps;
    }

    private List<Step> onReported(Evidence.Reported reported, long nowMs) {
        Suspicion suspicion = others.get(reported.broker());
        if (suspicion == null || suspicion.isDead() || !isWitness(reported.reporter(), reported.broker())) {
            return List.of();
        }
        suspicion.reported(reported.reporter(), nowMs);
        return isProven(suspicion, nowMs) ? verdict(reported.broker(), suspicion, nowMs) : List.of();
    }

    private void onLate(long byMs, long nowMs) {
        if (byMs > terms.lateMaxMs()) {
            lastLate = Optional.of(nowMs);
            others.values().forEach(Suspicion::forgetRefusals);
        }
    }

    private List<Step> verdict(BrokerIncarnation broker, Suspicion suspicion, long nowMs) {
        Set<BrokerIncarnation> witnesses = suspicion.witnesses(terms, nowMs, reporter -> isWitness(reporter, broker));
        boolean agreed = !witnesses.isEmpty() || others.size() == 1;
        if (!agreed || isWithin(terms.budgetMs(), Optional.ofNullable(lastVerdicts.get(broker.id())), nowMs)) {
            return List.of();
        }
        lastVerdicts.put(broker.id(), nowMs);
        suspicion.calledDead();
        return List.of(new Step.ProvenDead(broker, suspicion.sinceEndMs(nowMs), suspicion.refusals(), witnesses));
    }

    private boolean isProven(Suspicion suspicion, long nowMs) {
        return sessionConnected
                && !isWithin(terms.doubtForMs(), lastLate, nowMs)
                && suspicion.isProven(terms, nowMs)
                && !mostLookDead();
    }

    private static boolean isWithin(long spanMs, Optional<Long> since, long nowMs) {
        return since.isPresent() && nowMs - since.get() < spanMs;
    }

    /** More than half of the cluster, this broker counted as alive. */
    private boolean mostLookDead() {
        long lookDead = others.values().stream().filter(Suspicion::looksDead).count();
        return lookDead * 2 > others.size() + 1;
    }

    private boolean isWitness(BrokerIncarnation reporter, BrokerIncarnation about) {
        Suspicion known = others.get(reporter);
        return known != null && !reporter.equals(about) && !known.looksDead();
    }

    private Set<BrokerIncarnation> observersBeside(BrokerIncarnation broker) {
        Set<BrokerIncarnation> observers = new HashSet<>();
        others.forEach((other, suspicion) -> {
            if (!other.equals(broker) && suspicion.isObserver()) {
                observers.add(other);
            }
        });
        return observers;
    }
}
