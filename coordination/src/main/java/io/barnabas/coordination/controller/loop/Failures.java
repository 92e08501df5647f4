// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import java.util.concurrent.CompletionException;

/** Tells failures of the store apart. */
final class Failures {
    private Failures() {}

    /** What really failed, without the wrapping futures add. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Whether this broker can be the controller no longer, whatever it was doing. */
    static boolean endsTerm(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof ControllerFencedException
                || cause instanceof SessionLostException
                || cause instanceof StoreUnavailableException;
    }

    /** Throws on what ends the term, so that only failures of a single request are handled with it. */
    static void passOnEndOfTerm(Throwable failure) {
        if (endsTerm(failure)) {
            throw (RuntimeException) cause(failure);
        }
    }
}
