// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.DeleteRecordsResult;
import io.barnabas.replica.EpochEndResult;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.LeadershipListener;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.PartitionView;
import io.barnabas.replica.ProducersResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.VerificationGuard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** Answers everything with one error, and remembers what it was asked. */
public final class FakeReplicas implements ReplicaManager {
    public Errors error = Errors.NONE;
    public FileSlice records = FileSlice.EMPTY;
    public LogConfig config = LogConfig.builder().build();
    public AppendCommand appended;
    public FetchCommand fetched;
    public Map<Uuid, String> ordered = new HashMap<>();
    public VerificationGuard guard = VerificationGuard.NONE;

    @Override
    public CompletableFuture<Map<TopicPartition, AppendResult>> append(AppendCommand command) {
        appended = command;
        Map<TopicPartition, AppendResult> results = new HashMap<>();
        command.records()
                .keySet()
                .forEach(name -> results.put(
                        name,
                        error == Errors.NONE
                                ? new AppendResult(Errors.NONE, null, 42, 43, -1, 3, List.of())
                                : AppendResult.failed(error)));
        return CompletableFuture.completedFuture(results);
    }

    @Override
    public VerificationGuard startVerification(
            TopicPartition partition, long producerId, short producerEpoch, int sequence) {
        if (error != Errors.NONE) {
            throw error.exception();
        }
        return guard;
    }

    @Override
    public CompletableFuture<List<FetchResult>> fetch(FetchCommand command, ScheduledExecutorService reader) {
        fetched = command;
        List<FetchResult> results = new ArrayList<>();
        command.partitions().forEach(asked -> results.add(result(asked)));
        return CompletableFuture.completedFuture(results);
    }

    private FetchResult result(FetchCommand.Partition asked) {
        return error == Errors.NONE
                ? new FetchResult(asked.topicIdPartition(), Errors.NONE, 9, 8, 3, records, Optional.empty(), null, -1)
                : FetchResult.failed(asked.topicIdPartition(), error);
    }

    @Override
    public FetchResult readLocal(TopicPartition partition, long offset, int maxBytes, FetchIsolation isolation) {
        throw new IllegalStateException("handlers do not read for coordinators");
    }

    @Override
    public CompletableFuture<OffsetResult> listOffsets(TopicPartition partition, OffsetQuery query) {
        return CompletableFuture.completedFuture(
                error == Errors.NONE ? new OffsetResult(error, 7, 6, 5) : OffsetResult.failed(error));
    }

    @Override
    public List<Long> legacyOffsetsBefore(TopicPartition partition, OffsetQuery query, int maxOffsets) {
        if (error != Errors.NONE) {
            throw error.exception();
        }
        return List.of(6L, 0L);
    }

    @Override
    public EpochEndResult endOffsetForEpoch(TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
        return new EpochEndResult(error, 4, 11);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> deleteRecords(
            int timeoutMs, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, DeleteRecordsResult> results = new HashMap<>();
        offsets.forEach((name, offset) -> results.put(name, new DeleteRecordsResult(error, offset)));
        return CompletableFuture.completedFuture(results);
    }

    @Override
    public ProducersResult describeProducers(TopicPartition partition) {
        return new ProducersResult(error, List.of());
    }

    @Override
    public Optional<PartitionView> partition(TopicPartition partition) {
        return Optional.empty();
    }

    @Override
    public Optional<LogConfig> logConfig(TopicPartition partition) {
        return Optional.of(config);
    }

    @Override
    public Optional<String> topicNameInOrders(Uuid topicId) {
        return Optional.ofNullable(ordered.get(topicId));
    }

    @Override
    public boolean isOrdered(TopicPartition partition) {
        return ordered.containsValue(partition.topic());
    }

    @Override
    public Errors leaderError(TopicPartition partition) {
        return error;
    }

    @Override
    public Collection<TopicPartition> onlinePartitions() {
        return List.of();
    }

    @Override
    public void addLeadershipListener(LeadershipListener listener) {}
}
