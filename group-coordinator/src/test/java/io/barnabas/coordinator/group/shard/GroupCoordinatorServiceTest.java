// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.runtime.CoordinatorEnvironment;
import io.barnabas.coordinator.runtime.FakeLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The coordinator on real threads, over one partition's log in memory. */
class GroupCoordinatorServiceTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);

    private final FakeLog log = new FakeLog();
    private volatile boolean mayAnswer = true;
    private final ExecutorService loops = Executors.newFixedThreadPool(2);
    private final ExecutorService loaders = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final GroupCoordinatorService coordinator = new GroupCoordinatorService(
            withoutInitialDelay(),
            new CoordinatorEnvironment(
                    log,
                    () -> 1,
                    loops,
                    loaders,
                    CoordinatorEnvironment.Scheduler.of(timer),
                    () -> mayAnswer,
                    () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                    InstantSource.system(),
                    EventSink.NONE),
            UUID::randomUUID);

    private static GroupConfig withoutInitialDelay() {
        GroupConfig defaults = GroupConfig.DEFAULTS;
        return new GroupConfig(
                defaults.minSessionTimeoutMs(),
                defaults.maxSessionTimeoutMs(),
                defaults.maxSize(),
                0,
                defaults.offsetMetadataMaxBytes(),
                defaults.offsetsLoadBufferSize(),
                defaults.offsetsRetentionMs(),
                defaults.offsetsRetentionCheckIntervalMs(),
                defaults.offsetsTopicPartitions(),
                defaults.offsetsTopicSegmentBytes(),
                defaults.offsetsTopicReplicationFactor(),
                defaults.offsetsTopicCompression(),
                defaults.offsetCommitTimeoutMs(),
                defaults.recordVersions());
    }

    @AfterEach
    void stop() {
        coordinator.close();
        loops.shutdown();
        loaders.shutdown();
        timer.shutdownNow();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private CompletionStage<JoinGroup.Result> join(String memberId) {
        return coordinator.joinGroup(new JoinGroup.Request(
                "g",
                memberId,
                null,
                true,
                true,
                "client",
                "/127.0.0.1",
                10_000,
                10_000,
                "consumer",
                List.of(new JoinGroup.Protocol("range", Bytes.wrap(new byte[0]))),
                null));
    }

    private void lead(int leaderEpoch) {
        coordinator.onElection(0, leaderEpoch);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> await(coordinator.describeGroup("g")).error() == Errors.NONE);
    }

    @Test
    void aGroupLivesFromItsFirstJoinToItsDeletion() {
        log.autoCommit();
        lead(1);

        JoinGroup.Result first = await(join(""));
        assertThat(first.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        JoinGroup.Result joined = await(join(first.memberId()));
        assertThat(joined.error()).isEqualTo(Errors.NONE);
        assertThat(joined.leaderId()).isEqualTo(first.memberId());
        Bytes assignment = Bytes.wrap(new byte[] {1, 2});
        SyncGroup.Result synced = await(coordinator.syncGroup(new SyncGroup.Request(
                "g",
                joined.generationId(),
                joined.memberId(),
                null,
                "consumer",
                "range",
                Map.of(joined.memberId(), assignment))));
        assertThat(synced.assignment()).isEqualTo(assignment);
        CommittedOffset offset = new CommittedOffset(42, 3, "meta", 1, CommittedOffset.NO_EXPIRY);
        assertThat(await(coordinator.commitOffsets(new OffsetCommit(
                        "g", joined.memberId(), null, joined.generationId(), Map.of(ORDERS_0, offset)))))
                .containsExactly(Map.entry(ORDERS_0, Errors.NONE));
        assertThat(await(coordinator.heartbeat(new Heartbeat("g", joined.generationId(), joined.memberId(), null))))
                .isEqualTo(Errors.NONE);
        assertThat(await(coordinator.listGroups(Set.of("stable"), Set.of("Classic")))
                        .groups())
                .hasSize(1);
        assertThat(await(coordinator.listGroups(Set.of(), Set.of("consumer"))).groups())
                .isEmpty();

        // The partition moves away and comes back.
        coordinator.onResignation(0, OptionalInt.of(2));
        assertThat(await(join(joined.memberId())).error()).isEqualTo(Errors.NOT_COORDINATOR);
        lead(3);
        assertThat(await(coordinator.fetchOffsets(new OffsetFetch.Request("g", true, Optional.of(List.of(ORDERS_0)))))
                        .offsets())
                .containsExactly(Map.entry(ORDERS_0, new OffsetFetch.FetchedOffset(42, 3, "meta", Errors.NONE)));

        LeaveGroup.Result left = await(coordinator.leaveGroup(
                new LeaveGroup.Request("g", List.of(new LeaveGroup.LeavingMember(joined.memberId(), null, null)))));
        assertThat(left.members()).extracting(LeaveGroup.LeftMember::error).containsExactly(Errors.NONE);
        assertThat(await(coordinator.deleteGroups(List.of("g", "unknown"))))
                .containsExactly(Map.entry("g", Errors.NONE), Map.entry("unknown", Errors.GROUP_ID_NOT_FOUND));
        assertThat(await(coordinator.describeGroup("g")).state()).isEqualTo("Dead");
    }

    @Test
    void whoWaitsWhenTheBrokerStopsIsTold() {
        lead(1);
        CompletionStage<Map<TopicPartition, Errors>> commit = coordinator.commitOffsets(
                new OffsetCommit("g", "", null, -1, Map.of(ORDERS_0, new CommittedOffset(1, -1, "", 1, -1))));

        coordinator.close();

        assertThat(await(commit)).containsExactly(Map.entry(ORDERS_0, Errors.COORDINATOR_NOT_AVAILABLE));
        assertThat(await(coordinator.listGroups(Set.of(), Set.of())).error())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void groupsWithoutANameMayOnlyKeepOffsets() {
        log.autoCommit();
        lead(1);

        assertThat(await(coordinator.heartbeat(new Heartbeat("", 1, "m", null))))
                .isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(await(coordinator.commitOffsets(
                        new OffsetCommit("", "", null, -1, Map.of(ORDERS_0, new CommittedOffset(1, -1, "", 1, -1))))))
                .containsExactly(Map.entry(ORDERS_0, Errors.NONE));
    }

    @Test
    void offsetsOfDeletedTopicsAreForgotten() {
        log.autoCommit();
        lead(1);
        await(coordinator.commitOffsets(
                new OffsetCommit("g", "", null, -1, Map.of(ORDERS_0, new CommittedOffset(1, -1, "", 1, -1)))));

        // told by the broker itself, so it counts even while requests do not
        mayAnswer = false;
        coordinator.onPartitionsDeleted(List.of(ORDERS_0));
        assertThat(await(coordinator.fetchOffsets(new OffsetFetch.Request("g", false, Optional.empty())))
                        .error())
                .isEqualTo(Errors.NOT_COORDINATOR);
        mayAnswer = true;

        assertThat(await(coordinator.fetchOffsets(new OffsetFetch.Request("g", false, Optional.empty())))
                        .offsets())
                .isEmpty();
    }

    @Test
    void membersAreNotDisturbedWhileTheCoordinatorLoads() {
        log.failReads(Errors.KAFKA_STORAGE_ERROR.exception());
        coordinator.onElection(0, 1);

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> await(coordinator.heartbeat(new Heartbeat("g", 1, "m", null))) == Errors.NONE);
        assertThat(await(coordinator.syncGroup(new SyncGroup.Request("g", 1, "m", null, null, null, Map.of())))
                        .error())
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(await(join("")).error()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(await(coordinator.listGroups(Set.of(), Set.of())).error())
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void theSamePartitionAsKafkaIsAskedForAGroup() {
        GroupCoordinatorService fifty = new GroupCoordinatorService(
                GroupConfig.DEFAULTS,
                new CoordinatorEnvironment(
                        log,
                        () -> 50,
                        loops,
                        loaders,
                        CoordinatorEnvironment.Scheduler.of(timer),
                        () -> true,
                        () -> 0,
                        InstantSource.system(),
                        EventSink.NONE),
                UUID::randomUUID);

        assertThat(fifty.partitionFor("my-group")).isEqualTo(12);
        // A hash code of Integer.MIN_VALUE has no absolute value.
        assertThat(fifty.partitionFor("polygenelubricants")).isZero();
    }
}
