// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What proves a broker dead, and each thing that must not. */
class DeathDeciderTest {
    private static final BrokerIncarnation SELF = new BrokerIncarnation(1, 11);
    private static final BrokerIncarnation VICTIM = new BrokerIncarnation(2, 12);
    private static final BrokerIncarnation OTHER = new BrokerIncarnation(3, 13);
    private static final BrokerIncarnation RESTARTED = new BrokerIncarnation(2, 22);

    private final DeathDecider decider = new DeathDecider(SELF.id(), LivenessTerms.DEFAULT);
    private final List<Step> steps = new ArrayList<>();
    private long nowMs = 1_000_000;

    @BeforeEach
    void threeBrokersThatAnswer() {
        tell(new Evidence.Session(true));
        register(SELF, VICTIM, OTHER);
        tell(new Evidence.Answered(VICTIM, true));
        tell(new Evidence.Answered(OTHER, true));
        steps.clear();
    }

    private void register(BrokerIncarnation... brokers) {
        tell(new Evidence.Registered(Arrays.stream(brokers).collect(Collectors.toSet())));
    }

    private void tell(Evidence evidence) {
        steps.addAll(decider.on(evidence, nowMs));
    }

    private void passMs(long ms) {
        nowMs += ms;
    }

    private void refusedTwice(BrokerIncarnation broker) {
        tell(new Evidence.Refused(broker));
        passMs(25);
        tell(new Evidence.Refused(broker));
        tell(new Evidence.StillRegistered(broker));
    }

    private void killed(BrokerIncarnation broker) {
        tell(new Evidence.ConnectionEnded(broker));
        refusedTwice(broker);
    }

    private List<Step.ProvenDead> verdicts() {
        return steps.stream()
                .filter(Step.ProvenDead.class::isInstance)
                .map(Step.ProvenDead.class::cast)
                .toList();
    }

    @Test
    void aKilledProcessIsCalledDeadOnceAnotherObserverAgrees() {
        killed(VICTIM);
        assertThat(steps).contains(new Step.Report(VICTIM, Set.of(OTHER)));
        assertThat(verdicts()).isEmpty();

        tell(new Evidence.Reported(OTHER, VICTIM));

        assertThat(verdicts()).containsExactly(new Step.ProvenDead(VICTIM, 25, 2, Set.of(OTHER)));
        assertThat(decider.dead()).containsExactly(VICTIM);
    }

    @Test
    void aReportThatComesBeforeOwnProofCounts() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        assertThat(verdicts()).isEmpty();

        killed(VICTIM);

        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void aReportAloneProvesNothing() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anOldReportDoesNotCount() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        passMs(5_001);

