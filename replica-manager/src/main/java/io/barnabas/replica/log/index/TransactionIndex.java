// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.file.LogLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code .txnindex}: the transactions whose abort marker lies in a segment, in the order of their markers; entries of
 * 34 bytes (version 0). The file exists only if there are some. Its content is read whole when first needed.
 *
 * <p>Plain, and guarded by the log's lock; any thread may read what was published last without it.
 */
public final class TransactionIndex {
    public static final int ENTRY_SIZE = 34;
    private static final short CURRENT_VERSION = 0;

    private final long startOffset;
    private final LogLock lock;
    /** Null until loaded. Volatile, as readers take no lock. */
    private volatile List<AbortedTxn> transactions;

    private Path path;
    private boolean closed;

    /**
     * @param path the file, which need not exist
     * @param startOffset the segment's base offset
     * @param lock the log's
     */
    public TransactionIndex(Path path, long startOffset, LogLock lock) {
        this.lock = lock;
        this.path = path;
        this.startOffset = startOffset;
    }

    /** The file was moved there. */
    public void renamed(Path newPath) {
        lock.run(() -> path = newPath);
    }

    /**
     * Adds a transaction; written to the file at once.
     *
     * @throws IllegalArgumentException if its marker does not lie above the last one
     */
    public void append(AbortedTxn transaction) throws IOException {
        List<AbortedTxn> current = all();
        if (!current.isEmpty() && current.get(current.size() - 1).lastOffset() >= transaction.lastOffset()) {
            throw new IllegalArgumentException("The last offset of appended transactions must increase sequentially, "
                    + "but " + transaction.lastOffset() + " is not greater than current last offset "
                    + current.get(current.size() - 1).lastOffset() + " of index " + path);
        }
        write(transaction, (long) current.size() * ENTRY_SIZE);
        List<AbortedTxn> next = new ArrayList<>(current);
        next.add(transaction);
        transactions = List.copyOf(next);
    }

    /** All of them in order. */
    public List<AbortedTxn> all() throws IOException {
        List<AbortedTxn> current = transactions;
        return current != null ? current : lock.get(this::load);
    }

    /**
     * Collects those that overlap the offsets from {@code fetchOffset} up to {@code upperBoundOffset}.
     *
     * @return whether that is all there can be; otherwise the next segment has to be asked too
     */
    public boolean collect(long fetchOffset, long upperBoundOffset, List<AbortedTxn> into) throws IOException {
        for (AbortedTxn transaction : all()) {
            if (transaction.lastOffset() >= fetchOffset && transaction.firstOffset() < upperBoundOffset) {
                into.add(transaction);
            }
            if (transaction.lastStableOffset() >= upperBoundOffset) {
                return true;
            }
        }
        return false;
    }

    /** Removes transactions whose marker lies at or above an offset. */
    public void truncateTo(long offset) throws IOException {
        List<AbortedTxn> kept = new ArrayList<>();
        for (AbortedTxn transaction : all()) {
            if (transaction.lastOffset() < offset) {
                kept.add(transaction);
            }
        }
        cut(kept);
    }

    /** Removes everything. */
    public void reset() throws IOException {
        cut(List.of());
    }

    private void cut(List<AbortedTxn> kept) throws IOException {
        if (Files.exists(path)) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate((long) kept.size() * ENTRY_SIZE);
            }
        }
        transactions = List.copyOf(kept);
    }

    /** @throws CorruptIndexException if the file cannot be right */
    public void check() throws IOException {
        all();
    }

    /** Forces the file to disk, if there is one. From any thread, not under the log's lock. */
    public void force() throws IOException {
        FileChannel file = lock.get(this::openIfExists);
        if (file != null) {
            try (file) {
                file.force(true);
            }
        }
    }

    private FileChannel openIfExists() throws IOException {
        return Files.exists(path) ? FileChannel.open(path, StandardOpenOption.WRITE) : null;
    }

    /** From now on nothing is added. */
    public void close() {
        lock.run(() -> closed = true);
    }

    /** Deletes the file. */
    public boolean deleteIfExists() throws IOException {
        Path file = lock.get(() -> {
            closed = true;
            return path;
        });
        return Files.deleteIfExists(file);
    }

    private void write(AbortedTxn transaction, long position) throws IOException {
        if (closed) {
            throw new IOException("Attempt to append to closed transaction index " + path);
        }
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_SIZE)
                .putShort(CURRENT_VERSION)
                .putLong(transaction.producerId())
                .putLong(transaction.firstOffset())
                .putLong(transaction.lastOffset())
                .putLong(transaction.lastStableOffset())
                .flip();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            DurableFiles.writeFully(file, entry, position);
        }
    }

    private List<AbortedTxn> load() throws IOException {
        if (transactions != null) {
            return transactions;
        }
        if (!Files.exists(path)) {
            transactions = List.of();
            return transactions;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        if (bytes.remaining() % ENTRY_SIZE != 0) {
            throw new CorruptIndexException(
                    "Transaction index " + path + " has " + bytes.remaining() + " bytes, not a multiple of entries");
        }
        List<AbortedTxn> loaded = new ArrayList<>();
        while (bytes.hasRemaining()) {
            short version = bytes.getShort();
            AbortedTxn entry = new AbortedTxn(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            if (version > CURRENT_VERSION || version < 0) {
                throw new CorruptIndexException("Unexpected aborted transaction version " + version
                        + " in transaction index " + path + ", current version is " + CURRENT_VERSION);
            }
            if (entry.lastOffset() < startOffset) {
                throw new CorruptIndexException("Last offset of aborted transaction " + entry + " in index " + path
                        + " is less than start offset " + startOffset);
            }
            loaded.add(entry);
        }
        transactions = List.copyOf(loaded);
        return transactions;
    }
}
