// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * From keys, known by their hash alone, to their last offset. Open addressing in one array of 24 bytes a slot, as
 * Kafka's; it grows with the keys up to the memory it was given. Owned by one cleaner thread.
 */
final class OffsetMap {
    static final int BYTES_PER_SLOT = 24;

    private static final int WORDS = 3;
    private static final int FIRST_SLOTS = 4096;
    private static final double GROW_AT = 0.6;

    private final KeyHash hash;
    private final int maxSlots;
    private final int maxEntries;
    private long[] words;
    private int slots;
    private int entries;
    private long latestOffset = -1L;

    /**
     * @param maxBytes most memory
     * @param loadFactor share of the slots that may be used
     * @throws IllegalArgumentException if not even a key fits in
     */
    OffsetMap(long maxBytes, double loadFactor, KeyHash hash) {
        this.hash = hash;
        this.maxSlots = (int) Math.min(Integer.MAX_VALUE / WORDS - 8, maxBytes / BYTES_PER_SLOT);
        this.maxEntries = (int) Math.min(maxSlots - 1, maxSlots * loadFactor);
        this.slots = Math.min(maxSlots, FIRST_SLOTS);
        if (maxEntries < 1) {
            throw new IllegalArgumentException("offset map is too small to fit in even a single message, so log"
                    + " cleaning will never make progress. You can increase log.cleaner.dedupe.buffer.size or decrease"
                    + " log.cleaner.threads");
        }
        this.words = new long[slots * WORDS];
    }

    /** Forgets everything and gives the memory back. */
    void release() {
        if (slots > FIRST_SLOTS) {
            slots = FIRST_SLOTS;
            words = new long[slots * WORDS];
            entries = 0;
            latestOffset = -1L;
        }
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(words, 0L);
        entries = 0;
        latestOffset = -1L;
    }

    int size() {
        return entries;
    }

    /** How much of the memory it was given is used, from 0 to 1. */
    double utilization() {
        return (double) entries / maxSlots;
    }

    /** Everything up to this offset was put in; -1 if nothing. */
    long latestOffset() {
        return latestOffset;
    }

    void updateLatestOffset(long offset) {
        latestOffset = offset;
    }

    /** Notes the last offset of a key; false if the map is full, as Kafka even for a key it has. */
    boolean put(ByteBuffer key, long offset) {
        if (entries >= maxEntries) {
            return false;
        }
        if (entries >= slots * GROW_AT && slots < maxSlots) {
            grow();
        }
        hash.hash(key);
        int at = find(hash.high(), hash.low());
        if (words[at] == 0) {
            entries++;
            words[at + 1] = hash.high();
            words[at + 2] = hash.low();
        }
        words[at] = offset + 1;
        latestOffset = offset;
        return true;
    }

    /** The last offset of a key, -1 if it was not put in. */
    long get(ByteBuffer key) {
        hash.hash(key);
        return words[find(hash.high(), hash.low())] - 1;
    }

    /** Where a key lies in the array, or would: the first word there is its offset and one, 0 if it is free. */
    private int find(long high, long low) {
        int slot = (int) Math.multiplyHigh(high >>> 1, (long) slots << 1);
        while (true) {
            int at = slot * WORDS;
            if (words[at] == 0 || (words[at + 1] == high && words[at + 2] == low)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }

    private void grow() {
        long[] old = words;
        slots = (int) Math.min(maxSlots, slots * 2L);
        words = new long[slots * WORDS];
        for (int from = 0; from < old.length; from += WORDS) {
            if (old[from] != 0) {
                System.arraycopy(old, from, words, find(old[from + 1], old[from + 2]), WORDS);
            }
        }
    }
}
