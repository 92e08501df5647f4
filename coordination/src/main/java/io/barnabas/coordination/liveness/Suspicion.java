// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one observer has against one incarnation. Owned by {@link DeathDecider}; times are monotonic nanoseconds. */
final class Suspicion {
    /** Where the observer stands with the incarnation. */
    private enum Contact {
        /** It has never answered: nothing that is refused can be told from something that never listened. */
        NEVER,
        /** It answered, and the connection stands. */
        ANSWERED,
        /** It answered once, and the connection ended since. */
        ENDED
    }

    private final Map<BrokerIncarnation, Long> reports = new HashMap<>();
    private Contact contact = Contact.NEVER;
    private boolean observer;
    private long endedNanos;
    private int refusals;
    private int unanswered;
    private long firstRefusalNanos;
    private long lastRefusalNanos;
    private boolean rechecked;
    private boolean dead;

    void answered(boolean saysObserver) {
        contact = Contact.ANSWERED;
        observer = saysObserver;
        dead = false;
        unanswered = 0;
        reports.clear();
        forgetRefusals();
    }

    /** @return whether the connection had stood */
    boolean ended(long nowNanos) {
        if (contact != Contact.ANSWERED) {
            return false;
        }
        contact = Contact.ENDED;
        endedNanos = nowNanos;
        forgetRefusals();
        return true;
    }

    void refused(long nowNanos) {
        refusals++;
        if (refusals == 1) {
            firstRefusalNanos = nowNanos;
        }
        lastRefusalNanos = nowNanos;
        rechecked = false;
    }

    void unanswered() {
        unanswered++;
        forgetRefusals();
    }

    /** Refusals count anew: something came between that makes the earlier ones doubtful. */
    void forgetRefusals() {
        refusals = 0;
        rechecked = false;
    }

    void rechecked() {
        rechecked = true;
    }

    void reported(BrokerIncarnation reporter, long nowNanos) {
        reports.put(reporter, nowNanos);
    }

    void calledDead() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    boolean isObserver() {
        return observer && contact == Contact.ANSWERED;
    }

    /** Whether this incarnation's connection ended and nobody listens any more, as far as is known. */
    boolean looksDead() {
        return contact == Contact.ENDED && refusals > 0;
    }

    /** Whether the connects refused so far are enough, if the registration is still the same. */
    boolean isRefusedEnough(LivenessTerms terms, long nowNanos) {
        return looksDead()
                && lastRefusalNanos - firstRefusalNanos
                        >= terms.refusalSpacing().toNanos()
                && nowNanos - lastRefusalNanos <= terms.refusalFresh().toNanos();
    }

    boolean isProven(LivenessTerms terms, long nowNanos) {
        return rechecked && isRefusedEnough(terms, nowNanos);
    }

    Set<BrokerIncarnation> witnesses(LivenessTerms terms, long nowNanos, Predicate<BrokerIncarnation> counts) {
        return reports.entrySet().stream()
                .filter(report ->
                        nowNanos - report.getValue() <= terms.reportFresh().toNanos())
                .map(Map.Entry::getKey)
                .filter(counts)
                .collect(Collectors.toUnmodifiableSet());
    }

    int refusals() {
        return refusals;
    }

    Duration sinceEnd(long nowNanos) {
        return Duration.ofNanos(nowNanos - endedNanos);
    }

    /** When to probe next: soon at first, then less and less often. */
    Duration nextProbe(LivenessTerms terms) {
        if (dead) {
            return terms.probeMax();
        }
        Duration first = refusals > 0 ? terms.refusalSpacing().plus(terms.probeMin()) : terms.probeMin();
        int steps = Math.min(20, Math.max(refusals, unanswered) - 1);
        Duration wait = first.multipliedBy(1L << Math.max(0, steps));
        return wait.compareTo(terms.probeMax()) < 0 ? wait : terms.probeMax();
    }
}
