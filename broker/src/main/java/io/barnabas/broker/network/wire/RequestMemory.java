// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The bytes that requests of all connections may hold together ({@code queued.max.request.bytes}). As in Kafka a
 * request is let in while anything is left, so the bound may be passed by one request. Safe to use from any thread;
 * the lock is only taken where a bound is set.
 */
public final class RequestMemory {
    private final long maxBytes;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long usedBytes;

    /** @param maxBytes the bound; negative for none */
    public RequestMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes memory for a request, or remembers who to tell when it is worth another try.
     *
     * @param onRoom run on an arbitrary thread, once, if this returned false
     */
    boolean tryReserve(int bytes, Runnable onRoom) {
        if (maxBytes < 0) {
            return true;
        }
        synchronized (this) {
            if (usedBytes < maxBytes) {
                usedBytes += bytes;
                return true;
            }
            waiting.add(onRoom);
            return false;
        }
    }

    /** Gives back what was reserved. */
    public void release(int bytes) {
        if (maxBytes < 0) {
            return;
        }
        Queue<Runnable> toTell;
        synchronized (this) {
            usedBytes -= bytes;
            if (usedBytes >= maxBytes || waiting.isEmpty()) {
                return;
            }
            toTell = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        toTell.forEach(Runnable::run);
    }

    /** How much is reserved now. */
    public synchronized long usedBytes() {
        return usedBytes;
    }
}
