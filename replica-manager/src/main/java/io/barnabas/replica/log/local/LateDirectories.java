// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the directories of logs just created, one after the other in the background, a moment later: by then whoever
 * waits for a topic of many partitions has its answer. Bounded by the number of logs. Thread-safe.
 */
final class LateDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(LateDirectories.class);
    /** Long enough for a creation to be told to all brokers, short enough for nobody to miss the directories. */
    private static final long PAUSE_MS = 1_000;

    private final LogEnvironment environment;
    private final Queue<LocalPartitionLog> waiting = new ArrayDeque<>();
    private boolean scheduled;

    LateDirectories(LogEnvironment environment) {
        this.environment = environment;
    }

    /** Makes a log's directory at once. */
    static void makeNow(LocalPartitionLog log) throws IOException {
        log.makeDirectory();
        LOG.info("Created log for partition {} in {}", log.topicPartition(), log.directory());
    }

    /** Makes a log's directory soon. */
    void add(LocalPartitionLog log) {
        add(log, false);
    }

    /**
     * Synchronised here and in {@link #next}: what waits and whether a run is scheduled change together.
     *
     * @param ended whether the run that adds it has ended: there is no room on the volume, and it is tried again later, unless
     *     the first record does before
     */
    private synchronized void add(LocalPartitionLog log, boolean ended) {
        waiting.add(log);
        scheduled &= !ended;
        schedule();
    }

    private void schedule() {
        if (scheduled || waiting.isEmpty()) {
            return;
        }
        try {
            environment.background().schedule(this::run, PAUSE_MS, TimeUnit.MILLISECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The broker stops: {} directories are made when their logs are closed", waiting.size(), e);
        }
    }

    private void run() {
        for (LocalPartitionLog log = next(); log != null; log = next()) {
            try {
                makeNow(log);
            } catch (IOException e) {
                if (log.isOutOfRoom(e)) {
                    add(log, true);
                    return;
                }
                log.creationFailed(e);
            }
        }
    }

    private synchronized LocalPartitionLog next() {
        LocalPartitionLog log = waiting.poll();
        if (log == null) {
            scheduled = false;
        }
        return log;
    }
}
