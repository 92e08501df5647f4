// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

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
    synchronized OptionalLong get(Path logDir, TopicPartition partition) {
        Long offset = directory(logDir).offsets.get(partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /**
     * Notes how far a log is clean; forgets partitions that are gone.
     *
     * @param existing the partitions that have a log
     * @param wanted asked last: nothing is noted if it says no, because the log was cut meanwhile
     */
    synchronized void update(
            Path logDir,
            TopicPartition partition,
            long offset,
            Collection<TopicPartition> existing,
            BooleanSupplier wanted) {
        if (!wanted.getAsBoolean()) {
            return;
        }
        Directory directory = directory(logDir);
        directory.offsets.keySet().retainAll(existing);
        directory.offsets.put(partition, offset);
        write(logDir, directory);
    }

    /** Nothing from an offset on is clean. */
    synchronized void lower(Path logDir, TopicPartition partition, long offset) {
        Directory directory = directory(logDir);
        Long current = directory.offsets.get(partition);
        if (current != null && current > offset) {
            directory.offsets.put(partition, offset);
            write(logDir, directory);
        }
    }

    synchronized void remove(Path logDir, TopicPartition partition) {
        Directory directory = directory(logDir);
        if (directory.offsets.remove(partition) != null) {
            write(logDir, directory);
        }
    }

    /** A log moves to another directory; as clean as it was. */
    synchronized void move(TopicPartition partition, Path from, Path to) {
        Long offset = directory(from).offsets.get(partition);
        remove(from, partition);
        if (offset != null) {
            Directory target = directory(to);
            target.offsets.put(partition, offset);
            write(to, target);
        }
    }

    /** The directory is offline: nothing is written there any more. */
    synchronized void fail(Path logDir) {
        directory(logDir).failed = true;
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
