// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A log's segments in order. The log changes the set under its lock; any thread reads one immutable array.
 */
public final class LogSegments {
    /** Volatile, as readers take no lock. */
    private volatile LogSegment[] segments = new LogSegment[0];

    /** Whether there is no segment. */
    public boolean isEmpty() {
        return segments.length == 0;
    }

    /** How many segments there are. */
    public int count() {
        return segments.length;
    }

    /** All segments in order. */
    public List<LogSegment> all() {
        return List.of(segments);
    }

    /** @throws ArrayIndexOutOfBoundsException if there is none, which a loaded log never has */
    public LogSegment first() {
        return segments[0];
    }

    /** The last one, which is appended to. */
    public LogSegment active() {
        LogSegment[] current = segments;
        return current[current.length - 1];
    }

    /** The last segment whose base offset is not above an offset, null if there is none. */
    public LogSegment floor(long offset) {
        LogSegment[] current = segments;
        int at = floorIndex(current, offset);
        return at < 0 ? null : current[at];
    }

    /** The first segment whose base offset lies above an offset, null if there is none. */
    public LogSegment higher(long offset) {
        LogSegment[] current = segments;
        int at = floorIndex(current, offset) + 1;
        return at >= current.length ? null : current[at];
    }

    /** The segments that hold offsets from {@code from} up to, without, {@code to}. */
    public List<LogSegment> between(long from, long to) {
        LogSegment[] current = segments;
        List<LogSegment> found = new ArrayList<>();
        for (int i = Math.max(0, floorIndex(current, from)); i < current.length; i++) {
            if (current[i].baseOffset() >= to) {
                break;
            }
            found.add(current[i]);
        }
        return found;
    }

    /** Whether all of these segments, and not others in their place, are in the log. */
    public boolean contains(Collection<LogSegment> wanted) {
        return Arrays.asList(segments).containsAll(wanted);
    }

    /** Adds a segment, in the place of one with the same base offset. */
    public void add(LogSegment segment) {
        LogSegment[] current = segments;
        int at = floorIndex(current, segment.baseOffset());
        if (at >= 0 && current[at].baseOffset() == segment.baseOffset()) {
            LogSegment[] replaced = current.clone();
            replaced[at] = segment;
            segments = replaced;
            return;
        }
        LogSegment[] next = new LogSegment[current.length + 1];
        System.arraycopy(current, 0, next, 0, at + 1);
        next[at + 1] = segment;
        System.arraycopy(current, at + 1, next, at + 2, current.length - at - 1);
        segments = next;
    }

    /** Removes a segment, if it is there. */
    public void remove(LogSegment segment) {
        segments = Arrays.stream(segments).filter(it -> !it.equals(segment)).toArray(LogSegment[]::new);
    }

    /** In one step: some segments go, others come. */
    public void replace(List<LogSegment> removed, List<LogSegment> added) {
        List<LogSegment> next = new ArrayList<>(Arrays.asList(segments));
        next.removeAll(removed);
        next.addAll(added);
        next.sort((a, b) -> Long.compare(a.baseOffset(), b.baseOffset()));
        segments = next.toArray(LogSegment[]::new);
    }

    /** Bytes of all batches. */
    public long sizeInBytes() {
        long bytes = 0;
        for (LogSegment segment : segments) {
            bytes += segment.size();
        }
        return bytes;
    }

    private static int floorIndex(LogSegment[] current, long offset) {
        int low = -1;
        int high = current.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >> 1;
            if (current[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
