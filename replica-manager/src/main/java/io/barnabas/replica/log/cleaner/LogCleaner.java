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

    private final CleanerShop shop;
    private final RandomGenerator random;
    private final ThreadFactory threads;
    private CleanerConfig config;
    private final List<CleanerCrew> retired = new ArrayList<>();
    private CleanerCrew crew;
    private boolean closed;

    LogCleaner(CleanerConfig config, CleanerShop shop, RandomGenerator random, ThreadFactory threads) {
        this.config = config;
        this.shop = shop;
        this.random = random;
        this.threads = threads;
        this.crew = new CleanerCrew(shop, config, random, threads);
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
                new CleanerShop(
                        logs::localLogs,
                        logs::logDirFailed,
                        ports.clock(),
                        ticker,
                        config.maxIoBytesPerSecond(),
                        ports.events()),
                ports.random(),
                ports.threads());
        logs.compactWith(cleaner);
        cleaner.crew.start();
        LOG.info("Log cleaner started with {}", config);
        return cleaner;
    }

    /**
     * Takes a new configuration: the threads give up what they do, and as many as wanted begin anew. Does not wait.
     */
    public void reconfigure(CleanerConfig newConfig) {
        exclusively(() -> replaceCrew(newConfig));
    }

    private boolean replaceCrew(CleanerConfig newConfig) {
        if (closed || newConfig.equals(config)) {
            return false;
        }
        LOG.info("Log cleaner goes from {} to {}", config, newConfig);
        config = newConfig;
        shop.throttle().rate(newConfig.maxIoBytesPerSecond());
        crew.stop();
        retired.removeIf(former -> former.dead() == former.workers().size());
        retired.add(crew);
        crew = new CleanerCrew(shop, newConfig, random, threads);
        crew.start();
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
        long read = crew.workers().stream()
                .mapToLong(worker -> worker.lastStats().bytesRead())
                .sum();
        long written = crew.workers().stream()
                .mapToLong(worker -> worker.lastStats().bytesWritten())
                .sum();
        return new CleanerFigures(
                (int) (100 * shop.dirtiestRatio()),
                shop.sinceLastLookMs(),
                (int) max(worker -> 100 * worker.lastStats().bufferUtilization()),
                (int) (100 * written / Math.max(1, read)),
                (int) max(worker -> worker.lastStats().elapsedMs() / 1000.0),
                (int) max(worker -> worker.maxOverdueMs() / 1000.0),
                closed ? 0 : crew.dead(),
                shop.ledger().uncleanable());
    }

    private double max(ToDoubleFunction<CleanerWorker> figure) {
        return crew.workers().stream().mapToDouble(figure).max().orElse(0);
    }

    @Override
    public void pause(TopicPartition partition) {
        shop.ledger().pause(partition);
    }

    @Override
    public void interrupt(TopicPartition partition) {
        shop.ledger().interrupt(partition);
    }

    @Override
    public void resume(TopicPartition partition) {
        shop.ledger().resume(partition);
    }

    @Override
    public void truncated(TopicPartition partition, Path logDir, long activeBaseOffset) {
        shop.checkpoints().lower(logDir, partition, activeBaseOffset);
    }

    @Override
    public void removed(TopicPartition partition, Path logDir) {
        shop.checkpoints().remove(logDir, partition);
        shop.ledger().forgetUncleanable(logDir, partition);
    }

    @Override
    public void moved(TopicPartition partition, Path from, Path to) {
        shop.checkpoints().move(partition, from, to);
        shop.ledger().moveUncleanable(partition, from, to);
    }

    @Override
    public void logDirFailed(Path logDir) {
        shop.checkpoints().fail(logDir);
    }

    @Override
    public void close() {
        List<CleanerCrew> crews = exclusively(() -> {
            closed = true;
            List<CleanerCrew> all = new ArrayList<>(retired);
            all.add(crew);
            return all;
        });
        crews.forEach(CleanerCrew::stop);
        crews.forEach(CleanerCrew::join);
    }
}
