// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoleCertaintyTest {
    private static final long UNKNOWN_EPOCH = -1;

    private long nowNanos = TimeUnit.SECONDS.toNanos(100);
    private long brokerEpoch = 10;
    private final FakeSession session = new FakeSession();
    private final RoleCertainty certainty = certainty(false);

    private RoleCertainty certainty(boolean leaseEnabled) {
        SessionLease lease = new SessionLease(session, () -> nowNanos);
        return new RoleCertainty(session, lease, leaseEnabled, () -> brokerEpoch, () -> nowNanos);
    }

    @BeforeEach
    void begin() {
        certainty.rolesTaken(10);
    }

    /** Time goes by while the process runs. */
    private void run(long ms) {
        for (long done = 0; done < ms; done += 500) {
            nowNanos += TimeUnit.MILLISECONDS.toNanos(500);
            certainty.beat();
        }
    }

    private void standStill(long ms) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void isThereWhileTheStoreAnswers() {
        run(1_000);
        session.contactNanos = nowNanos;
        run(1_000);
        assertThat(certainty.getAsBoolean()).isTrue();
    }

    @Test
    void survivesAStoreThatIsAway() {
        run(60_000);
        assertThat(certainty.getAsBoolean()).isTrue();
    }

    @Test
    void doesNotSurviveAStoreThatIsAwayWhereTheLeaseIsAskedFor() {
        RoleCertainty leased = certainty(true);
        leased.rolesTaken(10);
        assertThat(leased.getAsBoolean()).isTrue();
        for (int beats = 0; beats < 8; beats++) {
            run(500);
            leased.beat();
        }
        assertThat(leased.getAsBoolean()).isFalse();

        session.contactNanos = nowNanos;
        assertThat(leased.getAsBoolean()).isTrue();
    }

    @Test
    void isGoneAfterAStandstillUntilTheStoreAnswersAgain() {
        run(1_000);
        standStill(8_000);
        assertThat(certainty.getAsBoolean()).as("before the timer comes to it").isFalse();
        run(1_000);
        assertThat(certainty.getAsBoolean()).as("afterwards").isFalse();
        run(60_000);
        assertThat(certainty.getAsBoolean()).as("while the store is away").isFalse();

        session.contactNanos = nowNanos;
        assertThat(certainty.getAsBoolean()).isTrue();
        run(60_000);
        assertThat(certainty.getAsBoolean()).as("when the store is away later").isTrue();
    }

    @Test
    void survivesAStandstillThatNoSessionCouldEndIn() {
        session.contactNanos = nowNanos;
        standStill(3_900);
        assertThat(certainty.getAsBoolean()).isTrue();
    }

    @Test
    void isGoneInANewSessionUntilRolesAreGivenInIt() {
        session.epoch = 2;
        session.contactNanos = nowNanos;
        assertThat(certainty.getAsBoolean()).isFalse();

        certainty.rolesTaken(10);
        assertThat(certainty.getAsBoolean()).as("an order of before").isFalse();

        brokerEpoch = 11;
        certainty.rolesTaken(11);
        assertThat(certainty.getAsBoolean()).isTrue();
    }

    @Test
    void comesFromAControllerThatKnowsNoEpochsToo() {
        session.epoch = 2;
        session.contactNanos = nowNanos;
        certainty.rolesTaken(UNKNOWN_EPOCH);
        assertThat(certainty.getAsBoolean()).as("not registered yet").isFalse();

        brokerEpoch = 11;
        certainty.rolesTaken(UNKNOWN_EPOCH);
        assertThat(certainty.getAsBoolean()).isTrue();
    }
}
