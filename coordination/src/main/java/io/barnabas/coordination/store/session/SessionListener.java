// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.session;

/** Hears of the session's life, in order, one call at a time, on the store's callback executor; must not block. */
@FunctionalInterface
public interface SessionListener {
    /** Something happened to the session. Called one at a time, in order; must not block. */
    void onSessionEvent(SessionEvent event);
}
