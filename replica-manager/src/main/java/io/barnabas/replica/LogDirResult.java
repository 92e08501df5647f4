// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One log directory and the replicas in it (DescribeLogDirs).
 *
 * @param error {@link Errors#KAFKA_STORAGE_ERROR} if the directory is offline
 * @param path its absolute path
 * @param totalBytes size of its volume, -1 if not known (KIP-827)
 * @param usableBytes free space of its volume, -1 if not known
 * @param replicas those asked for
 */
public record LogDirResult(Errors error, String path, long totalBytes, long usableBytes, List<Replica> replicas) {
    public LogDirResult {
        replicas = List.copyOf(replicas);
    }

    /**
     * One replica's log.
     *
     * @param topicPartition which
     * @param sizeBytes size of its segments
     * @param offsetLag how far it is behind: the high watermark for the current log, the current log's end for a future one
     * @param isFuture whether it is being moved here from another directory
     */
    public record Replica(TopicPartition topicPartition, long sizeBytes, long offsetLag, boolean isFuture) {}
}
