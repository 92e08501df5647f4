// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * Who waits for something to happen to a partition: an intrusive list, so that joining and leaving are O(1) and an
 * event nobody waits for costs one volatile read. Synchronised on itself, not under the partition's lock: who joins or leaves
 * must not wait for an append that writes. Watchers are told under no lock.
 */
final class Watchers {
    private Watcher head;
    /** Volatile: each append asks for it without the monitor. */
    private volatile int size;

    /** One who waits; at most in one list at a time. */
    abstract static class Watcher {
        private Watcher previous;
        private Watcher next;
        private Watchers list;

        /** Something happened; may be told again, and after it left. */
        abstract void changed();

        /** The partition's role changed, or it is gone: nothing can be waited for here any more. */
        abstract void interrupted();
    }

    synchronized void add(Watcher watcher) {
        watcher.list = this;
        watcher.next = head;
        if (head != null) {
            head.previous = watcher;
        }
        head = watcher;
        size++;
    }

    synchronized void remove(Watcher watcher) {
        if (watcher.list != this) {
            return;
        }
        watcher.list = null;
        if (watcher.previous == null) {
            head = watcher.next;
        } else {
            watcher.previous.next = watcher.next;
        }
        if (watcher.next != null) {
            watcher.next.previous = watcher.previous;
        }
        watcher.previous = null;
        watcher.next = null;
        size--;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void changed() {
        if (size != 0) {
            snapshot().forEach(Watcher::changed);
        }
    }

    void interrupt() {
        if (size != 0) {
            snapshot().forEach(Watcher::interrupted);
        }
    }

    private synchronized List<Watcher> snapshot() {
        List<Watcher> all = new ArrayList<>(size);
        for (Watcher watcher = head; watcher != null; watcher = watcher.next) {
            all.add(watcher);
        }
        return all;
    }
}