        killed(VICTIM);

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void reportsOfTheVictimItselfAndOfStrangersDoNotCount() {
        killed(VICTIM);

        tell(new Evidence.Reported(VICTIM, VICTIM));
        tell(new Evidence.Reported(new BrokerIncarnation(3, 99), VICTIM));
        tell(new Evidence.Reported(new BrokerIncarnation(9, 1), VICTIM));

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void theOnlyOtherBrokerNeedsNoSecondOpinion() {
        register(SELF, VICTIM);

        killed(VICTIM);

        assertThat(verdicts()).containsExactly(new Step.ProvenDead(VICTIM, 25, 2, Set.of()));
        assertThat(steps).noneMatch(Step.Report.class::isInstance);
    }

    @Test
    void withoutAnotherObserverTheSessionDecides() {
        tell(new Evidence.Answered(OTHER, false));

        killed(VICTIM);

        assertThat(steps).noneMatch(Step.Report.class::isInstance);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void aProxyThatRefusesABrokerNeverReachedIsNoProof() {
        BrokerIncarnation unreached = new BrokerIncarnation(4, 14);
        register(SELF, VICTIM, OTHER, unreached);
        tell(new Evidence.Reported(OTHER, unreached));

        killed(unreached);

        assertThat(verdicts()).isEmpty();
        assertThat(steps).noneMatch(Step.Recheck.class::isInstance);
    }

    @Test
    void refusedWhileTheConnectionStandsIsNoProof() {
        tell(new Evidence.Reported(OTHER, VICTIM));

        refusedTwice(VICTIM);

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anIdleConnectionThatIsClosedAndMadeAgainIsLife() {
        tell(new Evidence.ConnectionEnded(VICTIM));
        assertThat(steps).containsExactly(new Step.Probe(VICTIM, 0));

        tell(new Evidence.Answered(VICTIM, true));
        tell(new Evidence.Reported(OTHER, VICTIM));
        refusedTwice(VICTIM);

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void oneRefusalOfAFullAcceptQueueIsNoProof() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        tell(new Evidence.Refused(VICTIM));
        passMs(25);
        tell(new Evidence.Unanswered(VICTIM));
        passMs(25);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void twoRefusalsAtOnceAreOne() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        tell(new Evidence.Refused(VICTIM));
        passMs(19);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void silenceIsNoProof() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        for (int i = 0; i < 100; i++) {
            passMs(300);
            tell(new Evidence.Unanswered(VICTIM));
            tell(new Evidence.StillRegistered(VICTIM));
        }

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void aRestartOnTheSamePortStartsAnew() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        tell(new Evidence.Refused(VICTIM));
        passMs(25);
        register(SELF, RESTARTED, OTHER);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));
        tell(new Evidence.Reported(OTHER, RESTARTED));
        refusedTwice(RESTARTED);

        assertThat(verdicts()).isEmpty();
        assertThat(steps).contains(new Step.Probe(RESTARTED, 0));
    }

    @Test
    void aRegistrationThatIsNotReadAgainIsNoProof() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));
        passMs(25);
        tell(new Evidence.Refused(VICTIM));

        assertThat(verdicts()).isEmpty();
        assertThat(steps).contains(new Step.Recheck(VICTIM));
    }

    @Test
    void anObserverThatRanLateDoubtsItselfForASecond() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.ConnectionEnded(VICTIM));
        tell(new Evidence.Refused(VICTIM));
        passMs(150);
        tell(new Evidence.Late(101));
        refusedTwice(VICTIM);
        assertThat(verdicts()).isEmpty();

        passMs(1_000);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void anObserverThatIsALittleLateDoesNotDoubtItself() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.Late(100));
        killed(VICTIM);

        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void anObserverWithoutItsSessionCallsNobodyDead() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        tell(new Evidence.Session(false));
        killed(VICTIM);
        assertThat(verdicts()).isEmpty();

        tell(new Evidence.Session(true));
        passMs(100);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void whenMostOfTheClusterLooksDeadTheObserverIsTheSickOne() {
        BrokerIncarnation fourth = new BrokerIncarnation(4, 14);
        register(SELF, VICTIM, OTHER, fourth);
        tell(new Evidence.Answered(fourth, true));
        for (BrokerIncarnation broker : List.of(VICTIM, OTHER, fourth)) {
            tell(new Evidence.ConnectionEnded(broker));
            tell(new Evidence.Refused(broker));
        }
        tell(new Evidence.Reported(OTHER, VICTIM));
        refusedTwice(VICTIM);

        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anAnswerTakesTheVerdictBack() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        killed(VICTIM);
        steps.clear();

        tell(new Evidence.Answered(VICTIM, true));

        assertThat(steps).containsExactly(new Step.Withdraw(VICTIM));
        assertThat(decider.dead()).isEmpty();
    }

    @Test
    void aBrokerIsCalledDeadOnceInTenSeconds() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        killed(VICTIM);
        tell(new Evidence.Answered(VICTIM, true));
        passMs(9_900);
        tell(new Evidence.Reported(OTHER, VICTIM));
        killed(VICTIM);
        assertThat(verdicts()).hasSize(1);

        passMs(100);
        tell(new Evidence.Refused(VICTIM));
        tell(new Evidence.StillRegistered(VICTIM));

        assertThat(verdicts()).hasSize(2);
    }

    @Test
    void aBrokerCalledDeadIsForgottenWhenItIsRegisteredNoLonger() {
        tell(new Evidence.Reported(OTHER, VICTIM));
        killed(VICTIM);

        register(SELF, OTHER);

        assertThat(decider.dead()).isEmpty();
    }

    @Test
    void aBrokerThatStaysAwayIsProbedLessAndLess() {
        tell(new Evidence.ConnectionEnded(VICTIM));
        for (int i = 0; i < 8; i++) {
            passMs(500);
            tell(new Evidence.Refused(VICTIM));
        }

        assertThat(steps.stream().filter(Step.Probe.class::isInstance).map(step -> ((Step.Probe) step).afterMs()))
                .containsExactly(0L, 25L, 50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
    }
}
