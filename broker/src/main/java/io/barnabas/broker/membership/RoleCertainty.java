// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.store.session.CoordinationSession;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether this broker can know that it still has the roles it was given. It cannot once it stood still (SIGSTOP, a machine's
 * pause, a long collection) for so long that its session may have ended, until the store has answered it again; nor in a new
 * session, until the controller has given it roles in that one. A store that is merely away changes nothing: as in the
 * original, roles are kept meanwhile, unless the lease is asked for. Fed by the timer and the control plane, read by the
 * coordinators' threads.
 */
public final class RoleCertainty implements BooleanSupplier {
    private static final long BEAT_MS = 500;
    private static final long SHORTEST_STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int NO_SESSION = 0;

    private final CoordinationSession session;
    private final SessionLease lease;
    private final boolean leaseEnabled;
    private final LongSupplier brokerEpoch;
    private final LongSupplier nanoClock;
    private volatile long lastBeatNanos;
    private volatile long stoodStillUntilNanos;
    private volatile long sessionOfRoles = NO_SESSION;
    private long brokerEpochOfRoles = BrokerInfo.UNKNOWN_EPOCH;

    /**
     * @param lease the session's
     * @param leaseEnabled {@code barnabas.session.lease.enable}: whether a store that is away ends certainty
     * @param brokerEpoch the epoch of this broker's registration
     * @param nanoClock the ticker {@link CoordinationSession#lastContactNanos()} is told in
     */
    public RoleCertainty(
            CoordinationSession session,
            SessionLease lease,
            boolean leaseEnabled,
            LongSupplier brokerEpoch,
            LongSupplier nanoClock) {
        this.session = session;
        this.lease = lease;
        this.leaseEnabled = leaseEnabled;
        this.brokerEpoch = brokerEpoch;
        this.nanoClock = nanoClock;
        this.lastBeatNanos = nanoClock.getAsLong();
        this.stoodStillUntilNanos = lastBeatNanos;
    }

    /** Has itself called by a timer, whose silence is how a standstill is noticed. */
    public RoleCertainty start(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** Notes that this process runs; called by a timer. */
    public void beat() {
        long nowNanos = nanoClock.getAsLong();
        if (standsStill(nowNanos)) {
            stoodStillUntilNanos = nowNanos;
        }
        lastBeatNanos = nowNanos;
    }

    /**
     * The controller's roles were taken. Called by the control plane, one order at a time.
     *
     * @param epoch the broker epoch they were given to; a registration in a later session has a greater one
     */
    public void rolesTaken(long epoch) {
        long given = epoch == BrokerInfo.UNKNOWN_EPOCH ? brokerEpoch.getAsLong() : epoch;
        if (given > brokerEpochOfRoles) {
            brokerEpochOfRoles = given;
            sessionOfRoles = session.sessionEpoch();
        }
    }

    @Override
    public boolean getAsBoolean() {
        if (session.sessionEpoch() != sessionOfRoles) {
            return false;
        }
        if (lease.getAsBoolean()) {
            return true;
        }
        boolean ranSinceContact =
                !standsStill(nanoClock.getAsLong()) && stoodStillUntilNanos - session.lastContactNanos() <= 0;
        return ranSinceContact && !leaseEnabled;
    }

    private boolean standsStill(long nowNanos) {
        long thirdNanos = TimeUnit.MILLISECONDS.toNanos(session.sessionTimeoutMs()) / 3;
        return nowNanos - lastBeatNanos > Math.max(SHORTEST_STANDSTILL_NANOS, thirdNanos);
    }
}
