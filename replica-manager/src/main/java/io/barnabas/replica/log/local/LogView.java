// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.LogOffsetMetadata;

/**
 * A log's offsets at a moment, for readers without the lock. Immutable; {@link LogState} publishes the next one.
 *
 * @param start the first offset a client may read
 * @param keptStart the start that the directory's checkpoint has
 * @param recoveryPoint everything below is on disk for sure
 * @param lastFlushMs when the recovery point moved last
 * @param end where the next record goes
 * @param highWatermark below it everything is replicated
 * @param firstUnstable where the first undecided transaction begins, null if there is none
 */
record LogView(
        long start,
        long keptStart,
        long recoveryPoint,
        long lastFlushMs,
        LogOffsetMetadata end,
        LogOffsetMetadata highWatermark,
        LogOffsetMetadata firstUnstable) {
    /** A log that is yet to be loaded. */
    static LogView of(long nowMs) {
        return new LogView(0L, 0L, 0L, nowMs, LogOffsetMetadata.offsetOnly(0L), LogOffsetMetadata.offsetOnly(0L), null);
    }

    LogView withStart(long newStart) {
        return new LogView(newStart, keptStart, recoveryPoint, lastFlushMs, end, highWatermark, firstUnstable);
    }

    LogView withKeptStart(long newKeptStart) {
        return new LogView(start, newKeptStart, recoveryPoint, lastFlushMs, end, highWatermark, firstUnstable);
    }

    LogView withRecoveryPoint(long newRecoveryPoint, long flushedMs) {
        return new LogView(start, keptStart, newRecoveryPoint, flushedMs, end, highWatermark, firstUnstable);
    }

    /** The log ends there: neither the high watermark nor the recovery point lies beyond it. */
    LogView withEnd(LogOffsetMetadata newEnd) {
        return new LogView(
                start,
                keptStart,
                Math.min(recoveryPoint, newEnd.messageOffset()),
                lastFlushMs,
                newEnd,
                highWatermark.messageOffset() >= newEnd.messageOffset() ? newEnd : highWatermark,
                firstUnstable);
    }

    LogView withHighWatermark(LogOffsetMetadata newWatermark) {
        return new LogView(start, keptStart, recoveryPoint, lastFlushMs, end, newWatermark, firstUnstable);
    }

    LogView withFirstUnstable(LogOffsetMetadata newUnstable) {
        return new LogView(start, keptStart, recoveryPoint, lastFlushMs, end, highWatermark, newUnstable);
    }

    long logEndOffset() {
        return end.messageOffset();
    }

    /** The first unstable offset below the high watermark, or that. */
    LogOffsetMetadata lastStable() {
        return firstUnstable != null && firstUnstable.messageOffset() < highWatermark.messageOffset()
                ? firstUnstable
                : highWatermark;
    }
}
