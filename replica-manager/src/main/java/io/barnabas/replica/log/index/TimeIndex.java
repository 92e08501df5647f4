// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import io.barnabas.replica.log.file.LogLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.record.RecordBatch;

/**
 * {@code .timeindex}: entries of 8 bytes timestamp and 4 bytes relative offset, meaning that no record up to that offset
 * has a larger timestamp. Threads: see {@link SortedEntryFile}.
 */
public final class TimeIndex extends SortedEntryFile {
    public static final int ENTRY_SIZE = 12;
    private static final Key TIMESTAMP = ByteBuffer::getLong;
    private static final Key OFFSET = (entries, at) -> entries.getInt(at + 8);

    private final long baseOffset;
    private final int maxEntries;

    /**
     * @param path the file, which need not exist
     * @param baseOffset the segment's base offset
     * @param maxIndexBytes {@code segment.index.bytes}
     * @param lock the log's
     */
    public TimeIndex(Path path, long baseOffset, int maxIndexBytes, LogLock lock) {
        super(path, ENTRY_SIZE, lock);
        this.baseOffset = baseOffset;
        this.maxEntries = maxIndexBytes / ENTRY_SIZE;
    }

    /** An index entry. */
    public record Entry(long timestamp, long offset) {}

    /** One slot is kept free for the entry a segment gets when it is closed. */
    public boolean isFull() throws IOException {
        return entries() >= maxEntries - 1;
    }

    /** The entry with the largest timestamp not above the target; without one, no timestamp at the base offset. */
    public Entry lookup(long targetTimestamp) throws IOException {
        int slot = floorSlot(targetTimestamp, TIMESTAMP);
        return slot < 0 ? none() : at(slot);
    }

    /** The last entry, or one that stands for none. */
    public Entry lastEntry() throws IOException {
        int count = entries();
        return count == 0 ? none() : at(count - 1);
    }

    /** Adds an entry unless its timestamp does not lie above the last one's; an older offset is left out as well. */
    public void maybeAppend(long timestamp, long offset) throws IOException {
        Entry last = lastEntry();
        if (timestamp <= last.timestamp() || (entries() != 0 && offset < last.offset())) {
            return;
        }
        int relative = Math.toIntExact(offset - baseOffset);
        append((entries, at) -> {
            entries.putLong(at, timestamp);
            entries.putInt(at + 8, relative);
        });
    }

    /** Removes entries at or above an offset. */
    public void truncateTo(long offset) throws IOException {
        truncateToEntries(floorSlot(offset - baseOffset - 1, OFFSET) + 1);
    }

    /** The entry in a slot, counted from 0. */
    public Entry at(int slot) throws IOException {
        ByteBuffer entry = entry(slot);
        return new Entry(entry.getLong(0), baseOffset + entry.getInt(8));
    }

    private Entry none() {
        return new Entry(RecordBatch.NO_TIMESTAMP, baseOffset);
    }

    @Override
    void check() throws IOException {
        int count = entries();
        if (count == 0) {
            return;
        }
        Entry last = at(count - 1);
        if (last.timestamp() < at(0).timestamp() || last.offset() < baseOffset) {
            throw new CorruptIndexException("Corrupt time index found, time index file (" + path()
                    + ") has non-zero size but the last entry is " + last + " and the first " + at(0));
        }
    }
}
