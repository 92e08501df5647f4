// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Puts neighbouring segments together that make one new segment, so that segments do not get ever smaller. */
final class SegmentGroups {
    private final int maxSegmentBytes;
    private final int maxIndexBytes;
    private final long firstUncleanable;

    SegmentGroups(int maxSegmentBytes, int maxIndexBytes, long firstUncleanable) {
        this.maxSegmentBytes = maxSegmentBytes;
        this.maxIndexBytes = maxIndexBytes;
        this.firstUncleanable = firstUncleanable;
    }

    /** A group as it grows. */
    private static final class Group {
        private final List<LogSegment> segments = new ArrayList<>();
        private long bytes;
        private long indexBytes;
        private long timeIndexBytes;

        private void add(LogSegment segment) throws IOException {
            segments.add(segment);
            bytes += segment.size();
            indexBytes += segment.offsetIndexBytes();
            timeIndexBytes += segment.timeIndexBytes();
        }
    }

    /**
     * Groups segments in order. A group stays below the size of a segment and of its indexes before cleaning, and its
     * offsets within 2^31 of the first; a segment without batches fits in any.
     */
    List<List<LogSegment>> of(List<LogSegment> segments) throws IOException {
        List<List<LogSegment>> groups = new ArrayList<>();
        Group group = null;
        for (int i = 0; i < segments.size(); i++) {
            if (group == null || !fits(group, segments, i)) {
                group = new Group();
                groups.add(group.segments);
            }
            group.add(segments.get(i));
        }
        return groups;
    }

    private boolean fits(Group group, List<LogSegment> segments, int next) throws IOException {
        LogSegment segment = segments.get(next);
        return group.bytes + segment.size() <= maxSegmentBytes
                && group.indexBytes + segment.offsetIndexBytes() <= maxIndexBytes
                && group.timeIndexBytes + segment.timeIndexBytes() <= maxIndexBytes
                && (segment.size() == 0
                        || lastOffset(segments, next) - group.segments.get(0).baseOffset() <= Integer.MAX_VALUE);
    }

    /** At most this is the last offset of a segment: looking it up exactly would mean reading. */
    private long lastOffset(List<LogSegment> segments, int at) {
        return (at + 1 < segments.size() ? segments.get(at + 1).baseOffset() : firstUncleanable) - 1;
    }
}
