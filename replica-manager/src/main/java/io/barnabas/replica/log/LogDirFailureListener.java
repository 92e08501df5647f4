// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.file.Path;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Told once when a log directory goes offline after an IO error. Called on a background thread, never under a log's
 * lock; may block for a moment.
 */
@FunctionalInterface
public interface LogDirFailureListener {
    /**
     * @param logDir the directory
     * @param lost the partitions whose current log lay in it
     * @param lostFuture the partitions whose future log lay in it
     * @param anyLeft whether any directory is still online; if not, the broker must stop
     */
    void onLogDirFailure(Path logDir, Set<TopicPartition> lost, Set<TopicPartition> lostFuture, boolean anyLeft);
}
