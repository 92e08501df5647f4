// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Which logs there are: current and future ones by partition, and where the next is wanted. Thread-safe; look-ups take no
 * lock.
 */
final class LogMap {
    private final Map<TopicPartition, LocalPartitionLog> current = new ConcurrentHashMap<>();
    private final Map<TopicPartition, LocalPartitionLog> future = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Path> preferred = new ConcurrentHashMap<>();

    /**
     * Does something that nobody else who creates, removes or swaps logs does meanwhile. Synchronised: the lock lies below
     * those of partitions and above those of logs, and is held over the creation and renaming of directories.
     */
    @CanIgnoreReturnValue
    synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    /** Adds a log; returns the one that is there already, null if none. */
    LocalPartitionLog add(LocalPartitionLog log) {
        return of(log.isFuture()).putIfAbsent(log.topicPartition(), log);
    }

    LocalPartitionLog get(TopicPartition partition, boolean isFuture) {
        return of(isFuture).get(partition);
    }

    LocalPartitionLog remove(TopicPartition partition, boolean isFuture) {
        return of(isFuture).remove(partition);
    }

    /** The future log is the current one from now on. */
    LocalPartitionLog promote(TopicPartition partition) {
        LocalPartitionLog log = future.remove(partition);
        return current.put(partition, log);
    }

    Collection<LocalPartitionLog> current() {
        return current.values();
    }

    /** Current and future logs. */
    List<LocalPartitionLog> all() {
        List<LocalPartitionLog> all = new ArrayList<>(current.values());
        all.addAll(future.values());
        return all;
    }

    /** Current and future logs in one directory. */
    List<LocalPartitionLog> in(Path logDir) {
        List<LocalPartitionLog> found = new ArrayList<>();
        for (LocalPartitionLog log : all()) {
            if (log.logDir().equals(logDir)) {
                found.add(log);
            }
        }
        return found;
    }

    Map<TopicPartition, Path> preferred() {
        return preferred;
    }

    private Map<TopicPartition, LocalPartitionLog> of(boolean isFuture) {
        return isFuture ? future : current;
    }
}
