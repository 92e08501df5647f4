// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says why connections were closed, one line each, but not more than so many in a second: what peers send must not fill
 * the disk. What was left out is counted and told with the first line of a later second. Thread-safe.
 */
final class ClosingLog {
    static final int LINES_PER_SECOND = 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Logger log;
    private final LongSupplier nanoClock;
    private long secondBegan;
    private int lines;
    private long leftOut;

    ClosingLog(Logger log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.secondBegan = nanoClock.getAsLong();
    }

    void closing(ConnectionIdentity identity, String why) {
        long untold = takeUntold();
        if (untold > 0) {
            log.info("Closed {} more connections for what they sent", untold);
        }
        if (mayTell()) {
            log.info("Closing connection {}: {}", identity, why);
        }
    }

    /** Begins a new second if the last is over; returns how many were left out before. */
    private synchronized long takeUntold() {
        long now = nanoClock.getAsLong();
        if (now - secondBegan < SECOND_NS) {
            return 0;
        }
        secondBegan = now;
        lines = 0;
        long untold = leftOut;
        leftOut = 0;
        return untold;
    }

    private synchronized boolean mayTell() {
        if (lines >= LINES_PER_SECOND) {
            leftOut++;
            return false;
        }
        lines++;
        return true;
    }
}
