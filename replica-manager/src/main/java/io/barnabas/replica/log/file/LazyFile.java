// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.file;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of a log that is opened when first needed. Any thread may ask for its channel; opening, renaming and closing
 * happen under the log's lock, so that a file is never opened by a name it has just lost.
 */
public final class LazyFile {
    private final LogLock lock;
    private final Opener opener;
    /** Volatile, as readers take the channel without the lock. */
    private volatile State state;

    private boolean closed;

    /** Opens a file, or makes it. */
    @FunctionalInterface
    public interface Opener {
        /** Opens the file. */
        FileChannel open(Path path) throws IOException;
    }

    /** What readers see; the channel is null until the file is opened. */
    private record State(Path path, FileChannel channel, boolean onDisk) {}

    /**
     * @param opener opens the file for reading and writing; called once, under the lock
     * @param onDisk whether the file is there; if not, the opener makes it
     */
    public LazyFile(Path path, LogLock lock, Opener opener, boolean onDisk) {
        this.lock = lock;
        this.opener = opener;
        this.state = new State(path, null, onDisk);
    }

    /** The lock of the log it belongs to. */
    public LogLock lock() {
        return lock;
    }

    /** Where it lies. */
    public Path path() {
        return state.path;
    }

    /** Whether the file is there or was opened. */
    public boolean isOnDisk() {
        return state.onDisk;
    }

    /** Whether it has been opened and not closed. */
    public boolean isOpen() {
        return state.channel != null;
    }

    /** Whether it was closed for good. */
    public boolean isClosed() {
        return lock.get(() -> closed);
    }

    /**
     * The file's channel.
     *
     * @throws ClosedChannelException if the file was closed before it was opened
     */
    public FileChannel channel() throws IOException {
        FileChannel channel = state.channel;
        return channel != null ? channel : lock.get(this::open);
    }

    private FileChannel open() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        State current = state;
        if (current.channel != null) {
            return current.channel;
        }
        FileChannel opened = opener.open(current.path);
        state = new State(current.path, opened, true);
        return opened;
    }

    /** Renames the file, if it is there; it is not forced to disk. */
    public void renameTo(Path target) throws IOException {
        lock.run(() -> {
            if (state.onDisk) {
                DurableFiles.move(state.path, target, false);
            }
            renamed(target);
        });
    }

    /** The file was renamed. */
    public void renamed(Path target) {
        lock.run(() -> state = new State(target, state.channel, state.onDisk));
    }

    /** Closes the file, and keeps it from being opened. Reads under way fail. */
    public void close() throws IOException {
        lock.run(() -> {
            closed = true;
            if (state.channel != null) {
                state.channel.close();
            }
        });
    }

    /** Closes and deletes the file; returns whether it was there. */
    public boolean deleteIfExists() throws IOException {
        close();
        State current = state;
        return current.onDisk && Files.deleteIfExists(current.path);
    }
}
