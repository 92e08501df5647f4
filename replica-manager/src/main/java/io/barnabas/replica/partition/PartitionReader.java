// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.EpochEndResult;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.TimestampAndOffset;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.protocol.Errors;

/** Reads one partition for clients and followers. Stateless; every method may be called by any thread. */
final class PartitionReader {
    private PartitionReader() {}

    /**
     * One read.
     *
     * @param result what to answer
     * @param start where it began on disk, for waiting; unknown on error
     * @param firstEntryIncomplete whether the limit cut the first batch short
     * @param atEndAs the partition's role when the reader was found to be at the end of the log, null if it was not
     */
    record Read(FetchResult result, LogOffsetMetadata start, boolean firstEntryIncomplete, RoleSnapshot atEndAs) {
        private Read(FetchResult result, LogOffsetMetadata start, boolean firstEntryIncomplete) {
            this(result, start, firstEntryIncomplete, null);
        }

        static Read failed(FetchCommand.Partition asked, Errors error) {
            return new Read(FetchResult.failed(asked.topicIdPartition(), error), LogOffsetMetadata.UNKNOWN, false);
        }

        /** Whether another look at the partition would find the same: nothing new, in the same role. */
        boolean isStillTrue(Partition partition) {
            RoleSnapshot role = partition.role();
            if (atEndAs == null || !atEndAs.equals(role)) {
                return false;
            }
            PartitionLog log = role.log();
            return log.logEndOffset() == start.messageOffset()
                    && log.highWatermark() == result.highWatermark()
                    && log.lastStableOffset() == result.lastStableOffset()
                    && log.logStartOffset() == result.logStartOffset();
        }

        int bytes() {
            return result.records().sizeInBytes();
        }

        /** The same without its bytes. */
        Read emptied() {
            FetchResult r = result;
            return new Read(
                    new FetchResult(
                            r.topicIdPartition(),
                            r.error(),
                            r.highWatermark(),
                            r.lastStableOffset(),
                            r.logStartOffset(),
                            FileSlice.EMPTY,
                            r.divergingEpoch(),
                            r.abortedTransactions(),
                            r.preferredReadReplica()),
                    start,
                    false);
        }
    }

    /**
     * Reads, and for a follower notes how far it is.
     *
     * @param record whether a follower's position is news (not when a waiting fetch is read again)
     */
    static Read read(
            Partition partition,
            FetchCommand command,
            FetchCommand.Partition asked,
            int maxBytes,
            boolean minOneMessage,
            boolean record) {
        RoleSnapshot role = partition.role();
        Errors error = role.check(asked.currentLeaderEpoch(), command.leaderOnly());
        if (error != Errors.NONE) {
            return Read.failed(asked, error);
        }
        PartitionLog log = role.log();
        Uuid wantedId = asked.topicIdPartition().topicId();
        if (!wantedId.equals(Uuid.ZERO_UUID)
                && !log.topicId().equals(Uuid.ZERO_UUID)
                && !wantedId.equals(log.topicId())) {
            return Read.failed(asked, Errors.INCONSISTENT_TOPIC_ID);
        }
        if (command.isFromFollower() && !role.replicas().contains(command.replicaId())) {
            return Read.failed(asked, Partition.unknownFollower(asked.currentLeaderEpoch()));
        }
        try {
            Optional<EpochEndOffset> diverging = divergence(log, asked);
            if (diverging.isPresent()) {
                return parted(log, asked, diverging);
            }
            LogReadInfo info = log.read(asked.fetchOffset(), maxBytes, command.isolation(), minOneMessage);
            return record && command.isFromFollower()
                    ? recordAndAnswer(partition, command, asked, role, info)
                    : answer(asked, role, info, info.highWatermark());
        } catch (RuntimeException e) {
            return Read.failed(asked, Errors.forException(e));
        }
    }

    private static Read recordAndAnswer(
            Partition partition,
            FetchCommand command,
            FetchCommand.Partition asked,
            RoleSnapshot role,
            LogReadInfo info) {
        Errors error = partition.recordFollowerFetch(
                command.replicaId(),
                asked.currentLeaderEpoch(),
                info.fetchOffset(),
                asked.logStartOffset(),
                info.logEndOffset(),
                command.replicaEpoch());
        return error == Errors.NONE ? answer(asked, role, info, role.log().highWatermark()) : Read.failed(asked, error);
    }

    private static Read answer(FetchCommand.Partition asked, RoleSnapshot role, LogReadInfo info, long highWatermark) {
        FetchResult result = new FetchResult(
                asked.topicIdPartition(),
                Errors.NONE,
                highWatermark,
                info.lastStableOffset(),
                info.logStartOffset(),
                info.records(),
                Optional.empty(),
                info.abortedTransactions().orElse(null),
                FetchResult.NO_PREFERRED_REPLICA);
        boolean atEnd = info.records().sizeInBytes() == 0 && info.fetchOffset().messageOffset() == info.logEndOffset();
        return new Read(result, info.fetchOffset(), info.firstEntryIncomplete(), atEnd ? role : null);
    }

