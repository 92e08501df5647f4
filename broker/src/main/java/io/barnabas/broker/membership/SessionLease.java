// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.store.session.CoordinationSession;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The lease on leadership that a live session is: it runs out when the store has not answered for two thirds of the session
 * timeout, well before another broker can have been elected. Read by request threads.
 */
public final class SessionLease implements BooleanSupplier {
    private final CoordinationSession session;
    private final LongSupplier nanoClock;

    /** @param nanoClock the ticker {@link CoordinationSession#lastContactNanos()} is told in */
    public SessionLease(CoordinationSession session, LongSupplier nanoClock) {
        this.session = session;
        this.nanoClock = nanoClock;
    }

    /** The lease where {@code barnabas.session.lease.enable} asks for it; else, as in the original, no limit. */
    public BooleanSupplier where(boolean enabled) {
        return enabled ? this : () -> true;
    }

    @Override
    public boolean getAsBoolean() {
        long leaseNanos = TimeUnit.MILLISECONDS.toNanos(session.sessionTimeoutMs()) / 3 * 2;
        return nanoClock.getAsLong() - session.lastContactNanos() < leaseNanos;
    }
}
