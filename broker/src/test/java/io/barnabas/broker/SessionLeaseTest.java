// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.store.CoordinationSession;
import io.barnabas.coordination.store.SessionListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionLeaseTest {
    private long nowNanos = TimeUnit.SECONDS.toNanos(100);
    private final Session session = new Session();

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

        assertThat(SessionLease.of(false, session, () -> nowNanos).getAsBoolean())
                .isTrue();
        assertThat(SessionLease.of(true, session, () -> nowNanos).getAsBoolean())
                .isFalse();
    }

    private static final class Session implements CoordinationSession {
        private long contactNanos = TimeUnit.SECONDS.toNanos(100);

        @Override
        public State state() {
            return State.SUSPENDED;
        }

        @Override
        public long sessionEpoch() {
            return 1;
        }

        @Override
        public long lastContactNanos() {
            return contactNanos;
        }

        @Override
        public int sessionTimeoutMs() {
            return 6_000;
        }

        @Override
        public CompletableFuture<Void> connected() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> initialize() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void addListener(SessionListener listener) {}

        @Override
        public void close() {}
    }
}
