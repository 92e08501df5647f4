// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a connection is read. Closed for as long as there is any reason; while it is closed the socket's buffer
 * fills and TCP slows the peer down. Owned by the connection's event loop.
 */
public final class ReadGate {
    /** Why a connection is not read for the moment. */
    public enum Reason {
        /** As many requests are unanswered as may be. */
        IN_FLIGHT,
        /** The last request must wait for those before it. */
        BLOCKED,
        /** The peer does not take its answers. */
        UNWRITABLE,
        /** All connections' requests together hold as many bytes as they may. */
        MEMORY,
        /** A quota holds it back. */
        THROTTLED,
        /** The connection is to be closed when it has been answered. */
        CLOSING
    }

    private final Channel channel;
    private final Runnable onOpen;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** @param onOpen run when the last reason goes, before reading starts again */
    public ReadGate(Channel channel, Runnable onOpen) {
        this.channel = channel;
        this.onOpen = onOpen;
    }

    boolean isOpen() {
        return reasons.isEmpty();
    }

    /** Whether the connection only waits for its answers. */
    public boolean isClosing() {
        return reasons.contains(Reason.CLOSING);
    }

    /** Adds a reason not to read; without effect if it holds already. */
    public void close(Reason reason) {
        if (reasons.isEmpty()) {
            channel.config().setAutoRead(false);
        }
        reasons.add(reason);
    }

    /** Withdraws a reason; without effect if it did not hold. */
    public void open(Reason reason) {
        if (!reasons.remove(reason) || !reasons.isEmpty()) {
            return;
        }
        onOpen.run();
        if (reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }
}
