// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.store.session.CoordinationSession;
import io.barnabas.coordination.store.session.SessionListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A session of six seconds whose contacts the test decides. */
final class FakeSession implements CoordinationSession {
    long contactNanos = TimeUnit.SECONDS.toNanos(100);
    long epoch = 1;

    @Override
    public State state() {
        return State.SUSPENDED;
    }

    @Override
    public long sessionEpoch() {
        return epoch;
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
