// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.file.LazyFile;
import io.barnabas.replica.log.file.LogLock;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of fixed-size entries in rising order, appended to and searched.
 *
 * <p>Plain, and guarded by the log's lock: the log writes under it, and so are files opened, loaded and closed. Any thread
 * may search meanwhile without it, in the tail that was published last. The last block
 * of entries is kept in memory, so that an append costs no system call and most searches none; full blocks are written
 * to the file as they fill, the rest by {@link #flush}. Nothing is mapped into memory: a full disk is an
 * {@link IOException} here, not a fault of the JVM. A crash may lose the last entries; recovery rebuilds them, as it
 * does for the active segment anyway. The file is opened when first needed.
 */
abstract class SortedEntryFile {
    private static final int BLOCK_BYTES = 4096;
    private static final int FIRST_CAPACITY = 16;

    private final int entrySize;
    private final int blockEntries;
    private final LazyFile file;
    /** Null until loaded. Volatile: it publishes the entries to readers without the lock. */
    private volatile Tail tail;

    /**
     * What readers see.
     *
     * @param spilled how many entries lie in the file before those in memory
     * @param entries the entries in memory; those from {@code count} on are not part of it yet
     * @param count how many there are
     * @param written how many of all are in the file
     */
    private record Tail(int spilled, ByteBuffer entries, int count, int written) {
        int total() {
            return spilled + count;
        }
    }

    /** What to compare a searched value with. */
    interface Key {
        long of(ByteBuffer entries, int at);
    }

    SortedEntryFile(Path path, int entrySize, LogLock lock) {
        this.file = new LazyFile(path, lock, SortedEntryFile::openOrMake, true);
        this.entrySize = entrySize;
        this.blockEntries = BLOCK_BYTES / entrySize;
    }

    private static FileChannel openOrMake(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    final Path path() {
        return file.path();
    }

    /** The file was renamed. */
    public final void renamed(Path newPath) {
        file.renamed(newPath);
    }

    public final int entries() throws IOException {
        return tail().total();
    }

    /** @throws CorruptIndexException if the file is missing or has no whole number of entries */
    public final void checkExists() throws IOException {
        if (!Files.exists(path())) {
            throw new CorruptIndexException("Index file " + path() + " is missing");
        }
        if (Files.size(path()) % entrySize != 0) {
            throw new CorruptIndexException("Index file " + path() + " has no whole number of entries");
        }
    }

    /** Checks what was just loaded. */
    abstract void check() throws IOException;

    final void append(EntryWriter writer) throws IOException {
        Tail current = tail();
        if (current.count == blockEntries) {
            current = spill(current);
        } else if (current.count * entrySize == current.entries.capacity()) {
            current = grown(current);
        }
        writer.write(current.entries, current.count * entrySize);
        tail = new Tail(current.spilled, current.entries, current.count + 1, current.written);
    }

    /** Writes an entry at a place in a buffer, with absolute puts. */
    interface EntryWriter {
        void write(ByteBuffer entries, int at);
    }

    /** An entry as a buffer to read at 0; {@code slot} counts from the file's start. */
    final ByteBuffer entry(int slot) throws IOException {
        Tail current = tail();
        if (slot >= current.spilled) {
            return current.entries.slice((slot - current.spilled) * entrySize, entrySize);
        }
        ByteBuffer entry = ByteBuffer.allocate(entrySize);
        readFromFile(entry, slot);
        return entry;
    }

    /** The last slot whose key is not above the value, -1 if there is none. */
    final int floorSlot(long value, Key key) throws IOException {
        Tail current = tail();
        int count = current.count;
        if (count > 0 && key.of(current.entries, 0) <= value) {
            return current.spilled + floorIn(current.entries, count, value, key);
        }
        if (current.spilled == 0) {
            return -1;
        }
        return floorInFile(current.spilled, value, key);
    }

    private int floorInFile(int spilled, long value, Key key) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(entrySize);
        int low = 0;
        int high = (spilled + blockEntries - 1) / blockEntries - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            readFromFile(first.clear(), middle * blockEntries);
            if (key.of(first, 0) <= value) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int from = low * blockEntries;
        int count = Math.min(blockEntries, spilled - from);
        ByteBuffer block = ByteBuffer.allocate(count * entrySize);
        readFromFile(block, from);
        int slot = floorIn(block, count, value, key);
        return slot < 0 ? (from == 0 ? -1 : from - 1) : from + slot;
    }

    private int floorIn(ByteBuffer entries, int count, long value, Key key) {
        int low = -1;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >> 1;
            if (key.of(entries, middle * entrySize) <= value) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Keeps the first {@code count} entries only. */
    final void truncateToEntries(int count) throws IOException {
        Tail current = tail();
        if (count >= current.total()) {
            return;
        }
        int written = Math.min(current.written, count);
        if (count >= current.spilled) {
            int kept = count - current.spilled;
            tail = new Tail(current.spilled, copy(current.entries, kept), kept, written);
        } else {
            tail = tailFromFile(count, written);
        }
    }

    /** Forgets everything; the file is emptied by the next flush. */
    public final void reset() {
        tail = new Tail(0, ByteBuffer.allocate(0), 0, 0);
    }

    /** Brings the file up to date, and to its exact length; does nothing once it is closed. */
    public final void flush() throws IOException {
        if (file.isClosed()) {
            return;
        }
        Tail current = tail();
        FileChannel channel = file.channel();
        if (current.total() > current.written) {
            tail = written(current);
        }
        long bytes = (long) current.total() * entrySize;
        if (channel.size() != bytes) {
            channel.truncate(bytes);
        }
    }

    /** Forces what was flushed to disk. From any thread, not under the log's lock; a file closed meanwhile is left out. */
    public final void force() throws IOException {
        try {
            file.channel().force(true);
        } catch (ClosedChannelException e) {
            if (!file.isClosed()) {
                throw e;
            }
        }
    }

    /** Brings the file up to date and closes it; searches fail from now on unless all is in memory. */
    public final void close() throws IOException {
        if (file.isClosed()) {
            return;
        }
        try {
            if (tail != null || !Files.exists(path())) {
                flush();
            }
        } finally {
            closeHandle();
        }
    }

    /** Closes the file as it is, after an IO error. */
    public final void closeHandle() throws IOException {
        file.close();
    }

    public final boolean deleteIfExists() throws IOException {
        return file.deleteIfExists();
    }

    /** Loads the file if that did not happen yet. */
    final Tail tail() throws IOException {
        Tail current = tail;
        return current != null ? current : file.lock().get(this::load);
    }

    /** Under the lock, so that it does not undo what is appended meanwhile. */
    private Tail load() throws IOException {
        if (tail != null) {
            return tail;
        }
        Path path = path();
        long bytes = Files.exists(path) ? Files.size(path) : 0L;
        if (bytes % entrySize != 0) {
            throw new CorruptIndexException("Index file " + path + " is corrupt, found " + bytes
                    + " bytes which is neither positive nor a multiple of " + entrySize);
        }
        int total = (int) (bytes / entrySize);
        Tail loaded = total == 0 ? new Tail(0, ByteBuffer.allocate(0), 0, 0) : tailFromFile(total, total);
        tail = loaded;
        try {
            check();
        } catch (IOException e) {
            tail = null;
            throw e;
        }
        return loaded;
    }

    private Tail tailFromFile(int total, int written) throws IOException {
        int spilled = total == 0 ? 0 : (total - 1) / blockEntries * blockEntries;
        ByteBuffer block = ByteBuffer.allocate((total - spilled) * entrySize);
        readFromFile(block, spilled);
        return new Tail(spilled, block, total - spilled, written);
    }

    private Tail spill(Tail full) throws IOException {
        Tail kept = written(full);
        return new Tail(kept.total(), ByteBuffer.allocate(blockEntries * entrySize), 0, kept.written);
    }

    /** Writes what is not in the file yet. */
    private Tail written(Tail current) throws IOException {
        int from = Math.max(current.written, current.spilled);
        int total = current.total();
        ByteBuffer bytes = current.entries.slice((from - current.spilled) * entrySize, (total - from) * entrySize);
        DurableFiles.writeFully(file.channel(), bytes, (long) from * entrySize);
        return new Tail(current.spilled, current.entries, current.count, total);
    }

    private Tail grown(Tail current) {
        int capacity = Math.min(blockEntries, Math.max(FIRST_CAPACITY, current.count * 2));
        ByteBuffer larger = ByteBuffer.allocate(capacity * entrySize);
        larger.put(0, current.entries, 0, current.count * entrySize);
        return new Tail(current.spilled, larger, current.count, current.written);
    }

    private ByteBuffer copy(ByteBuffer entries, int count) {
        ByteBuffer copy = ByteBuffer.allocate(Math.max(FIRST_CAPACITY, count) * entrySize);
        copy.put(0, entries, 0, count * entrySize);
        return copy;
    }

    private void readFromFile(ByteBuffer into, int slot) throws IOException {
        FileChannel channel = file.channel();
        long position = (long) slot * entrySize;
        while (into.hasRemaining()) {
            int read = channel.read(into, position + into.position());
            if (read < 0) {
                throw new EOFException("index " + path() + " ends before entry " + slot);
            }
        }
        into.flip();
    }
}