    private static Read parted(PartitionLog log, FetchCommand.Partition asked, Optional<EpochEndOffset> diverging) {
        FetchResult result = new FetchResult(
                asked.topicIdPartition(),
                Errors.NONE,
                log.highWatermark(),
                log.lastStableOffset(),
                log.logStartOffset(),
                FileSlice.EMPTY,
                diverging,
                null,
                FetchResult.NO_PREFERRED_REPLICA);
        return new Read(result, LogOffsetMetadata.offsetOnly(asked.fetchOffset()), false);
    }

    /** Where the reader's log parts from ours, judged by the epoch of its last record (KIP-595). */
    private static Optional<EpochEndOffset> divergence(PartitionLog log, FetchCommand.Partition asked) {
        int lastEpoch = asked.lastFetchedEpoch();
        if (lastEpoch < 0) {
            return Optional.empty();
        }
        EpochEndOffset end = log.endOffsetForEpoch(lastEpoch).orElse(EpochEndOffset.UNDEFINED);
        if (end.endOffset() == EpochEndOffset.UNDEFINED_OFFSET || end.leaderEpoch() == EpochEndOffset.UNDEFINED_EPOCH) {
            throw new OffsetOutOfRangeException(
                    "Could not determine the end offset of the last fetched epoch " + lastEpoch + " from the request");
        }
        if (asked.fetchOffset() < log.logStartOffset()) {
            throw new OffsetOutOfRangeException("Received request for offset " + asked.fetchOffset()
                    + " for partition " + log.topicPartition() + ", but we only have log segments from offset "
                    + log.logStartOffset());
        }
        boolean parts = end.leaderEpoch() < lastEpoch || end.endOffset() < asked.fetchOffset();
        return parts ? Optional.of(end) : Optional.empty();
    }

    /** How far a reader of this isolation may read now, with the place on disk. */
    static LogOffsetMetadata bound(PartitionLog log, FetchIsolation isolation) {
        return switch (isolation) {
            case LOG_END -> log.logEndOffsetMetadata();
            case HIGH_WATERMARK -> log.highWatermarkMetadata();
            case TXN_COMMITTED -> log.lastStableOffsetMetadata();
        };
    }

    /** Answers ListOffsets; see {@link OffsetQuery}. */
    static OffsetResult listOffsets(RoleSnapshot role, OffsetQuery query) {
        Errors error = role.check(query.currentLeaderEpoch(), query.leaderOnly());
        if (error != Errors.NONE) {
            return OffsetResult.failed(error);
        }
        PartitionLog log = role.log();
        long lastFetchable =
                switch (query.isolation()) {
                    case LOG_END -> log.logEndOffset();
                    case HIGH_WATERMARK -> log.highWatermark();
                    case TXN_COMMITTED -> log.lastStableOffset();
                };
        // A new leader whose high watermark has not reached its own epoch must not answer with less than it will. A
        // transaction left open is no such lag: the last stable offset may stay behind for as long as it is open.
        boolean lagging =
                query.isolation() != FetchIsolation.LOG_END && log.highWatermark() < role.leaderEpochStartOffset();
        if (query.timestamp() == OffsetQuery.LATEST) {
            return lagging
                    ? OffsetResult.failed(Errors.OFFSET_NOT_AVAILABLE)
                    : new OffsetResult(Errors.NONE, OffsetResult.NO_TIMESTAMP, lastFetchable, role.leaderEpoch());
        }
        if (query.timestamp() == OffsetQuery.LATEST_TIERED) {
            return OffsetResult.none();
        }
        Optional<TimestampAndOffset> found = log.offsetForTimestamp(query.timestamp());
        boolean earliest = query.timestamp() == OffsetQuery.EARLIEST || query.timestamp() == OffsetQuery.EARLIEST_LOCAL;
        if (found.isPresent() && (earliest || found.get().offset() < lastFetchable)) {
            TimestampAndOffset at = found.get();
            return new OffsetResult(
                    Errors.NONE, at.timestamp(), at.offset(), at.leaderEpoch().orElse(OffsetResult.NO_EPOCH));
        }
        return lagging && !earliest ? OffsetResult.failed(Errors.OFFSET_NOT_AVAILABLE) : OffsetResult.none();
    }

    /** Answers OffsetForLeaderEpoch. */
    static EpochEndResult endOffsetForEpoch(RoleSnapshot role, int currentLeaderEpoch, int leaderEpoch) {
        Errors error = role.check(currentLeaderEpoch, true);
        if (error != Errors.NONE) {
            return EpochEndResult.failed(error);
        }
        EpochEndOffset end = role.log().endOffsetForEpoch(leaderEpoch).orElse(EpochEndOffset.UNDEFINED);
        return new EpochEndResult(Errors.NONE, end.leaderEpoch(), end.endOffset());
    }

    /** Nothing but a pointer to a better replica (KIP-392). */
    static Read redirected(Partition partition, FetchCommand.Partition asked, int preferredReplica) {
        RoleSnapshot role = partition.role();
        Errors error = role.check(asked.currentLeaderEpoch(), false);
        if (error != Errors.NONE) {
            return Read.failed(asked, error);
        }
        PartitionLog log = role.log();
        FetchResult result = new FetchResult(
                asked.topicIdPartition(),
                Errors.NONE,
                log.highWatermark(),
                log.lastStableOffset(),
                log.logStartOffset(),
                FileSlice.EMPTY,
                Optional.empty(),
                null,
                preferredReplica);
        return new Read(result, LogOffsetMetadata.offsetOnly(asked.fetchOffset()), false);
    }
}
