// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.record.UndecompressibleException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a produce: each partition's batch is looked into and appended, then acks=all waits.
 *
 * <p>That is done on the caller's thread, an event loop as a rule, unless it would take long: a batch that has more to
 * decompress than {@link #AT_ONCE_BYTES}, or to write anew than {@link #REWRITTEN_AT_ONCE_BYTES}, is put off to threads
 * that may take their time. What comes for the same
 * partition meanwhile goes behind it, so that nobody's batches change places.
 */
final class Appender {
    /** What may be decompressed on an event loop: some tenths of a millisecond, with gzip about one. */
    static final int AT_ONCE_BYTES = 256 * 1024;

    /** What may be compressed anew there: gzip takes two milliseconds for it. */
    static final int REWRITTEN_AT_ONCE_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private final Partitions partitions;
    private final UnannouncedTopics unannounced;
    private final TimeoutBuckets timeouts;
    private final FirstBatches firstBatches;
    private final EventSink events;
    private final RecordsLook atOnce;
    private final RecordsLook whole;

    Appender(
            ReplicaConfig config,
            Partitions partitions,
            UnannouncedTopics unannounced,
            TimeoutBuckets timeouts,
            FirstBatches firstBatches,
            EventSink events) {
        this.events = events;
        this.partitions = partitions;
        this.unannounced = unannounced;
        this.timeouts = timeouts;
        this.firstBatches = firstBatches;
        this.whole = new RecordsLook(config.maxDecompressedBytes(), Long.MAX_VALUE, !config.checkCompressed());
        this.atOnce = new RecordsLook(
                Math.min(AT_ONCE_BYTES, whole.maxBytes()), REWRITTEN_AT_ONCE_BYTES, whole.believeCompressed());
    }

    CompletableFuture<Map<TopicPartition, AppendResult>> append(AppendCommand command) {
        short acks = command.requiredAcks();
        if (acks != 0 && acks != 1 && acks != AppendCommand.ACKS_ALL) {
            return CompletableFuture.completedFuture(refuseAll(command));
        }
        Produced produced = new Produced(command, timeouts);
        command.records().forEach((partition, records) -> beginOrFail(produced, partition, records));
        produced.begun();
        return produced.future();
    }

    /**
     * Whatever one partition meets, the others' appends go on, and so does the wait for those put off: they read the
     * request's bytes until they are done.
     */
    private void beginOrFail(Produced produced, TopicPartition name, MemoryRecords records) {
        try {
            begin(produced, name, records);
        } catch (RuntimeException | Error e) {
            produced.tried(name, failed(name, records, e));
        }
    }

    /** Appends, or puts off. */
    private void begin(Produced produced, TopicPartition name, MemoryRecords records) {
        Partition partition = produced.command().origin() == AppendOrigin.CLIENT ? partitions.get(name) : null;
        if (partition == null) {
            produced.tried(name, tryAppend(produced, name, records, RecordsVerdict.OPEN));
            return;
        }
        SerialWork late = partition.lateAppends();
        RecordsVerdict verdict = late.isBusy() ? RecordsVerdict.TOO_MUCH : judge(partition, records, atOnce);
        if (verdict.kind() == RecordsVerdict.Kind.TOO_MUCH) {
            late.add(() -> produced.tried(name, appendLate(produced, partition, records)));
        } else {
            produced.tried(name, tryAppend(produced, name, records, verdict));
        }
    }

    /** A batch is looked into only where it may be appended; elsewhere the append says why not. */
    private static RecordsVerdict judge(Partition partition, MemoryRecords records, RecordsLook look) {
        RoleSnapshot role = partition.role();
        return role.isLeader() && role.log() != null
                ? role.log().judge(records, AppendOrigin.CLIENT, look)
                : RecordsVerdict.OPEN;
    }

    private AppendResult appendLate(Produced produced, Partition partition, MemoryRecords records) {
        TopicPartition name = partition.topicPartition();
        try {
            RecordsVerdict verdict = judge(partition, records, whole);
            return tryAppend(
                    produced, name, records, verdict.kind() == RecordsVerdict.Kind.TOO_MUCH ? tooMuch(name) : verdict);
        } catch (RuntimeException | Error e) {
            return failed(name, records, e);
        }
    }

    private RecordsVerdict tooMuch(TopicPartition name) {
        return RecordsVerdict.refused(new InvalidRecordsException(
                new RecordTooLargeException("The record batch in the append to " + name + " has more than "
                        + whole.maxBytes() + " bytes when decompressed, which is the maximum configured value of "
                        + ReplicaConfig.MAX_DECOMPRESSED_BYTES_KEY + "."),
                List.of()));
    }

    /**
     * Whatever it is that nobody expected: the client is told that this broker failed, and the log what it was doing.
     */
    private AppendResult failed(TopicPartition name, MemoryRecords records, Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            events.record(new ReplicaEvents.OutOfMemory(
                    name, records.sizeInBytes(), "no memory to append a client's records: " + fault.getMessage()));
        }
        LOG.error("Error processing append operation on partition {}", name, fault);
        return AppendResult.failed(Errors.UNKNOWN_SERVER_ERROR);
    }

    private Map<TopicPartition, AppendResult> refuseAll(AppendCommand command) {
        Map<TopicPartition, AppendResult> results = new HashMap<>();
        command.records()
                .keySet()
                .forEach(partition -> results.put(
                        partition,
                        AppendResult.failed(
                                isServed(command, partition)
                                        ? Errors.INVALID_REQUIRED_ACKS
                                        : Errors.UNKNOWN_TOPIC_OR_PARTITION)));
        return results;
    }

    /** Clients are served what the metadata or an order told of. */
    private boolean isServed(AppendCommand command, TopicPartition partition) {
        return command.origin() != AppendOrigin.CLIENT || unannounced.isServed(partition);
    }

    private AppendResult tryAppend(
            Produced produced, TopicPartition name, MemoryRecords records, RecordsVerdict verdict) {
        AppendResult result;
        try {
            result = append(produced, name, records, verdict);
        } catch (OutOfMemoryError e) {
            result = failed(name, records, e);
        }
        if (produced.command().origin() == AppendOrigin.CLIENT) {
            firstBatches.answered(name, records, result.error());
        }
        return result;
    }

    private AppendResult append(Produced produced, TopicPartition name, MemoryRecords records, RecordsVerdict verdict) {
        AppendCommand command = produced.command();
        WaitingProduce waiting = produced.waiting();
        try {
            if (!isServed(command, name)) {
                return AppendResult.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
            if (Topic.isInternal(name.topic()) && !command.internalTopicsAllowed()) {
                return AppendResult.failed(Errors.INVALID_TOPIC_EXCEPTION);
            }
            Partition partition = partitions.require(name);
            Partition.WaiterFactory waiter =
                    waiting == null ? null : info -> waiting.waitFor(partition, info.lastOffset() + 1, success(info));
            Consumer<PartitionLog> order =
                    command.origin() == AppendOrigin.CLIENT ? firstBatches.order(name, records) : null;
            return success(partition.append(records, verdict, command.origin(), command.guard(name), waiter, order));
        } catch (InvalidRecordsException e) {
            return new AppendResult(
                    Errors.forException(e.error()),
                    e.error().getMessage(),
                    -1L,
                    -1L,
                    -1L,
                    logStartOffset(name),
                    e.recordErrors());
        } catch (UnknownTopicOrPartitionException
                | NotLeaderOrFollowerException
                | RecordTooLargeException
                | RecordBatchTooLargeException
                | CorruptRecordException
                | KafkaStorageException e) {
            return AppendResult.failed(Errors.forException(e));
        } catch (UndecompressibleException e) {
            LOG.info("A client's records for {} were refused: {}", name, e.getMessage());
            return AppendResult.failed(Errors.UNKNOWN_SERVER_ERROR, null, logStartOffset(name));
        } catch (RuntimeException e) {
            Errors error = Errors.forException(e);
            if (error == Errors.UNKNOWN_SERVER_ERROR) {
                LOG.error("Error processing append operation on partition {}", name, e);
            }
            return AppendResult.failed(error, null, logStartOffset(name));
        }
    }

    private static AppendResult success(LogAppendInfo info) {
        return new AppendResult(
                Errors.NONE,
                null,
                info.firstOffset(),
                info.lastOffset(),
                info.logAppendTime(),
                info.logStartOffset(),
                info.recordErrors());
    }

    private long logStartOffset(TopicPartition name) {
        Partition partition = partitions.get(name);
        return partition == null || partition.role().log() == null
                ? -1L
                : partition.role().log().logStartOffset();
    }
}
