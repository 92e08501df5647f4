// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.event.Event;
import io.barnabas.coordination.store.session.SessionEvent;

/** What is told of the session on ZooKeeper. Session ids are shown in hexadecimal, as ZooKeeper shows them. */
final class SessionEvents {
    private SessionEvents() {}

    /** A session began. */
    record SessionNewSession(String session, long epoch, int timeoutMs, String why) implements Event {}

    /** The session goes on over a new connection. */
    record SessionReconnected(String session, long epoch, int timeoutMs, String why) implements Event {}

    /** The connection is lost; the session may still live. */
    record SessionSuspended(String session, long epoch, int timeoutMs, String why) implements Event {}

    /** The session is over. */
    record SessionLost(String session, long epoch, int timeoutMs, String why) implements Event {}

    /** The session of a former process was ended. */
    record FormerSessionClosed(String session, String why) implements Event {}

    /** The event of a change of state. */
    static Event of(SessionEvent change, long id, int timeoutMs, String why) {
        String session = shown(id);
        long epoch = change.sessionEpoch();
        return switch (change.kind()) {
            case NEW_SESSION -> new SessionNewSession(session, epoch, timeoutMs, why);
            case RECONNECTED -> new SessionReconnected(session, epoch, timeoutMs, why);
            case SUSPENDED -> new SessionSuspended(session, epoch, timeoutMs, why);
            case LOST -> new SessionLost(session, epoch, timeoutMs, why);
        };
    }

    static String shown(long id) {
        return "0x" + Long.toHexString(id);
    }
}
