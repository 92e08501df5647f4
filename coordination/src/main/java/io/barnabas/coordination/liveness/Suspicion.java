// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What one observer has against one incarnation. Owned by {@link DeathDecider}; times are monotonic milliseconds. */
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
    private long endedMs;
    private int refusals;
    private int unanswered;
    private long firstRefusalMs;
    private long lastRefusalMs;
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
    boolean ended(long nowMs) {
        if (contact != Contact.ANSWERED) {
            return false;
        }
        contact = Contact.ENDED;
        endedMs = nowMs;
        forgetRefusals();
        return true;
    }

    void refused(long nowMs) {
        refusals++;
        if (refusals == 1) {
            firstRefusalMs = nowMs;
        }
        lastRefusalMs = nowMs;
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

    void reported(BrokerIncarnation reporter, long nowMs) {
        reports.put(reporter, nowMs);
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
    boolean isRefusedEnough(LivenessTerms terms, long nowMs) {
        return looksDead()
                && lastRefusalMs - firstRefusalMs >= terms.refusalSpacingMs()
                && nowMs - lastRefusalMs <= terms.refusalFreshMs();
    }

    boolean isProven(LivenessTerms terms, long nowMs) {
        return rechecked && isRefusedEnough(terms, nowMs);
    }

    Set<BrokerIncarnation> witnesses(LivenessTerms terms, long nowMs, Predicate<BrokerIncarnation> counts) {
        return reports.entrySet().stream()
                .filter(report -> nowMs - report.getValue() <= terms.reportFreshMs())
                .map(Map.Entry::getKey)
                .filter(counts)
                .collect(Collectors.toUnmodifiableSet());
    }

    int refusals() {
        return refusals;
    }

    long sinceEndMs(long nowMs) {
        return nowMs - endedMs;
    }

    /** When to probe next: soon at first, then less and less often. */
    long nextProbeMs(LivenessTerms terms) {
        if (dead) {
            return terms.probeMaxMs();
        }
        long firstMs = refusals > 0 ? terms.refusalSpacingMs() + terms.probeMinMs() : terms.probeMinMs();
        int steps = Math.min(20, Math.max(refusals, unanswered) - 1);
        return Math.min(firstMs << Math.max(0, steps), terms.probeMaxMs());
    }
}
