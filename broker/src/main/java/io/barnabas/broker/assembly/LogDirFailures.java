// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.replica.log.LogDirFailureListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;

/**
 * Passes news of failed log directories on. A directory that fails while logs are opened, before anybody listens, is
 * simply not among those that are open. Thread-safe.
 */
final class LogDirFailures implements LogDirFailureListener {
    private final List<LogDirFailureListener> listeners = new CopyOnWriteArrayList<>();

    /** Hears of failures from now on. */
    void addListener(LogDirFailureListener listener) {
        listeners.add(listener);
    }

    @Override
    public void onLogDirFailure(
            Path logDir, Set<TopicPartition> lost, Set<TopicPartition> lostFuture, boolean anyLeft) {
        listeners.forEach(listener -> listener.onLogDirFailure(logDir, lost, lostFuture, anyLeft));
    }
}
