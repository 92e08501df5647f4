// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.file;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock of a log. It guards the log's offsets, segments, indexes, files, topic id and producers; those are plain
 * classes, and what they show to readers without the lock is a single published value each.
 *
 * <p>Held for appends, truncations, renames and the first opening of a file. Not held while data is forced to disk in
 * the background, and nobody is called back under it. A partition's role lock is taken before it, never after.
 */
public final class LogLock {
    private final ReentrantLock lock = new ReentrantLock();

    /** A step that has a result. */
    @FunctionalInterface
    public interface Step<T, E extends Exception> {
        /** Does it, under the lock. */
        T run() throws E;
    }

    /** A step without a result. */
    @FunctionalInterface
    public interface Change<E extends Exception> {
        /** Does it, under the lock. */
        void run() throws E;
    }

    /** Takes the lock; reentrant. */
    public void lock() {
        lock.lock();
    }

    /** Lets the lock go. */
    public void unlock() {
        lock.unlock();
    }

    /** Whether the calling thread holds the lock. */
    public boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }

    /** Does a step under the lock. */
    public <T, E extends Exception> T get(Step<T, E> step) throws E {
        lock.lock();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    /** Does a step without a result under the lock. */
    public <E extends Exception> void run(Change<E> change) throws E {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
