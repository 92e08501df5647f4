// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.ActiveProducer;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.EpochEntry;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.VerificationGuard;
import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.epoch.LeaderEpochCache;
import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.log.index.AbortedTxn;
import io.barnabas.replica.log.producer.LastRecord;
import io.barnabas.replica.log.producer.ProducerStates;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.LogSegments;
import io.barnabas.replica.log.segment.SegmentFiles;
import io.barnabas.replica.log.validation.RecordsJudge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * A log on disk. What {@link PartitionLog} promises, and for the log manager and the cleaner what only they may do.
 * One lock, {@link LogState#lock}, orders everything that changes the log.
 */
public final class LocalPartitionLog implements PartitionLog {
    private final LogState state;
    private final EpochFlusher epochFlusher;
    private final SegmentRoller roller;
    private final LogAppender appender;
    private final LogReader reader;
    private final LogTruncator truncator;
    private final LogRetention retention;
    private final SegmentReplacement replacement;
    private final LogDisposal disposal;
    /** Volatile: asked by the log manager without the lock. */
    private volatile boolean future;

    private Compaction compaction = Compaction.NONE;

    private LocalPartitionLog(LogState state, boolean future) {
        this.state = state;
        this.future = future;
        this.epochFlusher = new EpochFlusher(state);
        SegmentRemoval removal = new SegmentRemoval(state);
        this.roller = new SegmentRoller(state);
        this.appender = new LogAppender(state, roller, epochFlusher);
        this.reader = new LogReader(state);
        this.truncator = new LogTruncator(state, removal, epochFlusher);
        this.retention = new LogRetention(state, roller, removal, epochFlusher);
        this.replacement = new SegmentReplacement(state, removal);
        this.disposal = new LogDisposal(state);
    }

    /** Loads the log in a directory, recovering it if need be; gives it a first segment if it is empty. */
    static LocalPartitionLog load(
            LogDirectoryName name,
            Path directory,
            LogConfig config,
            LogEnvironment environment,
            LogLoader.LoadRequest request)
            throws IOException {
        DirectoryListing listing = DirectoryListing.of(directory);
        LogState state = new LogState(
                name.partition(),
                PartitionDirectory.existing(directory, listing.topicId(), new LogLock()),
                config,
                environment,
                new LogSegments(),
                listing.epochs(),
                ProducerStates.of(name.partition(), directory, listing.names(), environment.expiry()));
        new LogLoader(state, request).load(listing);
        return new LocalPartitionLog(state, name.kind() == LogDirectoryName.Kind.FUTURE);
    }

    /** Creates an empty log, in memory: its directory, which must not exist, is made later. */
    static LocalPartitionLog create(LogDirectoryName name, Path directory, LogConfig config, LogEnvironment environment)
            throws IOException {
        LogState state = new LogState(
                name.partition(),
                PartitionDirectory.planned(directory, new LogLock()),
                config,
                environment,
                new LogSegments(),
                LeaderEpochCache.empty(directory),
                ProducerStates.empty(name.partition(), directory, environment.expiry()));
        state.segments.add(LogSegment.createFirst(directory, state.segmentContext, state.ownDirectory));
        state.updateEnd(0L);
        state.updateHighWatermark(state.view().end());
        return new LocalPartitionLog(state, name.kind() == LogDirectoryName.Kind.FUTURE);
    }

    /** A step that may meet an IO error. */
    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T guarded(String what, Step<T> step) {
        checkUsable();
        try {
            return step.run();
        } catch (IOException e) {
            throw storageError(what, e);
        }
    }

    private <T> T locked(String what, Step<T> step) {
        return state.lock.get(() -> guarded(what, step));
    }

    /** Whether a write failed only for want of room: the directory is sound, and the same may succeed later. */
    public boolean isOutOfRoom(IOException e) {
        return state.room.isExhausted(e);
    }

    private void checkUsable() {
        LogStatus status = state.status();
        if (status == LogStatus.FAILED || status == LogStatus.CLOSED) {
            throw new KafkaStorageException("The log of partition " + state.partition + " in " + state.directory()
                    + (status == LogStatus.FAILED ? " failed: its directory is offline" : " is closed"));
        }
    }

    private KafkaStorageException storageError(String what, IOException cause) {
        state.fail(what, cause);
        return new KafkaStorageException(what + " of " + state.partition + " in " + state.directory(), cause);
    }

    @Override
    public TopicPartition topicPartition() {
        return state.partition;
    }

    @Override
    public Path directory() {
        return state.directory();
    }

    @Override
    public Path logDir() {
        return state.logDir();
    }

    @Override
    public boolean isFuture() {
        return future;
    }

    @Override
    public Uuid topicId() {
        return state.ownDirectory.topicId();
    }

    @Override
    public void assignTopicId(Uuid id) {
        if (id.equals(topicId()) || id.equals(Uuid.ZERO_UUID)) {
            return;
        }
        locked("Error while writing the topic id", () -> {
            Uuid known = topicId();
            if (!known.equals(Uuid.ZERO_UUID) && !known.equals(id)) {
                throw new InconsistentTopicIdException("Tried to assign topic ID " + id + " to log for topic partition "
                        + state.partition + ", but log already contained topic ID " + known);
            }
            state.ownDirectory.assign(id);
            return null;
        });
    }

    /** Makes the directory of a log just created, unless it is there; an error is the caller's to judge. */
    void makeDirectory() throws IOException {
        if (!state.isRetired()) {
            state.ownDirectory.prepare();
            state.epochs.flush(false);
        }
    }

    /** The directory could not be made. */
    void creationFailed(IOException cause) {
        state.reportFailure("Error while creating the log", cause);
    }

    @Override
    public LogConfig config() {
        return state.config;
    }

    @Override
    public void updateConfig(LogConfig config) {
        state.config = config;
    }

    @Override
    public long logStartOffset() {
        return state.logStartOffset();
    }

    @Override
    public long logEndOffset() {
        return state.logEndOffset();
    }

    @Override
    public LogOffsetMetadata logEndOffsetMetadata() {
        return state.view().end();
    }

    @Override
    public long highWatermark() {
        return state.view().highWatermark().messageOffset();
    }

    @Override
    public LogOffsetMetadata highWatermarkMetadata() {
        return guarded("Error while reading", reader::highWatermark);
    }

    @Override
    public long updateHighWatermark(long offset) {
        return updateHighWatermark(LogOffsetMetadata.offsetOnly(offset));
    }

    @Override
    public long updateHighWatermark(LogOffsetMetadata offset) {
        return locked("Error while updating the high watermark", () -> {
            LogOffsetMetadata bound = offset;
            if (offset.messageOffset() < state.logStartOffset()) {
                bound = LogOffsetMetadata.offsetOnly(state.logStartOffset());
            } else if (offset.messageOffset() >= state.logEndOffset()) {
                bound = state.view().end();
            }
            state.updateHighWatermark(bound);
            return bound.messageOffset();
        });
    }

    @Override
    public Optional<LogOffsetMetadata> maybeIncrementHighWatermark(LogOffsetMetadata offset) {
        if (offset.messageOffset() > state.logEndOffset()) {
            throw new IllegalArgumentException("High watermark " + offset + " update exceeds current log end offset "
                    + state.view().end() + " of " + state.partition);
        }
        return locked("Error while updating the high watermark", () -> {
            LogOffsetMetadata before = reader.highWatermark();
            boolean ahead = before.messageOffset() < offset.messageOffset()
                    || (before.messageOffset() == offset.messageOffset() && before.onOlderSegment(offset));
            if (!ahead) {
                return Optional.empty();
            }
            state.updateHighWatermark(offset);
            return Optional.of(before);
        });
    }

    @Override
    public long lastStableOffset() {
        return state.view().lastStable().messageOffset();
    }

    @Override
    public LogOffsetMetadata lastStableOffsetMetadata() {
        return guarded("Error while reading", reader::lastStable);
    }

    @Override
    public long recoveryPoint() {
        return state.view().recoveryPoint();
    }

    @Override
    public long size() {
        return state.segments.sizeInBytes();
    }

    @Override
    public int numberOfSegments() {
        return state.segments.count();
    }

    @Override
    public VerificationGuard startVerification(long producerId, short producerEpoch, int sequence) {
        return state.lock.get(
                () -> state.producers.startVerification(producerId, producerEpoch, sequence, state.nowMs()));
    }

    @Override
    public RecordsVerdict judge(MemoryRecords records, AppendOrigin origin, RecordsLook look) {
        return origin == AppendOrigin.CLIENT
                ? RecordsJudge.judge(state.partition, records, state.config, state.nowMs(), look)
                : RecordsVerdict.OPEN;
    }

    @Override
    public LogAppendInfo appendAsLeader(
            MemoryRecords records,
            int leaderEpoch,
            AppendOrigin origin,
            VerificationGuard guard,
            RecordsVerdict verdict) {
        return guarded(
                "Error while appending records",
                () -> appender.appendAsLeader(records, leaderEpoch, origin, guard, verdict));
    }

    @Override
    public LogAppendInfo appendAsFollower(MemoryRecords records) {
        return guarded("Error while appending records", () -> appender.appendAsFollower(records));
    }

    @Override
    public LogReadInfo read(long offset, int maxBytes, FetchIsolation isolation, boolean minOneMessage) {
        checkUsable();
        try {
            return reader.read(offset, maxBytes, isolation, minOneMessage);
        } catch (IOException e) {
            throw storageError("Error while reading from offset " + offset, e);
        }
    }

    @Override
    public LogOffsetMetadata offsetMetadata(long offset) {
        return guarded("Error while reading", () -> state.locate(offset));
    }

    @Override
    public boolean truncateTo(long offset) {
        if (future || offset >= state.segments.active().baseOffset()) {
            return locked("Error while truncating to offset " + offset, () -> truncator.truncateTo(offset));
        }
        return uncompacted(
                () -> locked("Error while truncating to offset " + offset, () -> truncator.truncateTo(offset)));
    }

    @Override
    public void truncateFullyAndStartAt(long newOffset, Optional<Long> logStartOffset) {
        Supplier<Void> truncation = () -> locked("Error while truncating the entire log", () -> {
            truncator.truncateFully(newOffset, logStartOffset);
            return null;
        });
        if (future) {
            truncation.get();
        } else {
            uncompacted(truncation);
        }
    }

    /** Cuts off what compaction may be working on, or have called clean. */
    @CanIgnoreReturnValue
    private <T> T uncompacted(Supplier<T> truncation) {
        Compaction cleaner = state.lock.get(() -> compaction);
        cleaner.interrupt(state.partition);
        try {
            T result = truncation.get();
            cleaner.truncated(state.partition, logDir(), state.segments.active().baseOffset());
            return result;
        } finally {
            cleaner.resume(state.partition);
        }
    }

    @Override
    public OptionalInt latestEpoch() {
        int latest = state.epochs.latest();
        return latest < 0 ? OptionalInt.empty() : OptionalInt.of(latest);
    }

    @Override
    public Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch) {
        return state.epochs.endOffsetFor(leaderEpoch, state.logEndOffset());
    }

    @Override
    public OptionalInt epochForOffset(long offset) {
        return state.epochs.epochForOffset(offset);
    }

    @Override
    public List<EpochEntry> epochEntries() {
        return state.epochs.entries();
    }

    @Override
    public void maybeAssignEpochStartOffset(int leaderEpoch, long startOffset) {
        state.lock.run(() -> {
            if (state.epochs.assign(leaderEpoch, startOffset)) {
                epochFlusher.flushSoon();
            }
        });
    }

    @Override
    public Optional<TimestampAndOffset> offsetForTimestamp(long targetTimestamp) {
        return guarded("Error while looking up a timestamp", () -> reader.offsetForTimestamp(targetTimestamp));
    }

    @Override
    public boolean maybeIncrementLogStartOffset(long newLogStartOffset, LogStartOffsetIncrementReason reason) {
        return locked("Error while raising the log start offset", () -> retention.increment(newLogStartOffset, reason));
    }

    @Override
    public long keptLogStartOffset() {
        long start = state.logStartOffset();
        return state.environment.starts().isEager()
                ? Math.min(
                        start,
                        Math.max(
                                state.view().keptStart(), state.segments.first().baseOffset()))
                : start;
    }

    @Override
    public void keepLogStartOffset(Runnable kept) {
        if (keptLogStartOffset() < state.logStartOffset()) {
            state.environment.starts().keep(logDir(), state.partition, kept);
        }
    }

    /** The directory's checkpoint has this start now. */
    void startKept(long offset) {
        state.lock.run(() -> state.publish(state.view().withKeptStart(offset)));
    }

    @Override
    public List<ActiveProducer> activeProducers() {
        return state.lock.get(() -> state.producers.activeProducers());
    }

    @Override
    public Optional<ActiveProducer> activeProducer(long producerId) {
        return state.lock.get(
                () -> Optional.ofNullable(state.producers.entry(producerId)).map(ProducerStates::describe));
    }

    @Override
    public boolean hasLateTransaction(long currentTimeMs) {
        return state.lock.get(() -> state.producers.hasLateTransaction(currentTimeMs));
    }

    @Override
    public void roll() {
        locked("Error while rolling a segment", () -> roller.roll(-1L));
    }

    @Override
    public void flush() {
        guarded("Error while flushing", () -> {
            roller.flush(state.logEndOffset());
            return null;
        });
    }

    @Override
    public int deleteOldSegments() {
        return locked("Error while deleting old segments", retention::deleteOldSegments);
    }

    /** Flushes if {@code flush.ms} has passed since the last time. */
    void flushIfDue(long nowMs) {
        if (nowMs - state.view().lastFlushMs() >= state.config.flushMs()) {
            flush();
        }
    }

    /** Forgets producers idle for longer than {@code producer.id.expiration.ms}. */
    void removeExpiredProducers(long nowMs) {
        state.lock.run(() -> state.producers.removeExpired(nowMs));
    }

    /** The segments in order, for the cleaner. */
    public List<LogSegment> segments() {
        return state.segments.all();
    }

    /** Creates a {@code .cleaned} segment for the cleaner to fill; it is not part of the log yet. */
    public LogSegment createCleanedSegment(long baseOffset) {
        return guarded(
                "Error while creating a cleaned segment", () -> state.createSegment(baseOffset, SegmentFiles.CLEANED));
    }

    /**
     * Puts cleaned segments (sealed, on disk, their files called {@code .cleaned}) in the place of others, unless one
     * of these is gone or {@code wanted} says no; it is asked under the lock that orders this with truncations.
     *
     * @return whether it was done
     */
    public boolean replaceSegments(List<LogSegment> cleaned, List<LogSegment> old, BooleanSupplier wanted) {
        boolean replaced = locked("Error while replacing segments", () -> {
            if (!wanted.getAsBoolean() || !state.segments.contains(old)) {
                return false;
            }
            replacement.replace(cleaned, old);
            return true;
        });
        if (replaced) {
            guarded("Error while replacing segments", () -> {
                DurableFiles.syncDirectory(state.directory());
                return null;
            });
        }
        return replaced;
    }

    /** The last segment, which is appended to. */
    public LogSegment activeSegment() {
        return state.segments.active();
    }

    /** The segments that hold offsets from {@code from} up to, without, {@code to}; none if that is no range. */
    public List<LogSegment> segments(long from, long to) {
        return from >= to ? List.of() : state.segments.between(from, to);
    }

    /** The aborted transactions that overlap a range of offsets. */
    public List<AbortedTxn> abortedTransactions(long from, long to) {
        return guarded("Error while reading aborted transactions", () -> reader.abortedTransactions(from, to));
    }

    /** What has to stay in the log for each active producer. */
    public Map<Long, LastRecord> lastRecordsOfProducers() {
        return state.lock.get(() -> state.producers.lastRecords());
    }

    /** From now on this one is asked to step aside when the log is truncated. */
    void compactedBy(Compaction cleaner) {
        state.lock.run(() -> compaction = cleaner);
    }

    /** The future log becomes the current one: its directory gets the name without suffix. */
    void becomeCurrent(String name) {
        locked("Error while renaming the log", () -> {
            disposal.rename(name, true);
            future = false;
            return null;
        });
    }

    /** Puts the log away under another name; see {@link LogDisposal#retireAs}. */
    void retireAs(String name, boolean sync) {
        locked("Error while renaming the log", () -> {
            disposal.retireAs(name, sync);
            return null;
        });
    }

    /** Closes the log cleanly: all on disk, a snapshot of the producers taken. */
    void close() {
        locked("Error while closing the log", () -> {
            disposal.close();
            return null;
        });
    }

    /** Closes the files as they are: the directory failed, or the log was renamed to be deleted. */
    void closeHandles() {
        state.lock.run(disposal::closeHandles);
    }

    /** Deletes everything, the directory too. */
    void delete() throws IOException {
        state.lock.run(disposal::delete);
    }

    @Override
    public String toString() {
        return "LocalPartitionLog(" + state.directory() + ", " + state.logStartOffset() + ".." + state.logEndOffset()
                + ")";
    }
}
