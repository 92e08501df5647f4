// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.local.LocalPartitionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Who works on which partition, and which partitions are given up as uncleanable. Any thread; the one lock here is held
 * for a few instructions only.
 */
final class CleaningLedger {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CleaningStates states = new CleaningStates();
    private final Map<Path, Set<TopicPartition>> uncleanable = new HashMap<>();

    boolean begin(TopicPartition partition) {
        lock.lock();
        try {
            return states.begin(partition);
        } finally {
            lock.unlock();
        }
    }

    /** Begins with every log that is idle and not given up; returns those begun. */
    List<LocalPartitionLog> beginAll(Collection<LocalPartitionLog> logs) {
        List<LocalPartitionLog> begun = new ArrayList<>();
        lock.lock();
        try {
            for (LocalPartitionLog log : logs) {
                if (!isUncleanable(log) && states.begin(log.topicPartition())) {
                    begun.add(log);
                }
            }
        } finally {
            lock.unlock();
        }
        return begun;
    }

    void end(TopicPartition partition) {
        lock.lock();
        try {
            states.end(partition);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isAborted(TopicPartition partition) {
        lock.lock();
        try {
            return states.isAborted(partition);
        } finally {
            lock.unlock();
        }
    }

    boolean isCandidate(LocalPartitionLog log) {
        lock.lock();
        try {
            return states.isIdle(log.topicPartition()) && !isUncleanable(log);
        } finally {
            lock.unlock();
        }
    }

    /** Pauses; does not wait for what is under way. */
    void interrupt(TopicPartition partition) {
        lock.lock();
        try {
            states.pause(partition);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Pauses, and waits until nothing is under way. */
    void pause(TopicPartition partition) {
        lock.lock();
        try {
            states.pause(partition);
            changed.signalAll();
            while (states.isRunning(partition)) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void resume(TopicPartition partition) {
        lock.lock();
        try {
            states.resume(partition);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a time, or until the condition holds; {@link #wake} makes it look. */
    void await(long nanos, BooleanSupplier until) {
        long left = nanos;
        lock.lock();
        try {
            while (left > 0 && !until.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives a partition up until its log is deleted or the broker starts anew (KIP-346). */
    void markUncleanable(Path logDir, TopicPartition partition) {
        lock.lock();
        try {
            uncleanable.computeIfAbsent(logDir, ignored -> new HashSet<>()).add(partition);
        } finally {
            lock.unlock();
        }
    }

    /** The partition's log lies in another directory, as uncleanable as it was. */
    void moveUncleanable(TopicPartition partition, Path from, Path to) {
        lock.lock();
        try {
            Set<TopicPartition> there = uncleanable.get(from);
            if (there != null && there.remove(partition)) {
                uncleanable.computeIfAbsent(to, ignored -> new HashSet<>()).add(partition);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The partition's log is gone: the next one of that name may be cleaned. */
    void forgetUncleanable(Path logDir, TopicPartition partition) {
        lock.lock();
        try {
            Set<TopicPartition> there = uncleanable.get(logDir);
            if (there != null) {
                there.remove(partition);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The partitions given up, by directory. */
    Map<Path, Set<TopicPartition>> uncleanable() {
        Map<Path, Set<TopicPartition>> copy = new HashMap<>();
        lock.lock();
        try {
            uncleanable.forEach((dir, partitions) -> {
                if (!partitions.isEmpty()) {
                    copy.put(dir, Set.copyOf(partitions));
                }
            });
        } finally {
            lock.unlock();
        }
        return copy;
    }

    private boolean isUncleanable(LocalPartitionLog log) {
        Set<TopicPartition> there = uncleanable.get(log.logDir());
        return there != null && there.contains(log.topicPartition());
    }
}
