// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.membership.StartupException;
import io.barnabas.replica.log.checkpoint.LogDirLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the log directories' locks from the very start of the process until the log manager takes them itself: before
 * they are held nothing may be touched that another process of this broker could own, its ZooKeeper session above all.
 * Owned by the thread that starts the process.
 */
final class LogDirGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogDirGuard.class);

    private final List<LogDirLock> locks = new ArrayList<>();
    private final List<Path> usable = new ArrayList<>();

    private LogDirGuard() {}

    /**
     * Creates directories that do not exist, and locks all. One that cannot be used is left out: the log manager tells of
     * it, and the broker serves the others.
     *
     * @throws StartupException if another process uses one, or none can be used
     */
    static LogDirGuard acquire(List<Path> directories) {
        LogDirGuard guard = new LogDirGuard();
        try {
            directories.forEach(guard::lock);
            if (guard.usable.isEmpty()) {
                throw new StartupException("None of the log directories " + directories
                        + " can be created and written to: check log.dirs, its owner and the disk");
            }
            return guard;
        } catch (StartupException e) {
            guard.close();
            throw e;
        }
    }

    private void lock(Path directory) {
        try {
            Files.createDirectories(directory);
            locks.add(
                    LogDirLock.tryLock(directory)
                            .orElseThrow(
                                    () -> new StartupException(
                                            "Log directory " + directory
                                                    + " is in use by another process, which holds its file .lock: is this broker running already?")));
            usable.add(directory);
        } catch (IOException e) {
            LOG.warn("Log directory {} cannot be used: {}", directory, e.toString());
        }
    }

    /** The directories that could be locked, in their configured order; never empty. */
    List<Path> usable() {
        return List.copyOf(usable);
    }

    /** Lets go, for the log manager to lock anew; whoever comes first then, the other one gives up. */
    @Override
    public void close() {
        for (LogDirLock lock : locks) {
            try {
                lock.close();
            } catch (IOException e) {
                LOG.warn("A log directory's lock could not be released: {}", e.toString());
            }
        }
        locks.clear();
    }
}
