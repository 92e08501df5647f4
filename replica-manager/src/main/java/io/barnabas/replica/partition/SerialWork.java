// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Work that is done one after the other, in the order it came, on threads that are shared with others of the kind.
 * Synchronised on itself: what waits and whether a thread is at it change together.
 *
 * <p>Whoever finds it not busy can be sure that all he added before is done. It holds no more than has been added: what
 * is added is bounded by whoever adds.
 */
final class SerialWork {
    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    /** Volatile: each append asks for it without the monitor. */
    private volatile boolean busy;

    SerialWork(Executor threads) {
        this.threads = threads;
    }

    /** Whether anything is not done yet. */
    boolean isBusy() {
        return busy;
    }

    /** @param work must not throw */
    void add(Runnable work) {
        synchronized (this) {
            waiting.add(work);
            if (busy) {
                return;
            }
            busy = true;
        }
        threads.execute(this::runOne);
    }

    /** One turn, so that others of the kind have theirs. */
    private void runOne() {
        Runnable next;
        synchronized (this) {
            next = waiting.remove();
        }
        try {
            next.run();
        } finally {
            goOn();
        }
    }

    private void goOn() {
        synchronized (this) {
            if (waiting.isEmpty()) {
                busy = false;
                return;
            }
        }
        threads.execute(this::runOne);
    }
}
