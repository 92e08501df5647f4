// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.checkpoint.OffsetCheckpointFile;
import io.barnabas.replica.log.local.StorageFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where each log is clean: {@code cleaner-offset-checkpoint} in every directory, read once and kept. Thread-safe;
 * a change is on disk when the call returns. A directory that cannot be written to goes offline; one whose file cannot
 * be read begins anew, which costs time and loses nothing.
 */
final class CleanerCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerCheckpoints.class);

    private final Map<Path, Directory> directories = new HashMap<>();
    private final StorageFailures failures;

    CleanerCheckpoints(StorageFailures failures) {
        this.failures = failures;
    }

    /** One directory's file and what it says. */
    private static final class Directory {
        private final OffsetCheckpointFile file;
        private final Map<TopicPartition, Long> offsets =
                new TreeMap<>((a, b) -> a.topic().equals(b.topic())
                        ? Integer.compare(a.partition(), b.partition())
                        : a.topic().compareTo(b.topic()));
        private boolean failed;

        private Directory(OffsetCheckpointFile file) {
            this.file = file;
        }
    }

    /** The first offset that is not clean, if the log was ever cleaned. */
    OptionalLong get(Path logDir, TopicPartition partition) {
        Long offset = exclusively(() -> directory(logDir).offsets.get(partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /**
     * Notes how far a log is clean; forgets partitions that are gone.
     *
     * @param existing the partitions that have a log
     * @param wanted asked last: nothing is noted if it says no, because the log was cut meanwhile
     */
    void update(
            Path logDir,
            TopicPartition partition,
            long offset,
            Collection<TopicPartition> existing,
            BooleanSupplier wanted) {
        change(logDir, directory -> {
            if (!wanted.getAsBoolean()) {
                return false;
            }
            directory.offsets.keySet().retainAll(existing);
            directory.offsets.put(partition, offset);
            return true;
        });
    }

    /** Nothing from an offset on is clean. */
    void lower(Path logDir, TopicPartition partition, long offset) {
        change(logDir, directory -> {
            Long current = directory.offsets.get(partition);
            if (current == null || current <= offset) {
                return false;
            }
            directory.offsets.put(partition, offset);
            return true;
        });
    }

    void remove(Path logDir, TopicPartition partition) {
        change(logDir, directory -> directory.offsets.remove(partition) != null);
    }

    /** A log moves to another directory; as clean as it was. */
    void move(TopicPartition partition, Path from, Path to) {
        exclusively(() -> {
            Long offset = directory(from).offsets.get(partition);
            remove(from, partition);
            change(to, target -> {
                if (offset != null) {
                    target.offsets.put(partition, offset);
                }
                return offset != null;
            });
            return null;
        });
    }

    /** The directory is offline: nothing is written there any more. */
    void fail(Path logDir) {
        exclusively(() -> directory(logDir).failed = true);
    }

    /** Makes a change, and writes it unless nothing was changed. */
    private void change(Path logDir, Predicate<Directory> change) {
        exclusively(() -> {
            Directory directory = directory(logDir);
            if (change.test(directory)) {
                write(logDir, directory);
            }
            return null;
        });
    }

    /** Synchronised, and held over the write: what is on disk when a call returns is what it and all before it said. */
    @CanIgnoreReturnValue
    private synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    private Directory directory(Path logDir) {
        return directories.computeIfAbsent(logDir, this::load);
    }

    private Directory load(Path logDir) {
        Directory directory = new Directory(new OffsetCheckpointFile(logDir.resolve(OffsetCheckpointFile.CLEANER)));
        try {
            directory.offsets.putAll(directory.file.read());
        } catch (IOException e) {
            LOG.warn("Logs in {} are cleaned from their start: how far they were is not known", logDir, e);
        }
        return directory;
    }

    private void write(Path logDir, Directory directory) {
        if (directory.failed) {
            return;
        }
        try {
            directory.file.write(directory.offsets);
        } catch (IOException e) {
            directory.failed = true;
            failures.failed(logDir, "Error while writing " + OffsetCheckpointFile.CLEANER, e);
        }
    }
}
