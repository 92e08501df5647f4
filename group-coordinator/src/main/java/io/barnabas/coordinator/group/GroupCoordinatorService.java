// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.group.GroupListing.ListedGroup;
import io.barnabas.coordinator.runtime.CoordinatorLeadership;
import io.barnabas.coordinator.runtime.CoordinatorRuntime;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.PartitionLog;
import io.barnabas.coordinator.runtime.RuntimeConfig;
import io.barnabas.coordinator.runtime.ShardCommand;
import io.barnabas.coordinator.runtime.ShardEnvironment;
import io.barnabas.replica.LeadershipListener;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** The group coordinator: hands each request to the loop of its group's partition. Keeps no state of its own. */
public final class GroupCoordinatorService implements GroupCoordinator {
    private final IntSupplier partitionCount;
    private final CoordinatorRuntime<GroupShard> runtime;
    private volatile boolean closed;

    /**
     * What the coordinator runs on.
     *
     * @param log the replicated log of {@code __consumer_offsets}
     * @param partitionCount how many partitions {@code __consumer_offsets} has, or is to have
     * @param loops runs the loops' turns; must not be used for what blocks
     * @param loaders reads logs; its size is how many partitions load at once
     * @param timer wakes loops up
     * @param mayAnswer whether requests may be answered, see {@link ShardEnvironment}
     * @param monotonicMs a clock that never goes back, for time-outs
     * @param wallClock for what is written down
     * @param ids where new members get their ids from
     */
    public record Environment(
            PartitionLog log,
            IntSupplier partitionCount,
            Executor loops,
            Executor loaders,
            ShardEnvironment.Timer timer,
            BooleanSupplier mayAnswer,
            LongSupplier monotonicMs,
            InstantSource wallClock,
            Supplier<UUID> ids) {}

    public GroupCoordinatorService(GroupConfig config, Environment environment) {
        this.partitionCount = environment.partitionCount();
        RuntimeConfig runtimeConfig = new RuntimeConfig(
                RuntimeConfig.DEFAULT_MAILBOX_CAPACITY,
                RuntimeConfig.DEFAULT_TURN_SIZE,
                config.offsetsLoadBufferSize(),
                RuntimeConfig.DEFAULT_LOAD_RETRY_BACKOFF_MS,
                config.offsetCommitTimeoutMs(),
                config.offsetsTopicCompression());
        this.runtime = new CoordinatorRuntime<>(
                Topic.GROUP_METADATA_TOPIC_NAME,
                new ShardEnvironment<>(
                        environment.log(),
                        partition -> new GroupShard(config, environment.wallClock(), environment.ids()),
                        runtimeConfig,
                        environment.loops(),
                        environment.loaders(),
                        environment.timer(),
                        environment.mayAnswer(),
                        environment.monotonicMs(),
                        environment.wallClock()));
    }

    /** Hears from the replica manager which partitions of {@code __consumer_offsets} are led here. */
    public LeadershipListener leadershipListener() {
        return new CoordinatorLeadership(Topic.GROUP_METADATA_TOPIC_NAME, runtime);
    }

    @Override
    public int partitionFor(String groupId) {
        return Utils.abs(groupId.hashCode()) % partitionCount.getAsInt();
    }

    @Override
    public CompletionStage<JoinGroup.Result> joinGroup(JoinGroup.Request request) {
        Function<Errors, JoinGroup.Result> failed = error -> JoinGroup.Result.failed(request.memberId(), error);
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(
                request.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.join(request, answer, nowMs, outbox));
    }

    @Override
    public CompletionStage<SyncGroup.Result> syncGroup(SyncGroup.Request request) {
        if (isNotAName(request.groupId())) {
            return done(SyncGroup.Result.failed(Errors.INVALID_GROUP_ID));
        }
        // Whatever rebalance there was is lost: the member shall join again, here. Old clients know no other way.
        Function<Errors, SyncGroup.Result> failed = error -> SyncGroup.Result.failed(
                error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.REBALANCE_IN_PROGRESS : error);
        return ask(
                request.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.sync(request, answer, nowMs, outbox));
    }

    @Override
    public CompletionStage<Errors> heartbeat(Heartbeat heartbeat) {
        if (isNotAName(heartbeat.groupId())) {
            return done(Errors.INVALID_GROUP_ID);
        }
        // While loading nobody can be told apart, so everybody is alive.
        Function<Errors, Errors> failed = error -> error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error;
        return ask(
                heartbeat.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.heartbeat(heartbeat, answer, nowMs, outbox));
    }

