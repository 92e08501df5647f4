// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import java.util.ArrayDeque;
import java.util.Queue;

/** Lets answers leave in the order their requests came. Owned by the connection's event loop. */
final class ResponseOrderer {
    private final Queue<PendingRequest> unanswered = new ArrayDeque<>();

    void add(PendingRequest request) {
        unanswered.add(request);
    }

    /** The next request whose turn it is to be answered and whose outcome is there; null if there is none. */
    PendingRequest pollFinished() {
        PendingRequest head = unanswered.peek();
        return head != null && head.isFinished() ? unanswered.remove() : null;
    }

    int size() {
        return unanswered.size();
    }

    boolean isEmpty() {
        return unanswered.isEmpty();
    }
}
