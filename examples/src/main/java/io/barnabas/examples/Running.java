// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether an example goes on: until its time is up, or somebody presses Ctrl-C (SIGINT, SIGTERM). The JVM then waits
 * for the example to close what it holds, for twenty seconds at most. Used by the example's own thread.
 */
public final class Running implements AutoCloseable {
    private static final int GRACE_SECONDS = 20;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long endNanos;

    private Running(long seconds) {
        endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** @param seconds how long at most; 0 for no limit */
    public static Running forSeconds(long seconds) {
        Running running = new Running(seconds == 0 ? TimeUnit.DAYS.toSeconds(365) : seconds);
        Runtime.getRuntime().addShutdownHook(new Thread(running::stopAndWait, "stop"));
        return running;
    }

    public boolean on() {
        return stop.getCount() > 0 && System.nanoTime() - endNanos < 0;
    }

    /** Waits for the given time, shorter when the end comes first. */
    public void pause(long millis) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        if (stop.await(Math.max(0, Math.min(millis, left)), TimeUnit.MILLISECONDS)) {
            Thread.onSpinWait();
        }
    }

    private void stopAndWait() {
        stop.countDown();
        try {
            if (!closed.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("examples.sh: not closed within " + GRACE_SECONDS + " s, going all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
