// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.util.Locale;

/**
 * What a connection to a peer is for. Each purpose has connections of its own, so that a waiting fetch never delays a
 * command of the controller.
 */
public enum PeerPurpose {
    /** The controller's commands to a broker. */
    CONTROL,
    /** A broker's requests to the active controller. */
    CONTROLLER,
    /** A follower's fetches. */
    FETCH,
    /** Coordination: transaction markers, forwarded and looked up things. */
    COORDINATION,
    /** Nothing but to notice when the peer's process ends. */
    LIVENESS;

    /** For names of connections and client ids. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
