// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.local.LogDirectoryName.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes logs out of the log manager: to be deleted, or to be kept unused. Under the lock of {@link LogMap}, no cleaner at work. */
final class LogRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(LogRemoval.class);

    private final LogMap logs;
    private final LogDeletion deletion;
    private final Supplier<Compaction> compaction;
    private final StorageFailures failures;
    private final RandomIds ids;

    LogRemoval(
            LogMap logs,
            LogDeletion deletion,
            Supplier<Compaction> compaction,
            StorageFailures failures,
            RandomIds ids) {
        this.logs = logs;
        this.deletion = deletion;
        this.compaction = compaction;
        this.failures = failures;
        this.ids = ids;
    }

    /** Does something with a current log that no cleaner touches meanwhile. */
    <T> T uncompacted(TopicPartition partition, Supplier<T> work) {
        Compaction cleaner = compaction.get();
        cleaner.pause(partition);
        try {
            return work.get();
        } finally {
            cleaner.resume(partition);
        }
    }

    /** See {@link io.barnabas.replica.log.LogManager#deleteAllLater}. */
    Set<TopicPartition> deleteAllLater(Collection<TopicPartition> partitions) {
        Map<Path, Set<TopicPartition>> renamed = new HashMap<>();
        Set<TopicPartition> failed = new HashSet<>();
        for (TopicPartition partition : partitions) {
            try {
                for (boolean future : new boolean[] {true, false}) {
                    LocalPartitionLog log = delete(partition, future, false);
                    if (log != null) {
                        renamed.computeIfAbsent(log.logDir(), dir -> new HashSet<>())
                                .add(partition);
                    }
                }
            } catch (KafkaStorageException e) {
                LOG.error("The log of {} could not be renamed to be deleted", partition, e);
                failed.add(partition);
            }
        }
        renamed.forEach((logDir, there) -> {
            try {
                DurableFiles.syncDirectory(logDir);
            } catch (IOException e) {
                failures.failed(logDir, "Error while forcing renamed logs to disk", e);
                failed.addAll(there);
            }
        });
        return failed;
    }

    /**
     * Renames a log and has it deleted later.
     *
     * @param sync whether the new name is forced to disk before this returns
     * @return the log, null if there was none
     */
    LocalPartitionLog delete(TopicPartition partition, boolean future, boolean sync) {
        if (!future) {
            return uncompacted(partition, () -> {
                LocalPartitionLog deleted = retire(partition, false, sync);
                if (deleted != null) {
                    compaction.get().removed(partition, deleted.logDir());
                }
                return deleted;
            });
        }
        LocalPartitionLog deleted = retire(partition, true, sync);
        if (deleted != null) {
            compaction.get().resume(partition);
        }
        return deleted;
    }

    private LocalPartitionLog retire(TopicPartition partition, boolean future, boolean sync) {
        return logs.exclusively(() -> {
            LocalPartitionLog log = logs.remove(partition, future);
            if (log != null) {
                log.retireAs(LogDirectoryName.name(partition, Kind.DELETED, ids), sync);
                deletion.deleteLater(log);
                LOG.info(
                        "Log for partition {} is renamed to {} and is scheduled for deletion",
                        partition,
                        log.directory());
            }
            return log;
        });
    }

    /** See {@link io.barnabas.replica.log.LogManager#setAside}. */
    void setAside(TopicPartition partition) {
        LocalPartitionLog aside = uncompacted(partition, () -> {
            return logs.exclusively(() -> {
                LocalPartitionLog log = logs.remove(partition, false);
                if (log != null) {
                    log.retireAs(LogDirectoryName.name(partition, Kind.STRAY, ids), true);
                    log.close();
                    compaction.get().removed(partition, log.logDir());
                }
                return log;
            });
        });
        if (aside != null) {
            LOG.warn("Log for partition {} is set aside as {}", partition, aside.directory());
        }
    }
}
