// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.epoch.LeaderEpochCache;
import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.log.producer.ProducerStates;
import io.barnabas.replica.log.segment.BatchPosition;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.LogSegments;
import io.barnabas.replica.log.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * One log's parts and offsets, shared by the classes that work on it. Changed only under {@link #lock}; the offsets,
 * the segments and the epochs may be read by any thread.
 */
final class LogState {
    final LogLock lock;
    final TopicPartition partition;
    final LogEnvironment environment;
    final SegmentSettings settings;
    final LogSegments segments;
    final LeaderEpochCache epochs;
    final ProducerStates producers;
    final DiskRoom room;
    final BlocksAhead blocks = new BlocksAhead(this);
    volatile LogConfig config;
    final LogHome home;
    volatile long logStartOffset;
    /** The start the directory's checkpoint has. */
    volatile long keptStartOffset;

    volatile long recoveryPoint;
    volatile long lastFlushMs;
    volatile LogOffsetMetadata end;
    volatile LogOffsetMetadata highWatermark;
    volatile LogOffsetMetadata firstUnstable;
    /** Closed, failed, or on its way out: background work stops, an IO error says nothing about the directory. */
    volatile boolean retired;

    LogState(
            TopicPartition partition,
            LogHome home,
            LogConfig config,
            LogEnvironment environment,
            LogSegments segments,
            LeaderEpochCache epochs,
            ProducerStates producers) {
        this.lock = home.lock();
        this.partition = partition;
        this.home = home;
        this.config = config;
        this.environment = environment;
        this.settings = new SegmentSettings(lock, () -> this.config, environment.clock(), environment.random());
        this.segments = segments;
        this.epochs = epochs;
        this.producers = producers;
        this.lastFlushMs = environment.clock().millis();
        this.room = environment.rooms().apply(home.path().getParent());
    }

    Path logDir() {
        return home.path().getParent();
    }

    /** Where the log's files are, or will be. */
    Path directory() {
        return home.path();
    }

    /** Creates a segment on disk, and the log's directory if need be; see {@link LogSegment#create}. */
    LogSegment createSegment(long baseOffset, String suffix) throws IOException {
        home.prepare();
        return LogSegment.create(directory(), baseOffset, settings, suffix);
    }

    long nowMs() {
        return environment.clock().millis();
    }

    long logEndOffset() {
        return end.messageOffset();
    }

    /** The log ends at an offset of its active segment. */
    void updateEnd(long offset) {
        LogSegment active = segments.active();
        end = new LogOffsetMetadata(offset, active.baseOffset(), active.size());
        if (highWatermark != null && highWatermark.messageOffset() >= offset) {
            highWatermark = end;
        }
        recoveryPoint = Math.min(recoveryPoint, offset);
    }

    /** Where an offset lies, offset only if it is not in the log. */
    LogOffsetMetadata locate(long offset) throws IOException {
        LogOffsetMetadata currentEnd = end;
        if (offset == currentEnd.messageOffset()) {
            return currentEnd;
        }
        if (offset < logStartOffset || offset > currentEnd.messageOffset()) {
            return LogOffsetMetadata.offsetOnly(offset);
        }
        for (LogSegment segment = segments.floor(offset);
                segment != null;
                segment = segments.higher(segment.baseOffset())) {
            BatchPosition batch = segment.find(offset);
            if (batch != null) {
                return new LogOffsetMetadata(offset, segment.baseOffset(), batch.position());
            }
        }
        return LogOffsetMetadata.offsetOnly(offset);
    }

    /** Sets the high watermark; transactions decided below it no longer hold the last stable offset back. */
    void updateHighWatermark(LogOffsetMetadata offset) throws IOException {
        if (offset.messageOffset() < 0) {
            throw new IllegalArgumentException("High watermark offset should be non-negative, but is " + offset);
        }
        highWatermark = offset;
        producers.onHighWatermarkUpdated(offset.messageOffset());
        updateFirstUnstable();
    }

    /** Looks up anew where the first unstable offset lies. */
    void updateFirstUnstable() throws IOException {
        LogOffsetMetadata unstable = producers.firstUnstableOffset();
        if (unstable != null && (unstable.isOffsetOnly() || unstable.messageOffset() < logStartOffset)) {
            unstable = locate(Math.max(unstable.messageOffset(), logStartOffset));
        }
        firstUnstable = unstable;
    }

    LogOffsetMetadata lastStable() {
        LogOffsetMetadata unstable = firstUnstable;
        LogOffsetMetadata watermark = highWatermark;
        return unstable != null && unstable.messageOffset() < watermark.messageOffset() ? unstable : watermark;
    }

    /** As {@link #reportFailure}, of work that is done again later: where there is only no room, it waits for that. */
    void reportPostponed(String what, IOException cause) {
        if (!room.isExhausted(cause)) {
            reportFailure(what, cause);
        }
    }

    void reportFailure(String what, Throwable cause) {
        if (retired) {
            return;
        }
        environment.failures().failed(logDir(), what + " of " + partition + " in " + directory(), cause);
    }
}
