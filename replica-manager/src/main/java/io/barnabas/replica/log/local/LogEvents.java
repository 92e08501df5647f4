// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.Event;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/** What is told of logs and their directories. */
final class LogEvents {
    private LogEvents() {}

    /** All logs of a directory can be used. */
    record LogsLoaded(Path dir, int logs, long ms, String why) implements Event {}

    /** A directory's logs are closed, and it is marked as left cleanly. */
    record LogDirClosed(Path dir, int logs, String why) implements Event {}

    /** A directory failed; its logs are gone from this broker. */
    record LogDirOffline(Path dir, int partitions, int futurePartitions, boolean anyDirLeft, String why)
            implements Event {}

    /** A directory takes no more records. */
    record LogDirFull(Path dir, long reserveBytes, String why) implements Event {}

    /** A directory takes records again. */
    record LogDirHasRoom(Path dir, long usableBytes, String why) implements Event {}

    /** A partition's log lies in another directory from now on. */
    record LogMoved(TopicPartition partition, Path from, Path to, String why) implements Event {}

    /** Retention does not remove a segment, though its file is old enough. */
    record SegmentKept(
            TopicPartition partition,
            long baseOffset,
            long largestTimestamp,
            long fileModifiedMs,
            long retentionMs,
            String why)
            implements Event {}
}
