// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.assertj.core.api.Assertions;

/** Whatever comes in whatever order, a verdict has all that makes proof. The model keeps only the history. */
class DeathDeciderPropertyTest {
    private static final BrokerIncarnation SELF = new BrokerIncarnation(1, 11);
    private static final BrokerIncarnation VICTIM = new BrokerIncarnation(2, 12);
    private static final BrokerIncarnation OTHER = new BrokerIncarnation(3, 13);

    /** Evidence, and how long after the last it comes. */
    record Entry(Evidence evidence, int afterMs) {}

    @Provide
    Arbitrary<List<Entry>> histories() {
        Arbitrary<Evidence> evidence = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(new Evidence.Refused(VICTIM))),
                Tuple.of(6, Arbitraries.just(new Evidence.StillRegistered(VICTIM))),
                Tuple.of(3, Arbitraries.just(new Evidence.ConnectionEnded(VICTIM))),
                Tuple.of(3, Arbitraries.just(new Evidence.Reported(OTHER, VICTIM))),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                new Evidence.Answered(VICTIM, true),
                                new Evidence.Answered(OTHER, true),
                                new Evidence.Unanswered(VICTIM),
                                new Evidence.ConnectionEnded(OTHER),
                                new Evidence.Refused(OTHER),
                                new Evidence.Session(false),
                                new Evidence.Session(true),
                                new Evidence.Late(300),
                                new Evidence.Registered(Set.of(SELF, OTHER)),
                                new Evidence.Registered(Set.of(SELF, VICTIM, OTHER)))));
        return Combinators.combine(evidence, Arbitraries.integers().between(0, 40))
                .as(Entry::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 2_000)
    void aVerdictHasAllThatMakesProof(@ForAll("histories") List<Entry> entries) {
        DeathDecider decider = new DeathDecider(SELF.id(), LivenessTerms.DEFAULT);
        History history = new History();
        long nowMs = 1_000;
        decider.on(new Evidence.Session(true), 0);
        decider.on(new Evidence.Registered(Set.of(SELF, VICTIM, OTHER)), 0);
        decider.on(new Evidence.Answered(VICTIM, true), 0);
        for (Entry entry : entries) {
            nowMs += entry.afterMs();
            history.add(entry.evidence(), nowMs);
            for (Step step : decider.on(entry.evidence(), nowMs)) {
                if (step instanceof Step.ProvenDead dead) {
                    Assertions.assertThat(dead.broker()).isEqualTo(VICTIM);
                    history.assertProof(nowMs);
                }
            }
        }
    }

    /** What was seen of the victim since it last answered, told plainly. */
    private static final class History {
        private boolean answered = true;
        private boolean ended;
        private int refusals;
        private long firstRefusalMs;
        private long lastRefusalMs;
        private boolean stillRegistered;
        private boolean session = true;
        private long lateMs = -10_000;
        private long reportedMs = -10_000;
        private long verdictMs = -20_000;

        void add(Evidence evidence, long nowMs) {
            if (evidence.equals(new Evidence.Answered(VICTIM, true))) {
                answered = true;
                ended = false;
                refusals = 0;
            } else if (evidence.equals(new Evidence.ConnectionEnded(VICTIM)) && answered && !ended) {
                ended = true;
                refusals = 0;
            } else if (evidence.equals(new Evidence.Refused(VICTIM))) {
                firstRefusalMs = refusals++ == 0 ? nowMs : firstRefusalMs;
                lastRefusalMs = nowMs;
                stillRegistered = false;
            } else if (evidence.equals(new Evidence.Unanswered(VICTIM))) {
                refusals = 0;
            } else if (evidence.equals(new Evidence.StillRegistered(VICTIM))) {
                stillRegistered = true;
            } else if (evidence.equals(new Evidence.Reported(OTHER, VICTIM))) {
                reportedMs = nowMs;
            } else if (evidence instanceof Evidence.Session now) {
                session = now.connected();
            } else if (evidence instanceof Evidence.Late) {
                lateMs = nowMs;
                refusals = 0;
            } else if (evidence instanceof Evidence.Registered registered
                    && !registered.brokers().contains(VICTIM)) {
                answered = false;
                ended = false;
                refusals = 0;
            }
        }

        void assertProof(long nowMs) {
            Assertions.assertThat(ended)
                    .as("it answered, and its connection ended")
                    .isTrue();
            Assertions.assertThat(refusals).isGreaterThanOrEqualTo(2);
            Assertions.assertThat(lastRefusalMs - firstRefusalMs).isGreaterThanOrEqualTo(20);
            Assertions.assertThat(stillRegistered).isTrue();
            Assertions.assertThat(session).isTrue();
            Assertions.assertThat(nowMs - lateMs).isGreaterThanOrEqualTo(1_000);
            Assertions.assertThat(nowMs - reportedMs).isLessThanOrEqualTo(5_000);
            Assertions.assertThat(nowMs - verdictMs).isGreaterThanOrEqualTo(10_000);
            verdictMs = nowMs;
        }
    }
}
