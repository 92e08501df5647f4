// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * One replica's log.
 *
 * <p>Owner: the partition that holds it. Appends, truncations and high watermark changes come from one writer at a
 * time (under the partition's lock); the log keeps its own background work (retention, compaction, flushes) apart from
 * them with a lock of its own, which is never held while forcing data to disk. Reads and offsets may be asked from any
 * thread at any time and do not wait for appends.
 *
 * <p>An IO error closes the log's channels, takes its directory offline (see {@link LogManager}) and comes out as
 * {@link org.apache.kafka.common.errors.KafkaStorageException}; so does every later call.
 */
public interface PartitionLog {
    /** Whose log it is. */
    TopicPartition topicPartition();

    /** The partition's own directory, such as {@code …/topic-0}. */
    Path directory();

    /** The entry of {@code log.dirs} it lies in. */
    Path logDir();

    /** Whether this is the copy being built in another directory (AlterReplicaLogDirs, KIP-113). */
    boolean isFuture();

    /** The topic's id, {@link Uuid#ZERO_UUID} while none is known. */
    Uuid topicId();

    /**
     * Notes the topic's id in {@code partition.metadata}.
     *
     * @throws org.apache.kafka.common.errors.InconsistentTopicIdException if the log has another
     */
    void assignTopicId(Uuid topicId);

    /** The settings it follows. */
    LogConfig config();

    /** Follows other settings from now on. */
    void updateConfig(LogConfig config);

    /** The first offset a client may read. */
    long logStartOffset();

    /** The offset the next record gets. */
    long logEndOffset();

    /** The offset of the next record, and where it will lie. */
    LogOffsetMetadata logEndOffsetMetadata();

    /** Offsets below this are replicated to the whole ISR. After a start it is what the checkpoint remembered. */
    long highWatermark();

    /** The high watermark with its place on disk, looked up if need be. */
    LogOffsetMetadata highWatermarkMetadata();

    /**
     * Sets the high watermark, bound to the log's start and end: followers, and after truncation.
     *
     * @return what it is now
     */
    long updateHighWatermark(long offset);

    /** The same with the place on disk known. */
    long updateHighWatermark(LogOffsetMetadata offset);

    /**
     * Raises the high watermark if the given one is ahead (or on a newer segment of the same offset): leaders.
     *
     * @return the former high watermark if it was raised
     * @throws IllegalArgumentException if it lies beyond the log's end
     */
    Optional<LogOffsetMetadata> maybeIncrementHighWatermark(LogOffsetMetadata offset);

    /** The first offset of an undecided transaction below the high watermark, or the high watermark. */
    long lastStableOffset();

    /** The first offset of an open transaction, or the high watermark without one. */
    LogOffsetMetadata lastStableOffsetMetadata();

    /** Everything below is on disk for sure; a crash scans from here. */
    long recoveryPoint();

    /** Bytes on disk of all segments. */
    long size();

    /** How many segments it has. */
    int numberOfSegments();

    /**
     * Looks into what a client is about to append, so that {@link #appendAsLeader} need not. From any thread, without a
     * lock.
     *
     * @param look how far; where more would have to be decompressed the verdict is {@link RecordsVerdict#TOO_MUCH}
     * @return the verdict; a refusal is part of it, for other reasons to refuse may come before
     */
    RecordsVerdict judge(MemoryRecords records, AppendOrigin origin, RecordsLook look);

    /**
     * Checks a producer's (or coordinator's) batches, gives them offsets, and appends them. The buffer's batch headers
     * are stamped in place.
     *
     * @param records whole batches; from a producer exactly one batch per partition in format v2
     * @param leaderEpoch stamped on the batches
     * @param guard what {@link #startVerification} handed out
     * @param verdict what {@link #judge} came to; where it is left open, the append looks itself
     * @throws InvalidRecordsException some records are refused (keys missing on a compacted topic, timestamps out of
     *     bounds, …)
     * @throws org.apache.kafka.common.errors.ApiException one of {@code CORRUPT_MESSAGE}, {@code MESSAGE_TOO_LARGE},
     *     {@code RECORD_LIST_TOO_LARGE}, {@code OUT_OF_ORDER_SEQUENCE_NUMBER}, {@code INVALID_PRODUCER_EPOCH},
     *     {@code UNSUPPORTED_FOR_MESSAGE_FORMAT}, {@code INVALID_RECORD}, {@code TRANSACTION_COORDINATOR_FENCED},
     *     {@code INVALID_TXN_STATE}, {@code KAFKA_STORAGE_ERROR}
     */
    LogAppendInfo appendAsLeader(
            MemoryRecords records,
            int leaderEpoch,
            AppendOrigin origin,
            VerificationGuard guard,
            RecordsVerdict verdict);

    /** The same without a look before. */
    default LogAppendInfo appendAsLeader(
            MemoryRecords records, int leaderEpoch, AppendOrigin origin, VerificationGuard guard) {
        return appendAsLeader(records, leaderEpoch, origin, guard, RecordsVerdict.OPEN);
    }

    /** The same without verification of transactions. */
    default LogAppendInfo appendAsLeader(MemoryRecords records, int leaderEpoch, AppendOrigin origin) {
        return appendAsLeader(records, leaderEpoch, origin, VerificationGuard.NOT_REQUIRED);
    }

    /**
     * Begins to verify that a producer's transaction includes this partition (KIP-890).
     *
     * @param sequence of the batch to come, -1 if it has none
     * @return to be given with that batch once verified; {@link VerificationGuard#NONE} if the transaction is open
     *     here, so nothing needs to be asked
     */
    VerificationGuard startVerification(long producerId, short producerEpoch, int sequence);

    /**
     * Appends batches fetched from the leader as they are. A batch cut short at the end is left out.
     *
     * @throws OffsetsOutOfOrderException the batches do not continue this log
     * @throws UnexpectedAppendOffsetException they begin before this log's end
     * @throws org.apache.kafka.common.errors.ApiException {@code CORRUPT_MESSAGE}, {@code KAFKA_STORAGE_ERROR}, …
     */
    LogAppendInfo appendAsFollower(MemoryRecords records);

    /**
     * Reads from an offset on.
     *
     * @param offset the first offset wanted; the first batch may begin before it
     * @param maxBytes most bytes to give
     * @param minOneMessage whether the first batch is given whole even if it is larger than {@code maxBytes}
     * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException below the log's start or beyond its end
     */
    LogReadInfo read(long offset, int maxBytes, FetchIsolation isolation, boolean minOneMessage);

    /**
     * The place on disk of an offset, offset only if it is not in the log.
     */
    LogOffsetMetadata offsetMetadata(long offset);

    /**
     * Removes every record from {@code offset} on.
     *
     * @return whether there was anything to remove
     */
    boolean truncateTo(long offset);

    /** Removes everything; the next record gets {@code newOffset}. */
    void truncateFullyAndStartAt(long newOffset, Optional<Long> logStartOffset);

    /** The last leader epoch with a record (or assigned), if any. */
    OptionalInt latestEpoch();

    /** The end of the largest epoch not above {@code leaderEpoch} (KIP-279); empty if the log knows none. */
    Optional<EpochEndOffset> endOffsetForEpoch(int leaderEpoch);

    /** The epoch an offset was written in. */
    OptionalInt epochForOffset(long offset);

    /** The epochs the log knows, in order. */
    List<EpochEntry> epochEntries();

    /** A new leader notes where its epoch begins. */
    void maybeAssignEpochStartOffset(int leaderEpoch, long startOffset);

    /**
     * The first record at or after a time, or one of {@link TimestampAndOffset}'s special targets; not bound by the
     * high watermark.
     */
    Optional<TimestampAndOffset> offsetForTimestamp(long targetTimestamp);

    /**
     * Raises the first offset (DeleteRecords, retention, a follower following its leader).
     *
     * @return whether it was raised
     * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException beyond the high watermark
     */
    boolean maybeIncrementLogStartOffset(long newLogStartOffset, LogStartOffsetIncrementReason reason);

    /**
     * The first offset as a crash would leave it: what may be acknowledged of {@link #logStartOffset}. The same as that
     * where starts are not kept at once.
     */
    long keptLogStartOffset();

    /**
     * Has the first offset written to disk soon, unless it is or starts are not kept at once. Returns at once.
     *
     * @param kept runs on another thread once it is written
     */
    void keepLogStartOffset(Runnable kept);

    /** The producers remembered for idempotence and transactions. */
    List<ActiveProducer> activeProducers();

    /** Producers with their last sequence and offset for one producer id, if it is remembered. */
    Optional<ActiveProducer> activeProducer(long producerId);

    /** Whether the log has a transaction open since longer than allowed: a hanging one. */
    boolean hasLateTransaction(long currentTimeMs);

    /** Ends the active segment and begins the next. */
    void roll();

    /** Forces everything to disk, and moves the recovery point. */
    void flush();

    /** Removes what retention allows; returns the number of segments removed. */
    int deleteOldSegments();
}
