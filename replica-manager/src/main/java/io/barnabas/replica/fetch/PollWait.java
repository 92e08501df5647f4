// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * Decides how long the leader may wait for data before it answers a fetch. Usually as long as configured. A leader that has
 * something new to be copied ends the waiting of its followers with an empty answer, and the controller's order to copy it
 * may still be on its way here; so after such an answer the waits are brief for a moment. Owned by the fetcher's loop.
 */
final class PollWait {
    static final int BRIEF_WAIT_MS = 20;
    static final long BRIEF_FOR_MS = 300L;

    private final int maxWaitMs;
    private long briefUntilMs = Long.MIN_VALUE;

    /** @param maxWaitMs {@code replica.fetch.wait.max.ms} */
    PollWait(int maxWaitMs) {
        this.maxWaitMs = maxWaitMs;
    }

    int next(long nowMs) {
        return nowMs < briefUntilMs ? Math.min(BRIEF_WAIT_MS, maxWaitMs) : maxWaitMs;
    }

    /** An answer without a partition in it came after so long. */
    void answeredEmpty(long afterMs, long nowMs) {
        if (nowMs >= briefUntilMs && afterMs < maxWaitMs / 2) {
            briefUntilMs = nowMs + BRIEF_FOR_MS;
        }
    }
}
