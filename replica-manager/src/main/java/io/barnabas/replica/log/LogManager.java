// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * All logs of a broker, over its {@code log.dirs}: loads them, creates and deletes them, keeps their checkpoints, and
 * schedules retention, flushes and cleaning. Safe for use by any thread.
 */
public interface LogManager extends AutoCloseable {
    /** The current log of a partition, if this broker has one online. */
    Optional<PartitionLog> log(TopicPartition partition);

    /** The log being built in another directory, if there is one. */
    Optional<PartitionLog> futureLog(TopicPartition partition);

    /** All current logs. */
    Collection<PartitionLog> logs();

    /** All current logs of a topic. */
    Collection<PartitionLog> logsOf(String topic);

    /**
     * The log of a partition, created if need be: in the preferred directory if one was noted, else in the one with
     * the fewest logs.
     *
     * @param isNew whether the controller says the replica is new, so that it may be created even while a directory
     *     that could hold it is offline
     * @param topicId noted in {@code partition.metadata}; {@link Uuid#ZERO_UUID} for none
     * @throws org.apache.kafka.common.errors.KafkaStorageException no directory can take it, or it may lie in an
     *     offline one
     * @throws org.apache.kafka.common.errors.InconsistentTopicIdException the log on disk belongs to another topic
     */
    PartitionLog getOrCreate(TopicPartition partition, boolean isNew, Uuid topicId);

    /**
     * Creates (or finds) the future log of a partition in its preferred directory.
     *
     * @throws IllegalStateException if no preferred directory was noted, or the current log is there already
     */
    PartitionLog getOrCreateFuture(TopicPartition partition, Uuid topicId);

    /** Notes where a partition's log is to be created, or its future log (AlterReplicaLogDirs). */
    void preferLogDir(TopicPartition partition, Path logDir);

    /** The directory noted last by {@link #preferLogDir} and not yet used. */
    Optional<Path> preferredLogDir(TopicPartition partition);

    /** The future log, having caught up, takes the current one's place; the old one is deleted with delay. */
    PartitionLog replaceCurrentWithFuture(TopicPartition partition);

    /**
     * Renames a partition's log (or only its future log) to {@code …-delete} and deletes it after
     * {@code file.delete.delay.ms}.
     *
     * @return the log, if there was one
     */
    Optional<PartitionLog> deleteLater(TopicPartition partition, boolean future);

    /**
     * Does that with the logs and future logs of many partitions, forcing the new names to disk once.
     *
     * @return the partitions of which a log could not be renamed: their directory fails
     */
    Set<TopicPartition> deleteAllLater(Collection<TopicPartition> partitions);

    /** Renames a log that belongs to no replica of this broker to {@code …-stray}: kept, but not used. */
    void setAside(TopicPartition partition);

    /** A topic's configuration changed: all its logs get it. */
    void updateTopicConfig(String topic, LogConfig config);

    /** The broker's defaults changed: every log gets what {@link #configOf} says now. */
    void reloadConfigs();

    /** The config a log of that topic gets. */
    LogConfig configOf(String topic);

    /** Whether the topic's own settings were read; while they were not, no log of it may be created. */
    boolean isConfigKnown(String topic);

    /** Directories in use. */
    List<Path> liveLogDirs();

    /** Directories an IO error took offline, or that could not be used from the start. */
    Set<Path> offlineLogDirs();

    /** Whether a log directory can be used. */
    boolean isLogDirOnline(Path logDir);

    /** Every configured directory, online or not, with its logs. */
    List<LogDirDescription> describeLogDirs();

    /**
     * Takes a directory offline after an IO error: its logs are closed and forgotten, the listener is told once.
     * Returns at once.
     */
    void logDirFailed(Path logDir, String what, Throwable cause);

    /** Writes {@code replication-offset-checkpoint} in every directory now. */
    void checkpointHighWatermarks();

    /** Writes the recovery point and log start offset checkpoints in every directory now. */
    void checkpointLogOffsets();

    /** The broker epoch (czxid) of this registration, for the clean shutdown marker. */
    void brokerEpoch(long brokerEpoch);

    /** Whether the last shutdown was clean in every directory that is online. */
    boolean lastShutdownWasClean();

    /** Flushes and closes every log in parallel, writes checkpoints and the clean shutdown markers, unlocks. */
    @Override
    void close();
}
