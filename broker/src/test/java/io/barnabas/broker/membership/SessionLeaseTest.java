// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionLeaseTest {
    private long nowNanos = TimeUnit.SECONDS.toNanos(100);
    private final FakeSession session = new FakeSession();

    @Test
    void runsOutAfterTwoThirdsOfTheSessionTimeoutWithoutAnAnswer() {
        SessionLease lease = new SessionLease(session, () -> nowNanos);

        nowNanos += TimeUnit.MILLISECONDS.toNanos(3_999);
        assertThat(lease.getAsBoolean()).isTrue();

        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(lease.getAsBoolean()).isFalse();

        session.contactNanos = nowNanos;
        assertThat(lease.getAsBoolean()).isTrue();
    }

    @Test
    void isNotAskedForUnlessEnabled() {
        nowNanos += TimeUnit.HOURS.toNanos(1);

        assertThat(new SessionLease(session, () -> nowNanos).where(false).getAsBoolean())
                .isTrue();
        assertThat(new SessionLease(session, () -> nowNanos).where(true).getAsBoolean())
                .isFalse();
    }
}
