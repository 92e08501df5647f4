// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.log.LogManager;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done from time to time: lagging followers leave the in-sync set, high watermarks are saved. */
final class Maintenance {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private final ReplicaConfig config;
    private final Partitions partitions;
    private final LogManager logs;
    private final ReplicaPorts ports;
    private final List<ScheduledFuture<?>> tasks = new CopyOnWriteArrayList<>();

    Maintenance(ReplicaConfig config, Partitions partitions, LogManager logs, ReplicaPorts ports) {
        this.config = config;
        this.partitions = partitions;
        this.logs = logs;
        this.ports = ports;
    }

    /** A follower leaves the in-sync set at most one and a half times the allowed lag after it last was caught up. */
    void start() {
        every(Math.max(1, config.lagTimeMaxMs() / 2), "shrink in-sync sets", this::shrinkIsrs);
        every(config.highWatermarkCheckpointIntervalMs(), "save high watermarks", logs::checkpointHighWatermarks);
    }

    void stop() {
        tasks.forEach(task -> task.cancel(false));
        tasks.clear();
    }

    void shrinkIsrs() {
        partitions.online().forEach(Partition::maybeShrinkIsr);
    }

    /** Work goes to the executor, so that the scheduler is not held up; a round that is still under way is not joined. */
    private void every(long periodMs, String what, Runnable work) {
        AtomicBoolean busy = new AtomicBoolean();
        Runnable round = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("Could not {}", what, e);
            } finally {
                busy.set(false);
            }
        };
        tasks.add(ports.scheduler()
                .scheduleWithFixedDelay(
                        () -> {
                            if (busy.compareAndSet(false, true)) {
                                ports.executor().execute(round);
                            }
                        },
                        periodMs,
                        periodMs,
                        TimeUnit.MILLISECONDS));
    }
}
