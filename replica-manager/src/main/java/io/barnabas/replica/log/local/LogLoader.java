// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.index.AbortedTxn;
import io.barnabas.replica.log.index.CorruptIndexException;
import io.barnabas.replica.log.producer.CompletedTransaction;
import io.barnabas.replica.log.producer.ProducerStates;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a log's state from its directory. After a clean shutdown nothing is read but the end of the last segment;
 * otherwise the segments from the recovery point on are scanned, and what is torn or corrupt is cut off.
 */
final class LogLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);

    private final LogState state;
    private final LoadRequest request;
    private final SegmentRemoval removal;
    private ProducerStates recovering;

    /**
     * What is known of a log before it is loaded.
     *
     * @param cleanShutdown whether its directory was left cleanly
     * @param logStartOffset the checkpointed start
     * @param recoveryPoint the checkpointed recovery point
     * @param highWatermark the checkpointed high watermark
     * @param toBeDeleted whether it lies there only to be deleted
     */
    record LoadRequest(
            boolean cleanShutdown, long logStartOffset, long recoveryPoint, long highWatermark, boolean toBeDeleted) {
        /** A directory of which no checkpoint is known: everything in it is scanned. */
        static final LoadRequest UNKNOWN = new LoadRequest(false, 0L, 0L, 0L, false);
    }

    LogLoader(LogState state, LoadRequest request) {
        this.state = state;
        this.request = request;
        this.removal = new SegmentRemoval(state);
    }

    /** @param found what lies in the directory */
    void load(DirectoryListing found) throws IOException {
        loadSegments(new LeftoverFiles(state.directory(), state.segmentContext).settle(found));
        long nextOffset = request.toBeDeleted() ? firstOrNew() : recover();
        state.publish(state.view().withRecoveryPoint(recoveryPoint(nextOffset), state.nowMs()));
        state.epochs.truncateFromEnd(nextOffset);
        state.startAt(Math.max(request.logStartOffset(), state.segments.first().baseOffset()));
        state.publish(state.view().withKeptStart(request.logStartOffset()));
        state.epochs.truncateFromStart(request.logStartOffset());
        state.updateEnd(nextOffset);
        if (!request.toBeDeleted()) {
            if (recovering != null) {
                state.producers.relistSnapshots();
            }
            state.producers.deleteStraySnapshots(
                    state.segments.all().stream().map(LogSegment::baseOffset).toList());
            new ProducerRebuild(state.producers, state.segments, state.logStartOffset(), state.nowMs())
                    .to(nextOffset, request.cleanShutdown());
        }
        restoreHighWatermark();
    }

    private long firstOrNew() throws IOException {
        addSegmentIfNone();
        return state.segments.active().readNextOffset();
    }

    private long recoveryPoint(long nextOffset) {
        return request.cleanShutdown() ? nextOffset : Math.min(request.recoveryPoint(), nextOffset);
    }

    private void restoreHighWatermark() throws IOException {
        long watermark = Math.max(request.highWatermark(), state.logStartOffset());
        state.updateHighWatermark(state.locate(Math.min(watermark, state.logEndOffset())));
    }

    private void loadSegments(DirectoryListing listing) throws IOException {
        for (String name : listing.names()) {
            long base = SegmentFiles.baseOffset(name).orElse(-1L);
            if (base < 0) {
                continue;
            }
            if (SegmentFiles.isIndex(name)) {
                deleteIfOrphan(name, base, listing);
            } else if (SegmentFiles.isLog(name)) {
                loadSegment(base);
            }
        }
    }

    private void deleteIfOrphan(String index, long base, DirectoryListing listing) throws IOException {
        if (!listing.has(SegmentFiles.prefix(base) + SegmentFiles.LOG)) {
            LOG.warn("Found an orphaned index file {}, with no corresponding log file.", index);
            Files.deleteIfExists(state.directory().resolve(index));
        }
    }

    private void loadSegment(long base) throws IOException {
        LogSegment segment = LogSegment.open(state.directory(), base, state.segmentContext);
        if (!willBeScanned(segment)) {
            try {
                segment.checkIndexes();
            } catch (CorruptIndexException e) {
                LOG.warn("{}; rebuilding the indexes of {}", e.getMessage(), segment);
                recoverSegment(segment);
            }
        }
        state.segments.add(segment);
    }

    /** Unflushed segments are scanned anyway; which ones is known exactly only once all are listed. */
    private boolean willBeScanned(LogSegment segment) {
        return !request.cleanShutdown() && segment.baseOffset() >= request.recoveryPoint();
    }

    private long recover() throws IOException {
        if (!request.cleanShutdown()) {
            recoverUnflushed();
        }
        long end = dropIfStartLiesBeyondEnd();
        addSegmentIfNone();
        return end >= 0 ? end : state.segments.active().readNextOffset();
    }

    private void recoverUnflushed() throws IOException {
        List<LogSegment> unflushed = state.segments.between(request.recoveryPoint(), Long.MAX_VALUE);
        for (int i = 0; i < unflushed.size(); i++) {
            LogSegment segment = unflushed.get(i);
            if (segment.size() > 0) {
                LOG.info(
                        "Recovering unflushed segment {} of {}: {} of {}",
                        segment.baseOffset(),
                        state.partition,
                        i + 1,
                        unflushed.size());
            }
            int cut = recoverSegment(segment);
            if (cut > 0) {
                LOG.warn(
                        "Corruption found in segment {} of {}, {} bytes cut off, log ends at offset {} now",
                        segment.baseOffset(),
                        state.partition,
                        cut,
                        segment.readNextOffset());
                removal.remove(new ArrayList<>(unflushed.subList(i + 1, unflushed.size())), "recovery");
                return;
            }
        }
    }

    /** Scans a segment, with the producers' state as of its base offset; returns the bytes cut off. */
    private int recoverSegment(LogSegment segment) throws IOException {
        if (segment.size() == 0) {
            // nothing can be wrong with it but its indexes, and nothing in it concerns producers
            return segment.recover((batch, position) -> true);
        }
        ProducerStates producers = producersAt(segment.baseOffset());
        int cut = segment.recover((batch, position) -> {
            visit(batch, producers, segment);
            return true;
        });
        producers.updateMapEndOffset(segment.readNextOffset());
        producers.takeSnapshot();
        return cut;
    }

    private ProducerStates producersAt(long offset) throws IOException {
        if (recovering == null || recovering.mapEndOffset() != offset) {
            recovering = ProducerStates.of(
                    state.partition,
                    state.directory(),
                    DirectoryListing.of(state.directory()).names(),
                    state.environment.expiry());
            new ProducerRebuild(recovering, state.segments, request.logStartOffset(), state.nowMs()).to(offset, false);
        }
        return recovering;
    }

    private void visit(MutableRecordBatch batch, ProducerStates producers, LogSegment segment) throws IOException {
        if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2
                && batch.partitionLeaderEpoch() >= 0
                && batch.partitionLeaderEpoch() > state.epochs.latest()) {
            state.epochs.assign(batch.partitionLeaderEpoch(), batch.baseOffset());
        }
        CompletedTransaction completed = producers.replay(batch);
        if (completed == null) {
            return;
        }
        if (completed.aborted()) {
            segment.appendAborted(new AbortedTxn(
                    completed.producerId(),
                    completed.firstOffset(),
                    completed.lastOffset(),
                    producers.lastStableOffsetAfter(completed)));
        }
        producers.complete(completed);
    }

    /** The log's end, -1 if there is no segment left. */
    private long dropIfStartLiesBeyondEnd() throws IOException {
        if (state.segments.isEmpty()) {
            return -1L;
        }
        long end = state.segments.active().readNextOffset();
        if (end >= request.logStartOffset()) {
            return end;
        }
        LOG.warn(
                "Deleting all segments of {} because its end {} is smaller than its start {}; files may have been"
                        + " deleted from the file system",
                state.partition,
                end,
                request.logStartOffset());
        removal.remove(state.segments.all(), "log end below log start");
        state.epochs.clear();
        state.producers.truncateFullyAndStartAt(request.logStartOffset());
        return -1L;
    }

    /** Where the log starts is read from the name of its first segment: unless that is 0, the file is made at once. */
    private void addSegmentIfNone() throws IOException {
        if (!state.segments.isEmpty()) {
            return;
        }
        long base = request.logStartOffset();
        state.segments.add(
                base == 0L
                        ? LogSegment.createFirst(state.directory(), state.segmentContext, state.ownDirectory)
                        : state.createSegment(base, ""));
    }
}
