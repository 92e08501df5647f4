// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import io.barnabas.replica.log.file.LogLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * {@code .index}: from offsets to positions in the segment's file; entries of 4 bytes offset relative to the segment's
 * base and 4 bytes position. Threads: see {@link SortedEntryFile}.
 */
public final class OffsetIndex extends SortedEntryFile {
    public static final int ENTRY_SIZE = 8;
    private static final Key OFFSET = ByteBuffer::getInt;
    private static final Key POSITION = (entries, at) -> entries.getInt(at + 4);

    private final long baseOffset;
    private final int maxEntries;

    /**
     * @param path the file, which need not exist
     * @param baseOffset the segment's base offset
     * @param maxIndexBytes {@code segment.index.bytes}
     * @param lock the log's
     */
    public OffsetIndex(Path path, long baseOffset, int maxIndexBytes, LogLock lock) {
        super(path, ENTRY_SIZE, lock);
        this.baseOffset = baseOffset;
        this.maxEntries = maxIndexBytes / ENTRY_SIZE;
    }

    /** An index entry. */
    public record Entry(long offset, int position) {}

    /** Whether no entry fits any more, so that the segment has to be rolled. */
    public boolean isFull() throws IOException {
        return entries() >= maxEntries;
    }

    /** The position of the largest indexed offset not above the target; 0 if there is none. */
    public int lookup(long targetOffset) throws IOException {
        int slot = floorSlot(targetOffset - baseOffset, OFFSET);
        return slot < 0 ? 0 : entry(slot).getInt(4);
    }

    /** The first entry at or after a position, null if there is none. */
    public Entry atOrAfterPosition(long position) throws IOException {
        int slot = floorSlot(position - 1, POSITION) + 1;
        return slot >= entries() ? null : at(slot);
    }

    /** The last indexed offset, the base offset if there is none. */
    public long lastOffset() throws IOException {
        int count = entries();
        return count == 0 ? baseOffset : at(count - 1).offset();
    }

    /**
     * Adds an entry.
     *
     * @throws IllegalArgumentException if the offset does not lie above the last one
     */
    public void append(long offset, int position) throws IOException {
        if (entries() != 0 && offset <= lastOffset()) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is not above the last one of " + path() + ", " + lastOffset());
        }
        int relative = Math.toIntExact(offset - baseOffset);
        append((entries, at) -> {
            entries.putInt(at, relative);
            entries.putInt(at + 4, position);
        });
    }

    /** Removes entries at or above an offset. */
    public void truncateTo(long offset) throws IOException {
        truncateToEntries(floorSlot(offset - baseOffset - 1, OFFSET) + 1);
    }

    /** The entry in a slot, counted from 0. */
    public Entry at(int slot) throws IOException {
        ByteBuffer entry = entry(slot);
        return new Entry(baseOffset + entry.getInt(0), entry.getInt(4));
    }

    @Override
    void check() throws IOException {
        int count = entries();
        if (count > 0 && (lastOffset() < baseOffset || (count > 1 && lastOffset() <= at(0).offset()))) {
            throw new CorruptIndexException("Corrupt index found, index file (" + path()
                    + ") has non-zero size but the last offset is " + lastOffset()
                    + " which is not greater than the base offset " + baseOffset);
        }
    }
}
