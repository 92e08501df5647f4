// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.PartitionView;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.VerificationGuard;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;

/** The partitions' logs as the replica manager keeps them. */
public final class ReplicatedLog implements CoordinatorLog {
    private static final int NO_TIMEOUT_MS = Integer.MAX_VALUE;

    private final ReplicaManager replicas;
    private final ToIntFunction<String> maxMessageBytes;

    /** @param maxMessageBytes a topic's {@code max.message.bytes} as of now */
    public ReplicatedLog(ReplicaManager replicas, ToIntFunction<String> maxMessageBytes) {
        this.replicas = replicas;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public CompletionStage<Long> append(TopicPartition partition, int leaderEpoch, MemoryRecords batch) {
        return append(partition, leaderEpoch, batch, VerificationGuard.NOT_REQUIRED);
    }

    @Override
    public CompletionStage<Long> append(
            TopicPartition partition, int leaderEpoch, MemoryRecords batch, VerificationGuard guard) {
        checkLeadership(partition, leaderEpoch);
        CompletableFuture<Map<TopicPartition, AppendResult>> answer =
                replicas.append(AppendCommand.byCoordinator(partition, batch, NO_TIMEOUT_MS, guard));
        if (answer.isDone()) {
            AppendResult result = answer.join().get(partition);
            if (result.error() != Errors.NONE && result.baseOffset() < 0) {
                throw result.error().exception(result.errorMessage());
            }
        }
        return answer.thenApply(results -> lastOffset(results.get(partition)));
    }

    private static Long lastOffset(AppendResult result) {
        if (result.error() != Errors.NONE) {
            throw result.error().exception(result.errorMessage());
        }
        return result.lastOffset();
    }

    @Override
    public LogRead read(TopicPartition partition, int leaderEpoch, long fromOffset, int maxBytes) {
        PartitionView view = checkLeadership(partition, leaderEpoch);
        long from = Math.max(fromOffset, view.logStartOffset());
        FetchResult result = replicas.readLocal(partition, from, maxBytes, FetchIsolation.LOG_END);
        if (result.error() != Errors.NONE) {
            throw result.error().exception();
        }
        try {
            MemoryRecords records = result.records().toMemoryRecords();
            return new LogRead(records, checkLeadership(partition, leaderEpoch).logEndOffset());
        } catch (IOException e) {
            throw new KafkaStorageException("Could not read " + partition + " at " + from, e);
        }
    }

    @Override
    public int maxBatchSize(TopicPartition partition) {
        return maxMessageBytes.applyAsInt(partition.topic());
    }

    private PartitionView checkLeadership(TopicPartition partition, int leaderEpoch) {
        PartitionView view = replicas.partition(partition).orElse(null);
        if (view == null || !view.isLeader() || view.leaderEpoch() != leaderEpoch) {
            int epoch = view == null ? RecordBatch.NO_PARTITION_LEADER_EPOCH : view.leaderEpoch();
            throw new NotLeaderOrFollowerException(
                    partition + " is not led here under epoch " + leaderEpoch + " but " + epoch);
        }
        return view;
    }
}
