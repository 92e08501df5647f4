// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.EventSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Flushes and closes all logs in parallel; a directory in which all went well gets its clean shutdown marker. */
final class LogShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(LogShutdown.class);

    private final LogMap logs;
    private final List<LogDirectory> directories;
    private final LogMaintenance maintenance;
    private final DirectoryThreads threads;
    private final EventSink events;

    LogShutdown(
            LogMap logs,
            List<LogDirectory> directories,
            LogMaintenance maintenance,
            DirectoryThreads threads,
            EventSink events) {
        this.logs = logs;
        this.directories = directories;
        this.maintenance = maintenance;
        this.threads = threads;
        this.events = events;
    }

    void run(long brokerEpoch) {
        Map<LogDirectory, ExecutorService> pools = new LinkedHashMap<>();
        Map<LogDirectory, List<Future<?>>> jobs = new LinkedHashMap<>();
        for (LogDirectory directory : directories) {
            ExecutorService pool = threads.pool("log-closing", directory.path());
            pools.put(directory, pool);
            List<Future<?>> closing = new ArrayList<>();
            for (LocalPartitionLog log : logs.in(directory.path())) {
                closing.add(pool.submit(() -> {
                    log.flush();
                    log.close();
                }));
            }
            jobs.put(directory, closing);
        }
        jobs.forEach((directory, closing) -> finish(directory, closing, brokerEpoch));
        pools.values().forEach(ExecutorService::shutdownNow);
    }

    private void finish(LogDirectory directory, List<Future<?>> closing, long brokerEpoch) {
        boolean clean = true;
        for (Future<?> job : closing) {
            clean &= await(directory, job);
        }
        maintenance.checkpoint(directory, "recovery points", LogDirectory::writeRecoveryPoints);
        maintenance.checkpoint(directory, "log start offsets", LogDirectory::writeStartOffsets);
        maintenance.checkpoint(directory, "high watermarks", LogDirectory::writeHighWatermarks);
        if (!clean || !directory.online()) {
            return;
        }
        try {
            directory.markClean(brokerEpoch);
            events.record(new LogEvents.LogDirClosed(directory.path(), closing.size(), "the broker stops"));
        } catch (IOException e) {
            LOG.warn("Could not mark {} as cleanly shut down; the next start recovers it", directory.path(), e);
        }
    }

    private static boolean await(LogDirectory directory, Future<?> job) {
        try {
            job.get();
            return true;
        } catch (ExecutionException e) {
            LOG.warn("A log in {} was not closed cleanly", directory.path(), e.getCause());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
