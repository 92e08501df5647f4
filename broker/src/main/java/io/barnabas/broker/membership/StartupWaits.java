// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.store.error.SessionLostException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waiting, for the thread that starts or stops the process; nobody else may. */
public final class StartupWaits {
    private static final long LIMIT_SECONDS = 120;
    private static final int MAX_SESSIONS = 10;

    private StartupWaits() {}

    /**
     * The result, asked for again, ten times at most, when the session with the coordination store ended before the
     * answer came.
     *
     * @param what it is a waiting for, in a message
     * @throws StartupException with the failure's own message
     */
    public static <T> T awaitInAnySession(Supplier<CompletionStage<T>> question, String what) {
        int sessionsLost = 0;
        while (true) {
            try {
                return await(question.get(), what);
            } catch (StartupException e) {
                sessionsLost++;
                if (!(e.getCause() instanceof SessionLostException) || sessionsLost == MAX_SESSIONS) {
                    throw e;
                }
            }
        }
    }

    /**
     * The result.
     *
     * @param what it is a waiting for, in a message
     * @throws StartupException with the failure's own message
     */
    public static <T> T await(CompletionStage<T> stage, String what) {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StartupException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new StartupException(what + " took longer than " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException(what + " was interrupted", e);
        }
    }
}
