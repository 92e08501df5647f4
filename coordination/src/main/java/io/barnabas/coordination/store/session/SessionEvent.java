// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.session;

/**
 * A change in the life of the session.
 *
 * @param kind what happened
 * @param sessionEpoch which session it happened to: 1 for the first of this process, raised with each new one
 */
public record SessionEvent(Kind kind, long sessionEpoch) {
    /** What can happen to a session, in the order it can happen. */
    public enum Kind {
        /** The session is established; the first one, or another after {@link #LOST}: register, elect, read all again. */
        NEW_SESSION,
        /** The connection broke; the session may or may not live on. */
        SUSPENDED,
        /** The connection is back and it is the same session: ephemerals stand, but hints may have been missed. */
        RECONNECTED,
        /** The store declared the session dead: ephemerals are gone and the controller's role with them. */
        LOST
    }
}
