// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** {@code .lock}: keeps a second broker out of a log directory. */
public final class LogDirLock implements AutoCloseable {
    public static final String NAME = ".lock";

    private final FileChannel channel;
    private final FileLock lock;

    private LogDirLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the lock; empty if another process (or this one) holds it. */
    public static Optional<LogDirLock> tryLock(Path logDir) throws IOException {
        FileChannel channel =
                FileChannel.open(logDir.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new LogDirLock(channel, lock));
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
