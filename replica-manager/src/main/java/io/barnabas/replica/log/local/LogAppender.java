// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.OffsetsOutOfOrderException;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.UnexpectedAppendOffsetException;
import io.barnabas.replica.log.VerificationGuard;
import io.barnabas.replica.log.index.AbortedTxn;
import io.barnabas.replica.log.producer.BatchMetadata;
import io.barnabas.replica.log.producer.CompletedTransaction;
import io.barnabas.replica.log.producer.ProducerAppend;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.validation.LogValidator;
import io.barnabas.replica.log.validation.RecordsInspection;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Appends to a log: as its leader, giving offsets, and as a follower, taking the leader's. Each append is one write.
 * Nothing is changed before all checks have passed, but for the header bytes stamped in the caller's buffer.
 */
final class LogAppender {
    private final LogState state;
    private final SegmentRoller roller;
    private final EpochFlusher epochFlusher;
    private final InterruptedAppend interrupted;

    LogAppender(LogState state, SegmentRoller roller, EpochFlusher epochFlusher) {
        this.state = state;
        this.roller = roller;
        this.epochFlusher = epochFlusher;
        this.interrupted = new InterruptedAppend(state);
    }

    LogAppendInfo appendAsLeader(
            MemoryRecords records,
            int leaderEpoch,
            AppendOrigin origin,
            VerificationGuard guard,
            RecordsVerdict verdict)
            throws IOException {
        TopicPartition partition = state.partition;
        LogConfig config = state.config;
        RecordsInspection inspected = RecordsInspection.of(partition, records, origin, config.maxMessageBytes());
        if (inspected.isEmpty()) {
            return LogAppendInfo.none(state.logStartOffset());
        }
        state.lock.lock();
        try {
            LogAppendInfo duplicate = duplicate(inspected, origin);
            if (duplicate != null) {
                return duplicate;
            }
            long now = state.nowMs();
            long firstOffset = state.logEndOffset();
            RecordsInspection stamped = LogValidator.assignOffsets(
                    partition, inspected, verdict, config, origin, firstOffset, leaderEpoch, now);
            checkFitsSegment(stamped.validBytes(), config.segmentBytes());
            boolean newEpoch = append(stamped, firstOffset, origin, guard);
            return new LogAppendInfo(
                    firstOffset,
                    stamped.last().lastOffset(),
                    config.messageTimestampType() == TimestampType.LOG_APPEND_TIME ? now : RecordBatch.NO_TIMESTAMP,
                    state.logStartOffset(),
                    stamped.validBytes(),
                    false,
                    newEpoch,
                    List.of());
        } finally {
            state.lock.unlock();
        }
    }

    LogAppendInfo appendAsFollower(MemoryRecords records) throws IOException {
        RecordsInspection inspected =
                RecordsInspection.of(state.partition, records, AppendOrigin.REPLICATION, Integer.MAX_VALUE);
        if (inspected.isEmpty()) {
            return LogAppendInfo.none(state.logStartOffset());
        }
        state.lock.lock();
        try {
            checkContinues(inspected);
            MutableRecordBatch first = inspected.first();
            long firstOffset = first.magic() >= RecordBatch.MAGIC_VALUE_V2
                    ? first.baseOffset()
                    : Math.max(state.logEndOffset(), first.lastOffset() - Integer.MAX_VALUE);
            boolean newEpoch = append(inspected, firstOffset, AppendOrigin.REPLICATION, VerificationGuard.NOT_REQUIRED);
            return new LogAppendInfo(
                    firstOffset,
                    inspected.last().lastOffset(),
                    RecordBatch.NO_TIMESTAMP,
                    state.logStartOffset(),
                    inspected.validBytes(),
                    false,
                    newEpoch,
                    List.of());
        } finally {
            state.lock.unlock();
        }
    }

    private LogAppendInfo duplicate(RecordsInspection inspected, AppendOrigin origin) {
        if (origin != AppendOrigin.CLIENT) {
            return null;
        }
        for (RecordBatch batch : inspected.batches()) {
            BatchMetadata known = batch.hasProducerId() ? state.producers.findDuplicate(batch) : null;
            if (known != null) {
                return new LogAppendInfo(
                        known.firstOffset(),
                        known.lastOffset(),
                        known.timestamp(),
                        state.logStartOffset(),
                        inspected.validBytes(),
                        true,
                        false,
                        List.of());
            }
        }
        return null;
    }

    private void checkFitsSegment(int bytes, int segmentBytes) {
        if (bytes > segmentBytes) {
            throw new RecordBatchTooLargeException("Message batch size is " + bytes + " bytes in append to partition "
                    + state.partition + ", which exceeds the maximum configured segment size of " + segmentBytes + ".");
        }
    }

