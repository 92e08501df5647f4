// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.session;

import io.barnabas.coordination.store.error.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;

/**
 * The one session a broker has with the coordination store. Survives lost connections as long as the store lets it;
 * when the store ends it, a new one is made without being asked, until {@link #close()}.
 */
public interface CoordinationSession extends AutoCloseable {
    /** How things stand right now. */
    enum State {
        /** No session yet, or the last one was lost and the next is being made. */
        CONNECTING,
        CONNECTED,
        /** Not connected; the session may live on. */
        SUSPENDED,
        CLOSED
    }

    /** The state of the session now. */
    State state();

    /** Counts the sessions of this process: 0 before the first, 1 with it. */
    long sessionEpoch();

    /**
     * When the latest request the store has answered was sent, in {@link System#nanoTime()} terms of the ticker passed in.
     * The session cannot have ended before this plus {@link #sessionTimeoutMs()}: the ground a lease stands on. Renewed
     * several times per session timeout even when idle. Only meaningful in the session it was read in.
     */
    long lastContactNanos();

    /** The session timeout the store granted, in milliseconds; what was asked for until there is a session. */
    int sessionTimeoutMs();

    /**
     * Completes when there is a session; fails with {@link StoreUnavailableException} (one line, fit for the console) after the
     * configured connection timeout.
     */
    CompletableFuture<Void> connected();

    /** Creates the persistent paths Kafka expects, where missing. */
    CompletableFuture<Void> initialize();

    /** Adds a listener; events before that are not repeated to it. */
    void addListener(SessionListener listener);

    /** Ends the session in good order, so that its ephemerals go at once. Waits at most a few seconds; idempotent. */
    @Override
    void close();
}
