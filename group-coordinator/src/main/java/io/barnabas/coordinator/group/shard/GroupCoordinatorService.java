// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.GroupDescription;
import io.barnabas.coordinator.group.GroupListing;
import io.barnabas.coordinator.group.GroupListing.ListedGroup;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetDelete;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.TxnOffsetCommit;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecordCodec;
import io.barnabas.coordinator.runtime.CoordinatorEnvironment;
import io.barnabas.coordinator.runtime.CoordinatorLeadership;
import io.barnabas.coordinator.runtime.CoordinatorRuntime;
import io.barnabas.coordinator.runtime.CoordinatorRuntime.Question;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RuntimeConfig;
import io.barnabas.coordinator.runtime.ShardCommand;
import io.barnabas.coordinator.runtime.ShardSetup;
import io.barnabas.replica.LeadershipListener;
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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** The group coordinator: hands each request to the loop of its group's partition. Keeps no state of its own. */
public final class GroupCoordinatorService implements GroupCoordinator {
    private final CoordinatorRuntime<GroupRecord, GroupShard> runtime;
    private volatile boolean closed;

    /**
     * A coordinator without partitions: {@link #leadershipListener} hears of those led here.
     *
     * @param ids where new members get their ids from; asked on the loops
     */
    public GroupCoordinatorService(GroupConfig config, CoordinatorEnvironment environment, Supplier<UUID> ids) {
        RuntimeConfig runtimeConfig = new RuntimeConfig(
                RuntimeConfig.DEFAULT_MAILBOX_CAPACITY,
                RuntimeConfig.DEFAULT_TURN_SIZE,
                config.offsetsLoadBufferSize(),
                RuntimeConfig.DEFAULT_LOAD_RETRY_BACKOFF_MS,
                config.offsetCommitTimeoutMs(),
                config.offsetsTopicCompression());
        this.runtime = new CoordinatorRuntime<>(
                new ShardSetup<>(
                        Topic.GROUP_METADATA_TOPIC_NAME,
                        new GroupRecordCodec(config.recordVersions()),
                        partition -> new GroupShard(config, environment.wallClock(), ids),
                        runtimeConfig),
                environment);
    }

    /** Hears from the replica manager which partitions of {@code __consumer_offsets} are led here. */
    public LeadershipListener leadershipListener() {
        return new CoordinatorLeadership(runtime);
    }

    @Override
    public int partitionFor(String groupId) {
        return runtime.partitionFor(groupId);
    }

    @Override
    public CompletionStage<JoinGroup.Result> joinGroup(JoinGroup.Request request) {
        Function<Errors, JoinGroup.Result> failed = error -> JoinGroup.Result.failed(request.memberId(), error);
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(request.groupId(), failed, (shard, answer, nowMs) -> shard.join(request, answer, nowMs));
    }

    @Override
    public CompletionStage<SyncGroup.Result> syncGroup(SyncGroup.Request request) {
        if (isNotAName(request.groupId())) {
            return done(SyncGroup.Result.failed(Errors.INVALID_GROUP_ID));
        }
        // Whatever rebalance there was is lost: the member shall join again, here. Old clients know no other way.
        Function<Errors, SyncGroup.Result> failed = error -> SyncGroup.Result.failed(
                error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.REBALANCE_IN_PROGRESS : error);
        return ask(request.groupId(), failed, (shard, answer, nowMs) -> shard.sync(request, answer, nowMs));
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
                (shard, answer, nowMs) -> Decision.answering(answer, shard.heartbeat(heartbeat, nowMs)));
    }

    @Override
    public CompletionStage<LeaveGroup.Result> leaveGroup(LeaveGroup.Request request) {
        Function<Errors, LeaveGroup.Result> failed = error -> new LeaveGroup.Result(error, List.of());
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(request.groupId(), failed, (shard, answer, nowMs) -> shard.leave(request, answer, nowMs));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Errors>> commitOffsets(OffsetCommit commit) {
        return ask(
                commit.groupId(),
                error -> OffsetDecider.all(commit.offsets().keySet(), error),
                (shard, answer, nowMs) -> shard.commit(commit, answer, nowMs));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Errors>> commitTransactionalOffsets(TxnOffsetCommit commit) {
        OffsetCommit offsets = commit.commit();
        Function<Errors, Map<TopicPartition, Errors>> failed =
                error -> OffsetDecider.all(offsets.offsets().keySet(), error);
        if (isNotAName(offsets.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(offsets.groupId(), failed, (shard, answer, nowMs) -> shard.commitTransactional(commit, answer));
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
            public Decision<GroupRecord> execute(GroupShard shard, long nowMs) {
                shard.replayEndTransaction(producerId, commit);
                return Decision.answering(done::complete, null);
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
                (shard, answer, nowMs) -> Decision.answering(answer, shard.fetch(request)));
    }

    @Override
    public CompletionStage<OffsetDelete.Result> deleteOffsets(OffsetDelete.Request request) {
        Function<Errors, OffsetDelete.Result> failed = error -> new OffsetDelete.Result(error, Map.of());
        if (isNotAName(request.groupId())) {
            return done(failed.apply(Errors.INVALID_GROUP_ID));
        }
        return ask(request.groupId(), failed, (shard, answer, nowMs) -> shard.deleteOffsets(request, answer));
    }

    @Override
    public CompletionStage<GroupDescription> describeGroup(String groupId) {
        return ask(
                groupId,
                error -> GroupDescription.failed(groupId, error),
                (shard, answer, nowMs) -> Decision.answering(answer, shard.describe(groupId)));
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
        return runtime.<ListedGroup>askAll(
                        (shard, answer, nowMs) -> Decision.answering(answer, shard.list(lowerCaseStates)))
                .thenApply(groups -> new GroupListing(error, groups));
    }

    @Override
    public CompletionStage<Map<String, Errors>> deleteGroups(List<String> groupIds) {
        Map<String, CompletableFuture<Errors>> parts = new LinkedHashMap<>();
        for (String groupId : groupIds) {
            parts.computeIfAbsent(
                    groupId, id -> ask(id, error -> error, (shard, answer, nowMs) -> shard.deleteGroup(id, answer)));
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
                public Decision<GroupRecord> execute(GroupShard shard, long nowMs) {
                    return shard.forgetPartitions(deleted);
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

    private <T> CompletableFuture<T> ask(
            String groupId, Function<Errors, T> onError, Question<GroupRecord, GroupShard, T> question) {
        return groupId == null
                ? done(onError.apply(Errors.INVALID_GROUP_ID))
                : runtime.ask(partitionFor(groupId), onError, question);
    }

    private static <T> CompletableFuture<T> done(T result) {
        return CompletableFuture.completedFuture(result);
    }

    /** All APIs but those on offsets and for administrators need a group with a name. */
    private static boolean isNotAName(String groupId) {
        return groupId == null || groupId.isEmpty();
    }
}
