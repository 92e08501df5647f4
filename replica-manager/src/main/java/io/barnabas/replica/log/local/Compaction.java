// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Who compacts the logs, told by the log manager and by the logs what happens to them. Pauses of a partition nest: it
 * is cleaned again when each was resumed.
 */
public interface Compaction extends AutoCloseable {
    /** Compaction is off. */
    Compaction NONE = new NoCompaction();

    /** Gives up what is being cleaned of a partition, waits until that has ended, and begins nothing new. */
    void pause(TopicPartition partition);

    /**
     * As {@link #pause}, without waiting: what was begun is never put in the log, though its files may go a moment
     * later. Returns at once.
     */
    void interrupt(TopicPartition partition);

    /**
     * Ends one pause or interruption.
     *
     * @throws IllegalStateException if there was none
     */
    void resume(TopicPartition partition);

    /** A log was cut, while interrupted: nothing from its active segment on counts as clean any more. */
    void truncated(TopicPartition partition, Path logDir, long activeBaseOffset);

    /** A partition's log is gone from a directory. */
    void removed(TopicPartition partition, Path logDir);

    /** A partition's log lies in another directory from now on; how far it is clean goes with it. */
    void moved(TopicPartition partition, Path from, Path to);

    /** A directory is offline. */
    void logDirFailed(Path logDir);

    /** Stops cleaning; returns when no log is touched any more. */
    @Override
    void close();
}
