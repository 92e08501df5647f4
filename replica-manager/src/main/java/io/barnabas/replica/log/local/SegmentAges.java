// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import org.apache.kafka.common.TopicPartition;

/**
 * How old a log's segments are for {@code retention.ms}: by their largest timestamp, which producers may have dated in
 * the future (KAFKA-18929), within a bound by the file's own time. Under the log's lock.
 */
final class SegmentAges {
    private static final long NONE = -1L;

    private final TopicPartition partition;
    private final long futureMaxMs;
    private final EventSink events;
    private long lastTold = NONE;

    /** @param futureMaxMs how far after its file's last modification a largest timestamp counts; -1 for no bound */
    SegmentAges(TopicPartition partition, long futureMaxMs, EventSink events) {
        this.partition = partition;
        this.futureMaxMs = futureMaxMs;
        this.events = events;
    }

    /** Removes what is older than the retention; of what a date in the future keeps, an event says so once. */
    LogRetention.Rule rule(long nowMs, long retentionMs) {
        return (segment, next) -> {
            if (nowMs - timestamp(segment) > retentionMs) {
                return true;
            }
            tellWhyKept(segment, nowMs, retentionMs);
            return false;
        };
    }

    private long timestamp(LogSegment segment) throws IOException {
        long largest = segment.largestTimestamp();
        if (futureMaxMs < 0) {
            return largest;
        }
        long modified = segment.lastModifiedMs();
        // compared by difference: both may be as large as a long
        return largest - modified > futureMaxMs ? modified + futureMaxMs : largest;
    }

    /**
     * Writes the event if a date in the future keeps the segment and nobody was told. Retention looks at segments from the
     * front and ends at the first it keeps, so one is remembered.
     *
     * @return whether it was written
     */
    @CanIgnoreReturnValue
    boolean tellWhyKept(LogSegment segment, long nowMs, long retentionMs) throws IOException {
        long largest = segment.largestTimestamp();
        if (largest <= nowMs || lastTold == segment.baseOffset()) {
            return false;
        }
        long modified = segment.lastModifiedMs();
        if (nowMs - modified <= retentionMs) {
            return false;
        }
        lastTold = segment.baseOffset();
        events.record(new LogEvents.SegmentKept(
                partition,
                segment.baseOffset(),
                largest,
                modified,
                retentionMs,
                "its largest timestamp lies in the future, though its file is older than the retention"));
        return true;
    }
}
