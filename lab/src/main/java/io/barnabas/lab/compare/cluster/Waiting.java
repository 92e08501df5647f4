// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waiting for a condition by asking again and again. The questions cost the brokers something, and what is measured must
 * not be the measuring: so the pause between two is five times what the last one took, but no more than a twentieth of the
 * time waited so far, for that is how exact the figure is.
 */
public final class Waiting {
    private static final long SHORTEST_PAUSE_MS = 10;

    private Waiting() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @return seconds it took
     * @throws IllegalStateException when it does not hold in time, with the diagnosis
     */
    public static double until(String what, int seconds, BooleanSupplier condition, Supplier<String> diagnosis) {
        long began = System.nanoTime();
        long deadline = began + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            long asked = System.nanoTime();
            if (condition.getAsBoolean()) {
                return (System.nanoTime() - began) / 1e9;
            }
            long now = System.nanoTime();
            if (now > deadline) {
                throw new IllegalStateException("waited " + seconds + " s for " + what + "\n" + diagnosis.get());
            }
            sleep(pauseMs(now - asked, now - began));
        }
    }

    static long pauseMs(long lastQuestionNanos, long waitedNanos) {
        long pauseNanos = Math.min(5 * lastQuestionNanos, waitedNanos / 20);
        return Math.max(SHORTEST_PAUSE_MS, TimeUnit.NANOSECONDS.toMillis(pauseNanos));
    }

    /** Lets time pass, for what has to run for a while. */
    public static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
