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
import io.barnabas.replica.log.segment.SegmentContext;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * One log's parts and offsets, shared by the classes that work on it. Changed only under {@link #lock}; any thread may read
 * {@link #view}, the segments and the epochs without it.
 */
final class LogState {
    final LogLock lock;
    final TopicPartition partition;
    final LogEnvironment environment;
    final SegmentContext segmentContext;
    final LogSegments segments;
    final LeaderEpochCache epochs;
    final ProducerStates producers;
    final DiskSpace room;
    final BlocksAhead blocks = new BlocksAhead(this);
    final PartitionDirectory ownDirectory;
    /** Volatile: replaced as a whole by whoever changes the topic's configuration, without the lock. */
    volatile LogConfig config;
    /** Volatile, as readers take no lock. */
    private volatile LogView view;
    /** Volatile: every call looks at it first, most without the lock. */
    private volatile LogStatus status = LogStatus.OPEN;

    LogState(
            TopicPartition partition,
            PartitionDirectory ownDirectory,
            LogConfig config,
            LogEnvironment environment,
            LogSegments segments,
            LeaderEpochCache epochs,
            ProducerStates producers) {
        this.lock = ownDirectory.lock();
        this.partition = partition;
        this.ownDirectory = ownDirectory;
        this.config = config;
        this.environment = environment;
        this.segmentContext = new SegmentContext(lock, () -> this.config, environment.clock(), environment.random());
        this.segments = segments;
        this.epochs = epochs;
        this.producers = producers;
        this.view = LogView.of(environment.clock().millis());
        this.room = environment.rooms().apply(ownDirectory.path().getParent());
    }

    Path logDir() {
        return ownDirectory.path().getParent();
    }

    /** Where the log's files are, or will be. */
    Path directory() {
        return ownDirectory.path();
    }

    /** Creates a segment on disk, and the log's directory if need be; see {@link LogSegment#create}. */
    LogSegment createSegment(long baseOffset, String suffix) throws IOException {
        ownDirectory.prepare();
        return LogSegment.create(directory(), baseOffset, segmentContext, suffix);
    }

    long nowMs() {
        return environment.clock().millis();
    }

    /** The offsets as they are now, without a lock. */
    LogView view() {
        return view;
    }

    /** Publishes the next view. Under the lock. */
    void publish(LogView next) {
        view = next;
    }

    LogStatus status() {
        return status;
    }

    /** Under the lock. */
    void become(LogStatus next) {
        status = next;
    }

    /** Closed, failed, or on its way out: background work stops, an IO error says nothing about the directory. */
    boolean isRetired() {
        return status != LogStatus.OPEN;
    }

    long logStartOffset() {
        return view.start();
    }

    long logEndOffset() {
        return view.logEndOffset();
    }

    /** The log ends at an offset of its active segment. */
    void updateEnd(long offset) {
        LogSegment active = segments.active();
        publish(view.withEnd(new LogOffsetMetadata(offset, active.baseOffset(), active.size())));
    }

    void startAt(long offset) {
        publish(view.withStart(offset));
    }

    /** Where an offset lies, offset only if it is not in the log. */
    LogOffsetMetadata locate(long offset) throws IOException {
        LogView current = view;
        if (offset == current.logEndOffset()) {
            return current.end();
        }
        if (offset < current.start() || offset > current.logEndOffset()) {
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
        publish(view.withHighWatermark(offset));
        producers.onHighWatermarkUpdated(offset.messageOffset());
        updateFirstUnstable();
    }

    /** Looks up anew where the first unstable offset lies. */
    void updateFirstUnstable() throws IOException {
        LogOffsetMetadata unstable = producers.firstUnstableOffset();
        long start = logStartOffset();
        if (unstable != null && (unstable.isOffsetOnly() || unstable.messageOffset() < start)) {
            unstable = locate(Math.max(unstable.messageOffset(), start));
        }
        if (unstable != null || view.firstUnstable() != null) {
            publish(view.withFirstUnstable(unstable));
        }
    }

    /** As {@link #reportFailure}, of work that is done again later: where there is only no room, it waits for that. */
    void reportPostponed(String what, IOException cause) {
        if (!room.isExhausted(cause)) {
            reportFailure(what, cause);
        }
    }

    void reportFailure(String what, Throwable cause) {
        if (!isRetired()) {
            tellFailure(what, cause);
        }
    }

    /** An IO error that closes the log: says so, once. */
    void fail(String what, Throwable cause) {
        boolean first = lock.get(() -> {
            boolean open = status == LogStatus.OPEN;
            if (open) {
                status = LogStatus.FAILED;
            }
            return open;
        });
        if (first) {
            tellFailure(what, cause);
        }
    }

    private void tellFailure(String what, Throwable cause) {
        environment.failures().failed(logDir(), what + " of " + partition + " in " + directory(), cause);
    }
}
