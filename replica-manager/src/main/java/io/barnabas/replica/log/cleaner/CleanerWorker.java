// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.local.LocalPartitionLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cleaner thread: cleans the filthiest log, removes what retention allows from compacted logs, and sleeps when there
 * was nothing to clean. An unexpected error costs the log its cleaning, never the thread (KIP-346).
 */
final class CleanerWorker implements Runnable, CleaningControl {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerWorker.class);

    private final CleanerContext context;
    private final CleanerConfig config;
    private final LogCompactor compactor;
    /** Volatile: set by whoever stops the thread, who does not wait for it. */
    private volatile boolean stopping;
    /** Volatile: replaced by the thread, read for metrics. */
    private volatile Figures figures = new Figures(new CleaningStats(), 0L);

    /** What the last cleaning did, and how much the most overdue log was at the last look. */
    private record Figures(CleaningStats lastStats, long maxOverdueMs) {}

    CleanerWorker(CleanerContext context, CleanerConfig config, KeyHash hash) {
        this.context = context;
        this.config = config;
        this.compactor = new LogCompactor(config, hash, this, context.clock());
    }

    @Override
    public void run() {
        while (!stopping) {
            boolean cleaned = cleanFilthiest();
            applyRetention();
            if (!cleaned) {
                compactor.release();
                context.ledger().await(TimeUnit.MILLISECONDS.toNanos(config.backoffMs()), () -> stopping);
            }
        }
    }

    /** Ends the thread soon: what it cleans is given up. */
    void stop() {
        stopping = true;
        context.ledger().wake();
    }

    /** What the last cleaning did. */
    CleaningStats lastStats() {
        return figures.lastStats;
    }

    /** How much the most overdue log was at the last look. */
    long maxOverdueMs() {
        return figures.maxOverdueMs;
    }

    @Override
    public void check(TopicPartition partition) {
        if (!isWanted(partition)) {
            throw new CleaningAbortedException("the log is truncated, deleted or moved, or the cleaner stops");
        }
    }

    @Override
    public boolean isWanted(TopicPartition partition) {
        return !stopping && !context.ledger().isAborted(partition);
    }

    @Override
    public void pace(TopicPartition partition, int bytes) {
        long waitNanos = context.throttle().observe(bytes, context.ticker().getAsLong());
        if (waitNanos > 0) {
            context.ledger().await(waitNanos, () -> !isWanted(partition));
        }
    }

    /** Cleans the filthiest log that is due; returns whether there was one. */
    boolean cleanFilthiest() {
        for (LogToClean candidate : due()) {
            LocalPartitionLog log = candidate.log();
            if (!context.ledger().begin(log.topicPartition())) {
                continue;
            }
            try {
                // measured anew: from now on a truncation is noticed
                LogToClean cleanable = measure(log);
                if (cleanable != null && cleanable.isDue() && clean(cleanable)) {
                    return true;
                }
            } finally {
                context.ledger().end(log.topicPartition());
            }
        }
        return false;
    }

    /** The logs to clean, the filthiest first. */
    private List<LogToClean> due() {
        List<LogToClean> due = new ArrayList<>();
        double dirtiest = 0;
        long overdue = 0;
        for (LocalPartitionLog log : context.logs().get()) {
            if (stopping) {
                return List.of();
            }
            LogToClean measured = log.config().compact() && context.ledger().isCandidate(log) ? measure(log) : null;
            if (measured != null && !measured.isEmpty()) {
                dirtiest = Math.max(dirtiest, measured.cleanableRatio());
                overdue = Math.max(overdue, measured.overdueMs());
                if (measured.isDue()) {
                    due.add(measured);
                }
            }
        }
        figures = new Figures(figures.lastStats, overdue);
        context.looked(dirtiest);
        due.sort(Comparator.comparingDouble(LogToClean::cleanableRatio).reversed());
        return due;
    }

    private LogToClean measure(LocalPartitionLog log) {
        LogToClean[] measured = new LogToClean[1];
        boolean done = guarded(log, () -> {
            measured[0] = LogToClean.of(
                    log,
                    context.checkpoints().get(log.logDir(), log.topicPartition()),
                    context.clock().millis());
            if (measured[0].range().checkpointInvalid()) {
                note(log, measured[0].range().firstDirty());
            }
        });
        return done ? measured[0] : null;
    }

    private void note(LocalPartitionLog log, long firstDirty) {
        context.checkpoints()
                .update(
                        log.logDir(),
                        log.topicPartition(),
                        firstDirty,
                        context.partitions(),
                        () -> isWanted(log.topicPartition()));
    }

    private boolean clean(LogToClean cleanable) {
        LocalPartitionLog log = cleanable.log();
        return guarded(log, () -> {
            CleaningStats stats = new CleaningStats();
            long end = compactor.clean(cleanable, stats);
            note(log, end);
            figures = new Figures(stats, figures.maxOverdueMs);
            report(cleanable, end, stats);
        });
    }

    private void report(LogToClean cleanable, long end, CleaningStats stats) {
        context.events()
                .record(new CleanerEvents.LogCompacted(
                        cleanable.partition(),
                        cleanable.range().firstDirty(),
                        end,
                        stats.bytesRead(),
                        stats.bytesWritten(),
                        stats.recordsRead(),
                        stats.recordsWritten(),
                        stats.elapsedMs(),
                        cleanable.overdueMs() > 0
                                ? "max.compaction.lag.ms was passed by " + cleanable.overdueMs() + " ms"
                                : "dirty ratio was above min.cleanable.dirty.ratio"));
        if (stats.invalidRecords() > 0) {
            LOG.warn(
                    "Found {} invalid messages during compaction of {}: records without a key were dropped.",
                    stats.invalidRecords(),
                    cleanable.partition());
        }
    }

    /** Removes old segments of compacted logs, which the log manager leaves to this. */
    void applyRetention() {
        List<LocalPartitionLog> compacted = new ArrayList<>();
        for (LocalPartitionLog log : context.logs().get()) {
            if (log.config().compact()) {
                compacted.add(log);
            }
        }
        for (LocalPartitionLog log : context.ledger().beginAll(compacted)) {
            try {
                if (isWanted(log.topicPartition())) {
                    guarded(log, log::deleteOldSegments);
                }
            } finally {
                context.ledger().end(log.topicPartition());
            }
        }
    }

    /** Work on one log. */
    private interface LogWork {
        void run() throws IOException;
    }

    /** Returns whether the work was done. */
    @CanIgnoreReturnValue
    private boolean guarded(LocalPartitionLog log, LogWork work) {
        TopicPartition partition = log.topicPartition();
        try {
            work.run();
            return true;
        } catch (CleaningAbortedException e) {
            LOG.debug("Cleaning of {} was given up: {}", partition, e.getMessage());
        } catch (KafkaStorageException e) {
            LOG.debug("{} is left out: its directory is offline", log, e);
        } catch (IOException e) {
            if (log.isOutOfRoom(e)) {
                LOG.warn("No room to clean {}; it is tried again: {}", partition, e.getMessage());
            } else if (isWanted(partition) && isCurrent(log)) {
                context.failures().failed(log.logDir(), "Failed to clean up log for " + partition, e);
            }
        } catch (RuntimeException | Error e) {
            if (isWanted(partition) && isCurrent(log)) {
                giveUp(log, e);
            }
        }
        return false;
    }

    /** Whether the log was not deleted while it was looked at. */
    private boolean isCurrent(LocalPartitionLog log) {
        return context.logs().get().contains(log);
    }

    private void giveUp(LocalPartitionLog log, Throwable cause) {
        context.ledger().markUncleanable(log.logDir(), log.topicPartition());
        LOG.warn(
                "Unexpected exception thrown when cleaning log {}. Marking its partition ({}) as uncleanable",
                log,
                log.topicPartition(),
                cause);
        context.events()
                .record(new CleanerEvents.LogUncleanable(
                        log.topicPartition(), log.logDir(), "cleaning it failed unexpectedly: " + cause));
    }
}
