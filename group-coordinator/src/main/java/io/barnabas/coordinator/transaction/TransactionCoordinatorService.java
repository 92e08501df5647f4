// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.CoordinatorEnvironment;
import io.barnabas.coordinator.runtime.CoordinatorLeadership;
import io.barnabas.coordinator.runtime.CoordinatorRuntime;
import io.barnabas.coordinator.runtime.CoordinatorRuntime.Question;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RuntimeConfig;
import io.barnabas.coordinator.runtime.ShardCommand;
import io.barnabas.coordinator.runtime.ShardSetup;
import io.barnabas.coordinator.transaction.Completions.Completion;
import io.barnabas.coordinator.transaction.TransactionListing.ListedTransaction;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import io.barnabas.replica.LeadershipListener;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;

/** The transaction coordinator: hands each request to the loop of its id's partition. Keeps no state of its own. */
public final class TransactionCoordinatorService implements TransactionCoordinator {
    private final TransactionConfig config;
    private final InstantSource wallClock;
    private final Supplier<OptionalLong> producerIds;
    private final TransactionMarkers markers;
    private final CoordinatorRuntime<TransactionRecord, TransactionShard> runtime;
    private volatile boolean closed;

    /**
     * A coordinator without partitions: {@link #leadershipListener} hears of those led here.
     *
     * @param producerIds a producer id nobody had before; empty if there is none for the moment. Called on the loops
     * @param markers writes the markers
     */
    public TransactionCoordinatorService(
            TransactionConfig config,
            CoordinatorEnvironment environment,
            Supplier<OptionalLong> producerIds,
            TransactionMarkers markers) {
        this.config = config;
        this.wallClock = environment.wallClock();
        this.producerIds = producerIds;
        this.markers = markers;
        RuntimeConfig runtimeConfig = new RuntimeConfig(
                RuntimeConfig.DEFAULT_MAILBOX_CAPACITY,
                RuntimeConfig.DEFAULT_TURN_SIZE,
                config.loadBufferBytes(),
                RuntimeConfig.DEFAULT_LOAD_RETRY_BACKOFF_MS,
                config.appendTimeoutMs(),
                CompressionType.NONE);
        this.runtime = new CoordinatorRuntime<>(
                new ShardSetup<>(
                        Topic.TRANSACTION_STATE_TOPIC_NAME, new TransactionRecordCodec(), this::shard, runtimeConfig),
                environment);
    }

    private TransactionShard shard(int partition) {
        return new TransactionShard(
                config,
                wallClock,
                producerIds,
                (marker, shard, completion) -> send(partition, marker, shard, completion));
    }

    private void send(int partition, Marker marker, TransactionShard asking, Completion completion) {
        markers.write(
                marker,
                errors -> runtime.submit(partition, new ShardCommand<>() {
                    @Override
                    public Decision<TransactionRecord> execute(TransactionShard shard, long nowMs) {
                        // A successor of the shard that asked sends markers of its own.
                        return shard == asking ? shard.markersAnswered(completion, errors, nowMs) : Decision.nothing();
                    }

                    @Override
                    public void reject(Errors error) {
                        // The shard that asked is gone.
                    }

                    @Override
                    public boolean mustBeTaken() {
                        return true;
                    }
                }));
    }

    /** Hears from the replica manager which partitions of {@code __transaction_state} are led here. */
    public LeadershipListener leadershipListener() {
        return new CoordinatorLeadership(runtime);
    }

    @Override
    public int partitionFor(String transactionalId) {
        return runtime.partitionFor(transactionalId);
    }

    @Override
    public CompletionStage<InitProducerId.Result> initProducerId(InitProducerId.Request request) {
        if (isNotAName(request.transactionalId())) {
            return done(InitProducerId.Result.failed(Errors.INVALID_REQUEST));
        }
        if (request.timeoutMs() <= 0 || request.timeoutMs() > config.maxTimeoutMs()) {
            return done(InitProducerId.Result.failed(Errors.INVALID_TRANSACTION_TIMEOUT));
        }
        return ask(
                request.transactionalId(),
                InitProducerId.Result::failed,
                (shard, answer, nowMs) -> shard.initProducerId(request, answer));
    }

    @Override
    public CompletionStage<Errors> addPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> partitions) {
        if (isNotAName(transactionalId)) {
            return done(Errors.INVALID_REQUEST);
        }
        return ask(
                transactionalId,
                Function.identity(),
                (shard, answer, nowMs) ->
                        shard.addPartitions(transactionalId, producerId, producerEpoch, partitions, answer, nowMs));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Errors>> verifyPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> partitions) {
        if (isNotAName(transactionalId)) {
            return done(all(partitions, Errors.INVALID_REQUEST));
        }
        return ask(
                transactionalId,
                error -> all(partitions, error),
                (shard, answer, nowMs) -> Decision.answering(
                        answer, shard.verifyPartitions(transactionalId, producerId, producerEpoch, partitions)));
    }

    private static Map<TopicPartition, Errors> all(Set<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        partitions.forEach(partition -> answers.put(partition, error));
        return answers;
    }

    @Override
    public CompletionStage<Errors> endTransaction(
            String transactionalId, long producerId, short producerEpoch, boolean commit) {
        if (isNotAName(transactionalId)) {
            return done(Errors.INVALID_REQUEST);
        }
        return ask(
                transactionalId,
                Function.identity(),
                (shard, answer, nowMs) -> shard.end(transactionalId, producerId, producerEpoch, commit, answer));
    }

    @Override
    public CompletionStage<TransactionDescription> describeTransaction(String transactionalId) {
        if (isNotAName(transactionalId)) {
            return done(TransactionDescription.failed(transactionalId, Errors.INVALID_REQUEST));
        }
        return ask(
                transactionalId,
                error -> TransactionDescription.failed(transactionalId, error),
                (shard, answer, nowMs) -> Decision.answering(answer, shard.describe(transactionalId)));
    }

    @Override
    public CompletionStage<TransactionListing> listTransactions(TransactionListing.Filter filter) {
        if (closed) {
            return done(new TransactionListing(Errors.COORDINATOR_NOT_AVAILABLE, Set.of(), List.of()));
        }
        if (runtime.isLoading()) {
            return done(new TransactionListing(Errors.COORDINATOR_LOAD_IN_PROGRESS, Set.of(), List.of()));
        }
        Set<String> unknown = filter.states().stream()
                .filter(name -> TransactionState.named(name).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        long wallMs = wallClock.millis();
        return runtime.<ListedTransaction>askAll(
                        (shard, answer, nowMs) -> Decision.answering(answer, shard.list(filter, wallMs)))
                .thenApply(listed -> new TransactionListing(Errors.NONE, unknown, listed));
    }

    @Override
    public void onElection(int partition, int leaderEpoch) {
        runtime.onElection(partition, leaderEpoch);
    }

    @Override
    public void onResignation(int partition, OptionalInt leaderEpoch) {
        runtime.onResignation(partition, leaderEpoch);
    }

    @Override
    public void close() {
        closed = true;
        runtime.close();
    }

    private <T> CompletableFuture<T> ask(
            String transactionalId,
            Function<Errors, T> onError,
            Question<TransactionRecord, TransactionShard, T> question) {
        return runtime.ask(partitionFor(transactionalId), onError, question);
    }

    private static <T> CompletableFuture<T> done(T result) {
        return CompletableFuture.completedFuture(result);
    }

    private static boolean isNotAName(String transactionalId) {
        return transactionalId == null || transactionalId.isEmpty();
    }
}
