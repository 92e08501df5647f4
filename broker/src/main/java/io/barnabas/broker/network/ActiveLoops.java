// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each new channel to the next of those event loops of a group that are in use. A loop costs a thread from its first
 * channel on; one that is no longer in use keeps the channels it has. Thread-safe.
 */
final class ActiveLoops implements EventExecutorChooserFactory {
    private final int capacity;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile int active;

    /**
     * @param active how many are in use at first
     * @param capacity how many there are
     */
    ActiveLoops(int active, int capacity) {
        this.active = active;
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    /** Uses so many from now on, or all there are; returns how many that is. */
    int resize(int wanted) {
        int now = Math.max(1, Math.min(wanted, capacity));
        active = now;
        return now;
    }

    @Override
    public EventExecutorChooser newChooser(EventExecutor[] executors) {
        return () -> executors[Math.floorMod(turn.getAndIncrement(), active)];
    }
}