    @Override
    public CompletionStage<LeaveGroup.Result> leaveGroup(LeaveGroup.Request request) {
        Function<Errors, LeaveGroup.Result> failed = error -> new LeaveGroup.Result(error, List.of());
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(
                request.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.leave(request, answer, nowMs, outbox));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Errors>> commitOffsets(OffsetCommit commit) {
        return ask(
                commit.groupId(),
                error -> OffsetDecider.all(commit.offsets().keySet(), error),
                (shard, answer, nowMs, outbox) -> shard.commit(commit, answer, nowMs, outbox));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Errors>> commitTransactionalOffsets(TxnOffsetCommit commit) {
        OffsetCommit offsets = commit.commit();
        Function<Errors, Map<TopicPartition, Errors>> failed =
                error -> OffsetDecider.all(offsets.offsets().keySet(), error);
        if (isNotAName(offsets.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(
                offsets.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.commitTransactional(commit, answer, outbox));
    }

    @Override
    public CompletionStage<Void> completeTransaction(long producerId, Collection<Integer> partitions, boolean commit) {
        CompletableFuture<?>[] all = partitions.stream()
                .map(partition -> completeTransaction(producerId, partition, commit))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all);
    }

    private CompletableFuture<Void> completeTransaction(long producerId, int partition, boolean commit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        runtime.submit(partition, new ShardCommand<>() {
            @Override
            public void execute(GroupShard shard, long nowMs, Outbox outbox) {
                shard.replayEndTransaction(producerId, commit);
                outbox.answer(done::complete, null);
            }

            @Override
            public void reject(Errors error) {
                done.completeExceptionally(error.exception());
            }

            @Override
            public boolean waitsForLoading() {
                return true;
            }

            @Override
            public boolean mustBeTaken() {
                return true;
            }
        });
        return done;
    }

    @Override
    public CompletionStage<OffsetFetch.Result> fetchOffsets(OffsetFetch.Request request) {
        return ask(
                request.groupId(),
                OffsetFetch.Result::failed,
                (shard, answer, nowMs, outbox) -> outbox.answer(answer, shard.fetch(request)));
    }

    @Override
    public CompletionStage<OffsetDelete.Result> deleteOffsets(OffsetDelete.Request request) {
        Function<Errors, OffsetDelete.Result> failed = error -> new OffsetDelete.Result(error, Map.of());
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(
                request.groupId(),
                failed,
                (shard, answer, nowMs, outbox) -> shard.deleteOffsets(request, answer, outbox));
    }

    @Override
    public CompletionStage<GroupDescription> describeGroup(String groupId) {
        return ask(
                groupId,
                error -> GroupDescription.failed(groupId, error),
                (shard, answer, nowMs, outbox) -> outbox.answer(answer, shard.describe(groupId)));
    }

    @Override
    public CompletionStage<GroupListing> listGroups(Set<String> states, Set<String> types) {
        if (closed) {
            return done(new GroupListing(Errors.COORDINATOR_NOT_AVAILABLE, List.of()));
        }
        Errors error = runtime.isLoading() ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NONE;
        boolean noneOfType = !types.isEmpty() && types.stream().noneMatch(GroupListing.CLASSIC::equalsIgnoreCase);
        if (noneOfType) {
            return done(new GroupListing(error, List.of()));
        }
        Set<String> lowerCaseStates =
                states.stream().map(state -> state.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        List<CompletableFuture<List<ListedGroup>>> parts = new ArrayList<>();
        for (int partition : runtime.activePartitions()) {
            // A shard that is unloaded just now has no groups.
            parts.add(ask(
                    partition,
                    rejection -> List.<ListedGroup>of(),
                    (shard, answer, nowMs, outbox) -> outbox.answer(answer, shard.list(lowerCaseStates))));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    List<ListedGroup> groups = new ArrayList<>();
                    parts.forEach(part -> groups.addAll(part.join()));
                    return new GroupListing(error, groups);
                });
    }

    @Override
    public CompletionStage<Map<String, Errors>> deleteGroups(List<String> groupIds) {
        Map<String, CompletableFuture<Errors>> parts = new LinkedHashMap<>();
        for (String groupId : groupIds) {
            parts.computeIfAbsent(
                    groupId,
                    id -> ask(
                            id,
                            error -> error,
                            (shard, answer, nowMs, outbox) -> shard.deleteGroup(id, answer, outbox)));
        }
        return CompletableFuture.allOf(parts.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    Map<String, Errors> results = new LinkedHashMap<>();
                    parts.forEach((groupId, error) -> results.put(groupId, error.join()));
                    return results;
                });
    }

    @Override
    public void onPartitionsDeleted(Collection<TopicPartition> partitions) {
        List<TopicPartition> deleted = List.copyOf(partitions);
        for (int partition : runtime.activePartitions()) {
            runtime.submit(partition, new ShardCommand<>() {
                @Override
                public void execute(GroupShard shard, long nowMs, Outbox outbox) {
                    shard.forgetPartitions(deleted, outbox);
                }

                @Override
                public void reject(Errors error) {
                    // no longer the coordinator; whoever is hears of it too
                }

                @Override
                public boolean mustBeTaken() {
                    return true;
                }
            });
        }
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

    /** What is asked of a shard. */
    @FunctionalInterface
    private interface Question<T> {
        void ask(GroupShard shard, Consumer<T> answer, long nowMs, Outbox outbox);
    }

    private <T> CompletableFuture<T> ask(String groupId, Function<Errors, T> onError, Question<T> question) {
        if (groupId == null) {
            return done(onError.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(partitionFor(groupId), onError, question);
    }

    private <T> CompletableFuture<T> ask(int partition, Function<Errors, T> onError, Question<T> question) {
        CompletableFuture<T> future = new CompletableFuture<>();
        runtime.submit(partition, new ShardCommand<>() {
            @Override
            public void execute(GroupShard shard, long nowMs, Outbox outbox) {
                question.ask(shard, future::complete, nowMs, outbox);
            }

            @Override
            public void reject(Errors error) {
                future.complete(onError.apply(error));
            }
        });
        return future;
    }

    private static <T> CompletableFuture<T> done(T result) {
        return CompletableFuture.completedFuture(result);
    }

    /** All APIs but those on offsets and for administrators need a group with a name. */
    private static boolean isNotAName(String groupId) {
        return groupId == null || groupId.isEmpty();
    }
}
