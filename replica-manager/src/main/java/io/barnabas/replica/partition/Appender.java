// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.PartitionLog;
import java.util.HashMap;
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

/** The way of a produce: append to each partition on the caller's thread, then wait if acks=all asks for it. */
final class Appender {
    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private final Partitions partitions;
    private final TimeoutBuckets timeouts;
    private final FirstBatches firstBatches;

    Appender(Partitions partitions, TimeoutBuckets timeouts, FirstBatches firstBatches) {
        this.partitions = partitions;
        this.timeouts = timeouts;
        this.firstBatches = firstBatches;
    }

    CompletableFuture<Map<TopicPartition, AppendResult>> append(AppendCommand command) {
        return switch (command.requiredAcks()) {
            case 0, 1 -> CompletableFuture.completedFuture(appendAtOnce(command));
            case AppendCommand.ACKS_ALL -> appendToAll(command);
            default -> CompletableFuture.completedFuture(refuseAll(command));
        };
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

    /** Clients are served what the metadata tells of. */
    private boolean isServed(AppendCommand command, TopicPartition partition) {
        return command.origin() != AppendOrigin.CLIENT || partitions.isAnnounced(partition);
    }

    private Map<TopicPartition, AppendResult> appendAtOnce(AppendCommand command) {
        Map<TopicPartition, AppendResult> results = new HashMap<>();
        command.records()
                .forEach((partition, records) -> results.put(partition, tryAppend(command, partition, records, null)));
        return results;
    }

    private CompletableFuture<Map<TopicPartition, AppendResult>> appendToAll(AppendCommand command) {
        WaitingProduce waiting = new WaitingProduce(command.records().size());
        command.records().forEach((partition, records) -> {
            AppendResult result = tryAppend(command, partition, records, waiting);
            if (result.error() != Errors.NONE) {
                waiting.settle(partition, result);
            }
        });
        if (waiting.seal()) {
            timeouts.add(waiting, command.timeoutMs());
            if (waiting.future().isDone()) {
                waiting.cancelTimeout();
            }
        }
        return waiting.future();
    }

    /** @param waiting the request to wait in, null unless acks=all */
    private AppendResult tryAppend(
            AppendCommand command, TopicPartition name, MemoryRecords records, WaitingProduce waiting) {
        AppendResult result = append(command, name, records, waiting);
        if (command.origin() == AppendOrigin.CLIENT) {
            firstBatches.answered(name, records, result.error());
        }
        return result;
    }

    private AppendResult append(
            AppendCommand command, TopicPartition name, MemoryRecords records, WaitingProduce waiting) {
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
            return success(partition.append(records, command.origin(), command.guard(name), waiter, order));
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