    private void checkContinues(RecordsInspection inspected) {
        if (!inspected.monotonic()) {
            throw new OffsetsOutOfOrderException("Out of order offsets found in append to " + state.partition + ": "
                    + inspected.batches().stream()
                            .map(MutableRecordBatch::lastOffset)
                            .toList());
        }
        MutableRecordBatch first = inspected.first();
        boolean hasFirst = first.magic() >= RecordBatch.MAGIC_VALUE_V2;
        long firstOrLast = hasFirst ? first.baseOffset() : first.lastOffset();
        if (firstOrLast < state.logEndOffset()) {
            throw new UnexpectedAppendOffsetException(
                    "Unexpected offset in append to " + state.partition + ". "
                            + (hasFirst ? "First offset " : "Last offset of the first batch ") + firstOrLast
                            + " is less than the next offset " + state.logEndOffset() + ". Last offset in append: "
                            + inspected.last().lastOffset() + ". Log start offset = " + state.logStartOffset(),
                    firstOrLast,
                    inspected.last().lastOffset());
        }
    }

    /** Writes stamped batches; returns whether they began a leader epoch. */
    private boolean append(RecordsInspection batches, long firstOffset, AppendOrigin origin, VerificationGuard guard)
            throws IOException {
        long lastOffset = batches.last().lastOffset();
        state.room.claim(batches.validBytes());
        LogSegment segment = segmentFor(batches, firstOffset, lastOffset);
        ProducerUpdates updates = ProducerUpdates.check(state.producers, batches.batches(), origin, guard, segment);
        boolean newEpoch;
        long end = state.logEndOffset();
        try {
            newEpoch = noteEpochs(batches);
            write(batches, segment);
            state.updateEnd(lastOffset + 1);
            applyProducers(updates, segment, lastOffset + 1);
        } catch (Error e) {
            interrupted.mend(segment, end, e);
            throw e;
        }
        state.blocks.grown(segment);
        flushIfDue(lastOffset + 1);
        return newEpoch;
    }

    private LogSegment segmentFor(RecordsInspection batches, long firstOffset, long lastOffset) throws IOException {
        LogSegment active = state.segments.active();
        try {
            return roller.maybeRoll(batches.validBytes(), batches.maxTimestamp(), firstOffset, lastOffset);
        } catch (IOException e) {
            throw state.segments.active().equals(active) ? unchanged(e) : e;
        }
    }

    /** Writes and indexes; where there is no room, nothing of it stays. */
    private void write(RecordsInspection batches, LogSegment segment) throws IOException {
        try {
            int position = segment.append(batches.records().buffer());
            for (MutableRecordBatch batch : batches.batches()) {
                int size = batch.sizeInBytes();
                segment.appended(batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), position, size);
                position += size;
            }
        } catch (IOException e) {
            if (DiskSpace.isNoSpace(e)) {
                segment.truncateTo(state.logEndOffset());
            }
            throw unchanged(e);
        }
    }

    /** The log is as it was: where only room was wanting, the directory is sound. */
    private IOException unchanged(IOException e) {
        if (state.room.isExhausted(e)) {
            throw state.room.full();
        }
        return e;
    }

    private boolean noteEpochs(RecordsInspection batches) {
        boolean changed = false;
        for (MutableRecordBatch batch : batches.batches()) {
            if (batch.magic() < RecordBatch.MAGIC_VALUE_V2) {
                if (!state.epochs.isEmpty()) {
                    state.epochs.clear();
                    changed = true;
                }
            } else if (batch.partitionLeaderEpoch() >= 0) {
                changed |= state.epochs.assign(batch.partitionLeaderEpoch(), batch.baseOffset());
            }
        }
        if (changed) {
            epochFlusher.flushSoon();
        }
        return changed;
    }

    private void applyProducers(ProducerUpdates updates, LogSegment segment, long endOffset) throws IOException {
        for (ProducerAppend update : updates.producers()) {
            state.producers.apply(update);
        }
        for (CompletedTransaction completed : updates.completed()) {
            long lastStable = state.producers.lastStableOffsetAfter(completed);
            if (completed.aborted()) {
                segment.appendAborted(new AbortedTxn(
                        completed.producerId(), completed.firstOffset(), completed.lastOffset(), lastStable));
            }
            state.producers.complete(completed);
        }
        state.producers.updateMapEndOffset(endOffset);
        if (!updates.producers().isEmpty()) {
            state.updateFirstUnstable();
        }
    }

    private void flushIfDue(long endOffset) throws IOException {
        if (endOffset - state.view().recoveryPoint() >= state.config.flushMessages()) {
            roller.flush(endOffset);
        }
    }
}
