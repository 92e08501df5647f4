// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.LogPorts;
import io.barnabas.replica.log.local.Compaction;
import io.barnabas.replica.log.local.LocalLogManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the logs of a broker whose {@code cleanup.policy} says so, with a few threads of its own that sleep
 * {@code log.cleaner.backoff.ms} between looks. Safe for use by any thread; closed by the log manager it works for.
 */
public final class LogCleaner implements Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(LogCleaner.class);

    private final CleanerContext context;
    private final RandomGenerator random;
    private final ThreadFactory threads;
    private CleanerConfig config;
    private final List<CleanerThreads> retired = new ArrayList<>();
    private CleanerThreads running;
    private boolean closed;

    LogCleaner(CleanerConfig config, CleanerContext context, RandomGenerator random, ThreadFactory threads) {
        this.config = config;
        this.context = context;
        this.random = random;
        this.threads = threads;
        this.running = new CleanerThreads(context, config, random, threads);
    }

    /**
     * Starts to compact a log manager's logs, until that is closed.
     *
     * @param ports those of the log manager; their chance keys the hash of record keys, so that nobody can make keys that
     *     collide
     * @param ticker monotonic nanoseconds, for the throttle
     */
    public static LogCleaner start(CleanerConfig config, LocalLogManager logs, LogPorts ports, LongSupplier ticker) {
        LogCleaner cleaner = new LogCleaner(
                config,
                new CleanerContext(
                        logs::localLogs,
                        logs::logDirFailed,
                        ports.clock(),
                        ticker,
                        config.maxIoBytesPerSecond(),
                        ports.events()),
                ports.random(),
                ports.threads());
        logs.compactWith(cleaner);
        cleaner.running.start();
        LOG.info("Log cleaner started with {}", config);
        return cleaner;
    }

    /**
     * Takes a new configuration: the threads give up what they do, and as many as wanted begin anew. Does not wait.
     */
    public void reconfigure(CleanerConfig newConfig) {
        exclusively(() -> restart(newConfig));
    }

    private boolean restart(CleanerConfig newConfig) {
        if (closed || newConfig.equals(config)) {
            return false;
        }
        LOG.info("Log cleaner goes from {} to {}", config, newConfig);
        config = newConfig;
        context.throttle().rate(newConfig.maxIoBytesPerSecond());
        running.stop();
        retired.removeIf(former -> former.dead() == former.workers().size());
        retired.add(running);
        running = new CleanerThreads(context, newConfig, random, threads);
        running.start();
        return true;
    }

    /** Synchronised: a change of configuration replaces threads while others stop them or ask how they do. */
    @CanIgnoreReturnValue
    private synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    /** How it does. */
    public CleanerFigures figures() {
        return exclusively(this::currentFigures);
    }

    private CleanerFigures currentFigures() {
        long read = running.workers().stream()
                .mapToLong(worker -> worker.lastStats().bytesRead())
                .sum();
        long written = running.workers().stream()
                .mapToLong(worker -> worker.lastStats().bytesWritten())
                .sum();
        return new CleanerFigures(
                (int) (100 * context.dirtiestRatio()),
                context.sinceLastLookMs(),
                (int) max(worker -> 100 * worker.lastStats().bufferUtilization()),
                (int) (100 * written / Math.max(1, read)),
                (int) max(worker -> worker.lastStats().elapsedMs() / 1000.0),
                (int) max(worker -> worker.maxOverdueMs() / 1000.0),
                closed ? 0 : running.dead(),
                context.ledger().uncleanable());
    }

    private double max(ToDoubleFunction<CleanerWorker> figure) {
        return running.workers().stream().mapToDouble(figure).max().orElse(0);
    }

    @Override
    public void pause(TopicPartition partition) {
        context.ledger().pause(partition);
    }

    @Override
    public void interrupt(TopicPartition partition) {
        context.ledger().interrupt(partition);
    }

    @Override
    public void resume(TopicPartition partition) {
        context.ledger().resume(partition);
    }

    @Override
    public void truncated(TopicPartition partition, Path logDir, long activeBaseOffset) {
        context.checkpoints().lower(logDir, partition, activeBaseOffset);
    }

    @Override
    public void removed(TopicPartition partition, Path logDir) {
        context.checkpoints().remove(logDir, partition);
        context.ledger().forgetUncleanable(logDir, partition);
    }

    @Override
    public void moved(TopicPartition partition, Path from, Path to) {
        context.checkpoints().move(partition, from, to);
        context.ledger().moveUncleanable(partition, from, to);
    }

    @Override
    public void logDirFailed(Path logDir) {
        context.checkpoints().fail(logDir);
    }

    @Override
    public void close() {
        List<CleanerThreads> stopped = exclusively(() -> {
            closed = true;
            List<CleanerThreads> all = new ArrayList<>(retired);
            all.add(running);
            return all;
        });
        stopped.forEach(CleanerThreads::stop);
        stopped.forEach(CleanerThreads::join);
    }
}
