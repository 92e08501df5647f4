// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * An offset and where it lies on disk, so that bytes between two offsets of one segment can be counted.
 *
 * @param messageOffset the offset
 * @param segmentBaseOffset base offset of the segment it lies in, {@link #UNKNOWN_SEGMENT} if not known
 * @param relativePositionInSegment byte position of the offset's batch in that segment's file, -1 if not known
 */
public record LogOffsetMetadata(long messageOffset, long segmentBaseOffset, int relativePositionInSegment) {
    public static final long UNKNOWN_SEGMENT = -1L;
    public static final int UNKNOWN_POSITION = -1;
    /** No offset at all. */
    public static final LogOffsetMetadata UNKNOWN = offsetOnly(-1L);

    /** An offset whose place is not known. */
    public static LogOffsetMetadata offsetOnly(long messageOffset) {
        return new LogOffsetMetadata(messageOffset, UNKNOWN_SEGMENT, UNKNOWN_POSITION);
    }

    /** Whether only the offset is known, not where it lies. */
    public boolean isOffsetOnly() {
        return segmentBaseOffset == UNKNOWN_SEGMENT && relativePositionInSegment == UNKNOWN_POSITION;
    }

    /** Whether this offset lies in an older segment than {@code that}; false if either's place is unknown. */
    public boolean onOlderSegment(LogOffsetMetadata that) {
        return !isOffsetOnly() && !that.isOffsetOnly() && segmentBaseOffset < that.segmentBaseOffset;
    }

    /** Whether both lie in one segment. */
    public boolean onSameSegment(LogOffsetMetadata that) {
        return !isOffsetOnly() && !that.isOffsetOnly() && segmentBaseOffset == that.segmentBaseOffset;
    }

    /**
     * Bytes from {@code that} up to this offset.
     *
     * @throws IllegalArgumentException unless both lie in the same segment
     */
    public int positionDiff(LogOffsetMetadata that) {
        if (!onSameSegment(that)) {
            throw new IllegalArgumentException(this + " and " + that + " do not lie in one known segment");
        }
        return relativePositionInSegment - that.relativePositionInSegment;
    }
}
