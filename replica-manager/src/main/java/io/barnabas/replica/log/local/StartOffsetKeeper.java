// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes raised log start offsets to disk before they are acknowledged. One write of a directory's checkpoint serves
 * all logs that asked before it began; those that ask meanwhile share the next. Thread-safe.
 */
final class StartOffsetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StartOffsetKeeper.class);
    private static final long RETRY_MS = 1_000L;

    private final boolean eager;
    private final ScheduledExecutorService disk;
    private final Predicate<Path> checkpoint;
    private final Map<Path, Map<TopicPartition, Runnable>> waiting = new HashMap<>();

    /**
     * @param eager whether starts are kept at once; false leaves them to the periodic checkpoint, as in Kafka
     * @param disk where checkpoints are written
     * @param checkpoint writes a log directory's log start offsets, and says whether they are on disk
     */
    StartOffsetKeeper(boolean eager, ScheduledExecutorService disk, Predicate<Path> checkpoint) {
        this.eager = eager;
        this.disk = disk;
        this.checkpoint = checkpoint;
    }

    boolean isEager() {
        return eager;
    }

    /**
     * Has a log's start written soon. Returns at once.
     *
     * @param kept runs on a disk thread once it is written; of several of one log, only the last
     */
    void keep(Path logDir, TopicPartition partition, Runnable kept) {
        if (!eager) {
            return;
        }
        if (join(logDir, Map.of(partition, kept), true)) {
            schedule(logDir, 0L);
        }
    }

    /**
     * Lets logs wait for their directory. Synchronised: many wait in one map.
     *
     * @param newer whether they count over those of the same logs that wait already
     * @return whether they are the first that wait for the directory
     */
    private synchronized boolean join(Path logDir, Map<TopicPartition, Runnable> logs, boolean newer) {
        Map<TopicPartition, Runnable> known = waiting.putIfAbsent(logDir, new HashMap<>(logs));
        if (known != null) {
            logs.forEach(newer ? known::put : known::putIfAbsent);
        }
        return known == null;
    }

    /** Those who wait for the directory, and wait no longer. Synchronised as {@link #join} is. */
    private synchronized Map<TopicPartition, Runnable> leave(Path logDir) {
        return waiting.remove(logDir);
    }

    private void schedule(Path logDir, long delayMs) {
        try {
            disk.schedule(() -> write(logDir), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The log start offsets of {} are written when the broker stops", logDir, e);
        }
    }

    /** What cannot be written for want of room is tried again; the waiting requests time out meanwhile. */
    private void write(Path logDir) {
        Map<TopicPartition, Runnable> served = leave(logDir);
        if (!checkpoint.test(logDir)) {
            if (join(logDir, served, false)) {
                schedule(logDir, RETRY_MS);
            }
            return;
        }
        List<Runnable> told = new ArrayList<>(served.values());
        told.forEach(StartOffsetKeeper::tell);
    }

    private static void tell(Runnable kept) {
        try {
            kept.run();
        } catch (RuntimeException e) {
            LOG.error("Error after log start offsets were written", e);
        }
    }
}
