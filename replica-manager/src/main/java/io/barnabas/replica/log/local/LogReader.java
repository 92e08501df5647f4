// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.AbortedTransaction;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.index.AbortedTxn;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;

/** Reads and look-ups; takes no lock. */
final class LogReader {
    private final LogState state;

    LogReader(LogState state) {
        this.state = state;
    }

    LogReadInfo read(long offset, int maxBytes, FetchIsolation isolation, boolean minOneMessage) throws IOException {
        LogView view = state.view();
        LogOffsetMetadata end = view.end();
        LogOffsetMetadata watermark = watermarkWithPosition(view);
        LogOffsetMetadata stable = view.lastStable();
        long start = view.start();
        LogSegment segment = state.segments.floor(offset);
        if (offset > end.messageOffset() || offset < start || segment == null) {
            throw new OffsetOutOfRangeException("Received request for offset " + offset + " for partition "
                    + state.partition + ", but we only have log segments from offset " + start + " up to "
                    + end.messageOffset() + ".");
        }
        LogOffsetMetadata limit =
                switch (isolation) {
                    case LOG_END -> end;
                    case HIGH_WATERMARK -> watermark;
                    case TXN_COMMITTED -> withPosition(stable);
                };
        LogSegment.Read found = offset < limit.messageOffset()
                ? readFrom(segment, offset, maxBytes, limit, minOneMessage)
                : new LogSegment.Read(
                        offset == limit.messageOffset() ? limit : state.locate(offset), FileSlice.EMPTY, false);
        if (found == null) {
            found = new LogSegment.Read(end, FileSlice.EMPTY, false);
        }
        return new LogReadInfo(
                found.start(),
                found.records(),
                found.firstEntryIncomplete(),
                isolation == FetchIsolation.TXN_COMMITTED ? Optional.of(aborted(offset, found)) : Optional.empty(),
                watermark.messageOffset(),
                stable.messageOffset(),
                start,
                end.messageOffset());
    }

    private LogSegment.Read readFrom(
            LogSegment first, long offset, int maxBytes, LogOffsetMetadata limit, boolean minOneMessage)
            throws IOException {
        for (LogSegment segment = first; segment != null; segment = state.segments.higher(segment.baseOffset())) {
            if (segment.baseOffset() > limit.segmentBaseOffset()) {
                return null;
            }
            int maxPosition = segment.baseOffset() == limit.segmentBaseOffset()
                    ? limit.relativePositionInSegment()
                    : segment.size();
            LogSegment.Read read =
                    segment.read(Math.max(offset, segment.baseOffset()), maxBytes, maxPosition, minOneMessage);
            if (read != null) {
                return read;
            }
        }
        return null;
    }

    private LogOffsetMetadata watermarkWithPosition(LogView view) throws IOException {
        LogOffsetMetadata watermark = view.highWatermark();
        if (!watermark.isOffsetOnly()) {
            return watermark;
        }
        LogOffsetMetadata located = withPosition(watermark);
        state.lock.lock();
        try {
            if (state.view().highWatermark().equals(watermark)) {
                state.publish(state.view().withHighWatermark(located));
            }
        } finally {
            state.lock.unlock();
        }
        return located;
    }

    private LogOffsetMetadata withPosition(LogOffsetMetadata offset) throws IOException {
        return offset.isOffsetOnly() ? state.locate(offset.messageOffset()) : offset;
    }

    LogOffsetMetadata highWatermark() throws IOException {
        return watermarkWithPosition(state.view());
    }

    LogOffsetMetadata lastStable() throws IOException {
        return withPosition(state.view().lastStable());
    }

    private List<AbortedTransaction> aborted(long offset, LogSegment.Read read) throws IOException {
        if (read.records().sizeInBytes() == 0) {
            return List.of();
        }
        LogOffsetMetadata start = read.start();
        LogSegment segment = state.segments.floor(start.segmentBaseOffset());
        if (segment == null) {
            return List.of();
        }
        long upperBound = upperBound(segment, start, read.records().sizeInBytes());
        List<AbortedTxn> found = new ArrayList<>();
        while (segment != null && !segment.collectAborted(offset, upperBound, found)) {
            segment = state.segments.higher(segment.baseOffset());
        }
        List<AbortedTransaction> aborted = new ArrayList<>(found.size());
        for (AbortedTxn transaction : found) {
            aborted.add(new AbortedTransaction(transaction.producerId(), transaction.firstOffset()));
        }
        return aborted;
    }

    /** The aborted transactions that overlap a range of offsets. */
    List<AbortedTxn> abortedTransactions(long from, long to) throws IOException {
        List<AbortedTxn> found = new ArrayList<>();
        LogSegment segment = state.segments.floor(from);
        while (segment != null && !segment.collectAborted(from, to, found)) {
            segment = state.segments.higher(segment.baseOffset());
        }
        return found;
    }

    private long upperBound(LogSegment segment, LogOffsetMetadata start, int bytes) throws IOException {
        long indexed = segment.upperBoundOffset(start.relativePositionInSegment(), bytes);
        if (indexed >= 0) {
            return indexed;
        }
        LogSegment next = state.segments.higher(segment.baseOffset());
        return next == null ? state.logEndOffset() : next.baseOffset();
    }

    Optional<TimestampAndOffset> offsetForTimestamp(long target) throws IOException {
        if (target == TimestampAndOffset.EARLIEST_TIMESTAMP || target == TimestampAndOffset.EARLIEST_LOCAL_TIMESTAMP) {
            long start = state.logStartOffset();
            return Optional.of(new TimestampAndOffset(-1L, start, epochAtStart(start)));
        }
        if (target == TimestampAndOffset.LATEST_TIMESTAMP) {
            int latest = state.epochs.latest();
            return Optional.of(new TimestampAndOffset(
                    -1L, state.logEndOffset(), latest < 0 ? OptionalInt.empty() : OptionalInt.of(latest)));
        }
        if (target == TimestampAndOffset.MAX_TIMESTAMP) {
            return maxTimestamp();
        }
        return byTimestamp(target);
    }

    private OptionalInt epochAtStart(long start) {
        return state.epochs.epochForOffset(start);
    }

    private Optional<TimestampAndOffset> maxTimestamp() throws IOException {
        LogSegment latest = null;
        for (LogSegment segment : state.segments.all()) {
            if (latest == null || segment.max().timestamp() > latest.max().timestamp()) {
                latest = segment;
            }
        }
        return latest == null ? Optional.empty() : latest.findMaxTimestamp();
    }

    private Optional<TimestampAndOffset> byTimestamp(long target) throws IOException {
        for (LogSegment segment : state.segments.all()) {
            if (segment.max().timestamp() >= target) {
                Optional<TimestampAndOffset> found = segment.findByTimestamp(target, state.logStartOffset());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
