// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends the threads that work behind a log, so that nothing writes any more when the test's directory is cleared. */
public final class BackgroundThreads {
    private BackgroundThreads() {}

    /** Drops what waits, and lets what has begun come to its end. */
    public static void end(ExecutorService background) {
        background.shutdownNow();
        try {
            if (!background.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a background task still runs 30 s after its test");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
