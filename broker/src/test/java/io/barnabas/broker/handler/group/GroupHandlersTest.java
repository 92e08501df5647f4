// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.shard.GroupCoordinatorService;
import io.barnabas.coordinator.runtime.CoordinatorEnvironment;
import io.barnabas.coordinator.runtime.CoordinatorLog;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The handlers over a real coordinator that runs on the test's thread. Each answer is read back from its bytes. */
class GroupHandlersTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);
    private static final String LISTENER = "PLAINTEXT";

    private final List<Runnable> alarms = new ArrayList<>();
    private long now = 1_000_000;
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final List<String> created = new ArrayList<>();
    private final Map<TopicPartition, Long> inZooKeeper = new HashMap<>();
    private final GroupCoordinatorService coordinator = new GroupCoordinatorService(
            GroupConfig.DEFAULTS,
            new CoordinatorEnvironment(
                    new InstantLog(),
                    () -> 1,
                    work::add,
                    work::add,
                    (delayMs, task) -> alarms.add(task),
                    () -> true,
                    () -> now,
                    () -> Instant.ofEpochMilli(now),
                    EventSink.NONE),
            UUID::randomUUID);
    private ClusterImage image = image(Topic.GROUP_METADATA_TOPIC_NAME, "orders");
    private boolean staticMembership = true;

    /** Commits at once and keeps nothing. */
    private static final class InstantLog implements CoordinatorLog {
        private long nextOffset;

        @Override
        public CompletionStage<Long> append(TopicPartition partition, int leaderEpoch, MemoryRecords batch) {
            return CompletableFuture.completedFuture(nextOffset++);
        }

        @Override
        public LogRead read(TopicPartition partition, int leaderEpoch, long fromOffset, int maxBytes) {
            return new LogRead(MemoryRecords.EMPTY, 0);
        }

        @Override
        public int maxBatchSize(TopicPartition partition) {
            return 1024 * 1024;
        }
    }

    private final OffsetsInZooKeeper legacyOffsets = new OffsetsInZooKeeper() {
        @Override
        public CompletionStage<Void> commit(String groupId, TopicPartition partition, long offset) {
            inZooKeeper.put(partition, offset);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<OptionalLong> fetch(String groupId, TopicPartition partition) {
            Long offset = inZooKeeper.get(partition);
            return CompletableFuture.completedFuture(offset == null ? OptionalLong.empty() : OptionalLong.of(offset));
        }
    };

    private static ClusterImage image(String... topics) {
        LeaderAndIsr led = LeaderAndIsr.initial(1, List.of(1));
        Map<String, TopicImage> byName = new HashMap<>();
        for (String topic : topics) {
            byName.put(
                    topic,
                    new TopicImage(
                            topic, Uuid.randomUuid(), Map.of(0, new PartitionImage(0, 1, led, List.of(1), List.of()))));
        }
        BrokerInfo broker = new BrokerInfo(
                1,
                BrokerInfo.UNKNOWN_EPOCH,
                List.of(new Endpoint(LISTENER, SecurityProtocol.PLAINTEXT, "host-1", 9092)),
                Optional.empty());
        return new ClusterImage(OptionalInt.of(1), Map.of(1, broker), byName);
    }

    private void lead() {
        coordinator.onElection(0, 1);
        run();
    }

    private void run() {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    /** Answers a request, and reads the answer back from its bytes. */
    private <R extends AbstractResponse> R ask(ApiMessage data, short version, Class<R> type) {
        return type.cast(answerOf(send(data, version), ApiKeys.forId(data.apiKey()), version));
    }

    private CompletableFuture<? extends AbstractResponse> send(ApiMessage data, short version) {
        ApiKeys api = ApiKeys.forId(data.apiKey());
        AbstractRequest request = AbstractRequest.parseRequest(api, version, bytes(data, version)).request;
        CompletableFuture<? extends AbstractResponse> answer =
                handle(handler(api), request, context(api, version)).toCompletableFuture();
        run();
        return answer;
    }

    private AbstractResponse answerOf(
            CompletableFuture<? extends AbstractResponse> answer, ApiKeys api, short version) {
        assertThat(answer).isCompleted();
        return AbstractResponse.parseResponse(api, bytes(answer.join().data(), version), version);
    }

    @SuppressWarnings("unchecked")
    private static <Q extends AbstractRequest> CompletionStage<? extends AbstractResponse> handle(
            RequestHandler<?> handler, Q request, RequestContext context) {
        return ((RequestHandler<Q>) handler).handle(request, context);
    }

    private RequestHandler<?> handler(ApiKeys api) {
        return GroupHandlers.all(new GroupHandlers.Environment(
                        coordinator,
                        RequestServices.open(() -> image, () -> Instant.ofEpochMilli(now)),
                        created::add,
                        transactionalId -> 0,
                        legacyOffsets,
                        4096,
                        staticMembership))
                .stream()
                .filter(handler -> handler.api() == api)
                .findFirst()
                .orElseThrow();
    }

    private static RequestContext context(ApiKeys api, short version) {
        return new RequestContext(
                new RequestHeader(api, version, "client", 1),
                "127.0.0.1:9092-127.0.0.1:5000-0",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                ListenerName.normalised(LISTENER).value(),
                SecurityProtocol.PLAINTEXT,
                "test",
                "1",
                ImmediateEventExecutor.INSTANCE);
    }

    private static ByteBuffer bytes(Message message, short version) {
        return MessageUtil.toByteBuffer(message, version);
    }

    private static Stream<Short> versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion()).mapToObj(version -> (short) version);
    }

    static Stream<Short> findCoordinatorVersions() {
        return versions(ApiKeys.FIND_COORDINATOR);
    }

    static Stream<Short> joinVersions() {
        return versions(ApiKeys.JOIN_GROUP);
    }

    static Stream<Short> offsetVersions() {
        return versions(ApiKeys.OFFSET_COMMIT);
    }

    private static short atMost(short version, ApiKeys api) {
        return (short) Math.min(version, api.latestVersion());
    }

    private static JoinGroupRequestData join(String memberId, short version) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
        return new JoinGroupRequestData()
                .setGroupId("g")
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(version == 0 ? -1 : 60_000)
                .setProtocols(protocols);
    }

    /** Joins as the only member, the way the version wants it. */
    private JoinGroupResponse joinAlone(short version) {
        String memberId = "";
        if (version >= 4) {
            JoinGroupResponse first = ask(join("", version), version, JoinGroupResponse.class);
            assertThat(first.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
            memberId = first.data().memberId();
        }
        CompletableFuture<? extends AbstractResponse> answer = send(join(memberId, version), version);
        assertThat(answer).isNotDone();
        now += GroupConfig.DEFAULTS.initialRebalanceDelayMs();
        List.copyOf(alarms).forEach(Runnable::run);
        run();
        return (JoinGroupResponse) answerOf(answer, ApiKeys.JOIN_GROUP, version);
    }

    private static OffsetCommitRequestData commit(String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId("g")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("meta")))));
    }

    private static OffsetFetchRequestData fetch(short version) {
        if (version < 8) {
            return new OffsetFetchRequestData()
                    .setGroupId("g")
                    .setTopics(List.of(
                            new OffsetFetchRequestTopic().setName("orders").setPartitionIndexes(List.of(0, 1))));
        }
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId("g")
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(0, 1))))));
    }

    @ParameterizedTest
    @MethodSource("findCoordinatorVersions")
    void findsTheCoordinatorOfAGroup(short version) {
        FindCoordinatorRequestData data = new FindCoordinatorRequestData();
        FindCoordinatorResponse found = ask(
                version < 4 ? data.setKey("g") : data.setCoordinatorKeys(List.of("g", "h")),
                version,
                FindCoordinatorResponse.class);

        assertThat(found.coordinators()).hasSize(version < 4 ? 1 : 2).allSatisfy(coordinator -> {
            assertThat(coordinator.errorCode()).isZero();
            assertThat(coordinator.nodeId()).isEqualTo(1);
            assertThat(coordinator.host()).isEqualTo("host-1");
            assertThat(coordinator.port()).isEqualTo(9092);
        });
    }

    @Test
    void asksForTheTopicWhenItIsFirstNeeded() {
        image = image("orders");

        FindCoordinatorResponse group =
                ask(new FindCoordinatorRequestData().setKey("g"), (short) 3, FindCoordinatorResponse.class);
        FindCoordinatorResponse transaction = ask(
                new FindCoordinatorRequestData().setKeyType((byte) 1).setCoordinatorKeys(List.of("t")),
                (short) 4,
                FindCoordinatorResponse.class);

        assertThat(group.error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(transaction.coordinators().get(0).errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(created).containsExactly(Topic.GROUP_METADATA_TOPIC_NAME, Topic.TRANSACTION_STATE_TOPIC_NAME);
    }

    /** As Kafka answers where there is no coordinator of share groups. */
    @Test
    void aSharePartitionHasNoCoordinator() {
        FindCoordinatorRequestData share = new FindCoordinatorRequestData()
                .setKeyType((byte) 2)
                .setCoordinatorKeys(List.of("s:" + Uuid.randomUuid() + ":0"));

        assertThat(ask(share, (short) 6, FindCoordinatorResponse.class)
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(ask(share, (short) 5, FindCoordinatorResponse.class)
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void knowsNoOtherCoordinators() {
        FindCoordinatorRequestData share =
                new FindCoordinatorRequestData().setKeyType((byte) 2).setCoordinatorKeys(List.of("s"));
        FindCoordinatorRequestData unheardOf =
                new FindCoordinatorRequestData().setKeyType((byte) 9).setCoordinatorKeys(List.of("s"));

        assertThat(ask(share, (short) 6, FindCoordinatorResponse.class)
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThatThrownBy(() -> send(unheardOf, (short) 6)).isInstanceOf(InvalidRequestException.class);
    }

    @ParameterizedTest
    @MethodSource("joinVersions")
    void aMemberJoinsSyncsBeatsAndLeaves(short version) {
        lead();
        JoinGroupResponse joined = joinAlone(version);
        String memberId = joined.data().memberId();
        int generation = joined.data().generationId();
        assertThat(joined.error()).isEqualTo(Errors.NONE);
        assertThat(joined.isLeader()).isTrue();
        assertThat(joined.data().members()).hasSize(1);
        assertThat(joined.data().protocolName()).isEqualTo("range");

        short syncVersion = atMost(version, ApiKeys.SYNC_GROUP);
        SyncGroupRequestData sync = new SyncGroupRequestData()
                .setGroupId("g")
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setAssignments(List.of(
                        new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(new byte[] {7})));
        if (syncVersion >= 5) {
            assertThatThrownBy(() -> send(sync, syncVersion))
                    .isInstanceOf(Errors.INCONSISTENT_GROUP_PROTOCOL.exception().getClass());
            sync.setProtocolType("consumer").setProtocolName("range");
        }
        SyncGroupResponse synced = ask(sync, syncVersion, SyncGroupResponse.class);
        assertThat(synced.error()).isEqualTo(Errors.NONE);
        assertThat(synced.data().assignment()).containsExactly(7);

        HeartbeatRequestData heartbeat =
                new HeartbeatRequestData().setGroupId("g").setMemberId(memberId).setGenerationId(generation);
        short heartbeatVersion = atMost(version, ApiKeys.HEARTBEAT);
        assertThat(ask(heartbeat, heartbeatVersion, HeartbeatResponse.class).error())
                .isEqualTo(Errors.NONE);

        short leaveVersion = atMost(version, ApiKeys.LEAVE_GROUP);
        LeaveGroupRequestData leave = new LeaveGroupRequestData().setGroupId("g");
        LeaveGroupRequestData filled = leaveVersion < 3
                ? leave.setMemberId(memberId)
                : leave.setMembers(List.of(new MemberIdentity().setMemberId(memberId)));
        assertThat(ask(filled, leaveVersion, LeaveGroupResponse.class).error()).isEqualTo(Errors.NONE);
        assertThat(ask(filled, leaveVersion, LeaveGroupResponse.class).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(ask(heartbeat, heartbeatVersion, HeartbeatResponse.class).error())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void staticMembersAreRefusedWhileAnOldBrokerWouldForgetThem() {
        lead();
        staticMembership = false;

        assertThatThrownBy(() -> send(join("", (short) 9).setGroupInstanceId("i"), (short) 9))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @ParameterizedTest
    @MethodSource("offsetVersions")
    void whatIsCommittedIsFetched(short version) {
        lead();

        OffsetCommitResponse committed = ask(commit("orders", 0, 42), version, OffsetCommitResponse.class);
        OffsetFetchResponse fetched =
                ask(fetch(atMost(version, ApiKeys.OFFSET_FETCH)), version, OffsetFetchResponse.class);

        assertThat(committed.errorCounts()).containsOnlyKeys(Errors.NONE);
        String group = version < 8 ? "" : "g";
        Map<TopicPartition, OffsetFetchResponse.PartitionData> offsets = fetched.partitionDataMap(group);
        assertThat(offsets.get(ORDERS_0).offset).isEqualTo(42);
        OffsetFetchResponse.PartitionData none = offsets.get(new TopicPartition("orders", 1));
        assertThat(none.offset).isEqualTo(-1);
        assertThat(none.error).isEqualTo(version == 0 ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE);
        assertThat(inZooKeeper.containsKey(ORDERS_0)).isEqualTo(version == 0);
    }

    @ParameterizedTest
    @MethodSource("offsetVersions")
    void offsetsOfUnknownPartitionsAreRefused(short version) {
        lead();

        OffsetCommitResponse topic = ask(commit("unheard-of", 0, 42), version, OffsetCommitResponse.class);
        OffsetCommitResponse partition = ask(commit("orders", 5, 42), version, OffsetCommitResponse.class);

        assertThat(topic.errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partition.errorCounts()).containsOnlyKeys(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void errorsOfTheCoordinatorReachTheClientWhereItsVersionLooksForThem() {
        OffsetFetchResponse perPartition = ask(fetch((short) 1), (short) 1, OffsetFetchResponse.class);
        OffsetFetchResponse topLevel = ask(fetch((short) 7), (short) 7, OffsetFetchResponse.class);
        OffsetFetchResponse perGroup = ask(fetch((short) 9), (short) 9, OffsetFetchResponse.class);

        assertThat(perPartition.data().topics().get(0).partitions())
                .extracting(OffsetFetchResponseData.OffsetFetchResponsePartition::errorCode)
                .containsOnly(Errors.NOT_COORDINATOR.code());
        assertThat(topLevel.error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(perGroup.groupLevelError("g")).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void administratorsSeeAndDeleteGroupsAtEveryVersion() {
        lead();
        versions(ApiKeys.DESCRIBE_GROUPS).forEach(version -> {
            ask(commit("orders", 0, 1), (short) 8, OffsetCommitResponse.class);
            DescribeGroupsResponse described = ask(
                    new DescribeGroupsRequestData().setGroups(List.of("g", "unheard-of")),
                    version,
                    DescribeGroupsResponse.class);
            assertThat(described.data().groups())
                    .extracting(group -> group.groupState())
                    .containsExactly("Empty", "Dead");
            ListGroupsResponse listed =
                    ask(new ListGroupsRequestData(), atMost(version, ApiKeys.LIST_GROUPS), ListGroupsResponse.class);
            assertThat(listed.data().groups())
                    .extracting(group -> group.groupId())
                    .containsExactly("g");
            DeleteGroupsResponse deleted = ask(
                    new DeleteGroupsRequestData().setGroupsNames(List.of("g", "unheard-of")),
                    atMost(version, ApiKeys.DELETE_GROUPS),
                    DeleteGroupsResponse.class);
            assertThat(deleted.errors())
                    .containsEntry("g", Errors.NONE)
                    .containsEntry("unheard-of", Errors.GROUP_ID_NOT_FOUND);
        });
    }

    @Test
    void operationsAreToldToThoseWhoAsk() {
        lead();
        DescribeGroupsRequestData asking =
                new DescribeGroupsRequestData().setGroups(List.of("g")).setIncludeAuthorizedOperations(true);

        DescribeGroupsResponse described = ask(asking, (short) 3, DescribeGroupsResponse.class);

        // READ, DELETE, DESCRIBE
        assertThat(described.data().groups().get(0).authorizedOperations()).isEqualTo(1 << 3 | 1 << 6 | 1 << 8);
    }

    @Test
    void offsetsOfSinglePartitionsAreDeleted() {
        lead();
        ask(commit("orders", 0, 1), (short) 8, OffsetCommitResponse.class);
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        for (String topic : List.of("orders", "unheard-of")) {
            topics.add(new OffsetDeleteRequestTopic()
                    .setName(topic)
                    .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        }
        OffsetDeleteRequestData delete =
                new OffsetDeleteRequestData().setGroupId("g").setTopics(topics);

        OffsetDeleteResponse deleted = ask(delete, (short) 0, OffsetDeleteResponse.class);
        OffsetDeleteResponse again = ask(delete, (short) 0, OffsetDeleteResponse.class);

        assertThat(deleted.errorCounts()).containsOnlyKeys(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(again.data().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void offsetsOfAPartitionThatIsNotAreNotDeleted() {
        lead();
        ask(commit("orders", 0, 1), (short) 8, OffsetCommitResponse.class);
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("orders")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(99))));

        OffsetDeleteResponse deleted = ask(
                new OffsetDeleteRequestData().setGroupId("g").setTopics(topics), (short) 0, OffsetDeleteResponse.class);

        assertThat(deleted.errorCounts()).containsOnlyKeys(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aGroupIsLookedAtBeforeTheTopicsWhoseOffsetsAreToBeDeleted() {
        lead();
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("unheard-of")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(2))));

        OffsetDeleteResponse ofNoGroup = ask(
                new OffsetDeleteRequestData().setGroupId("").setTopics(topics), (short) 0, OffsetDeleteResponse.class);
        OffsetDeleteResponse ofUnknownGroup =
                ask(new OffsetDeleteRequestData().setGroupId("nobody"), (short) 0, OffsetDeleteResponse.class);

        assertThat(ofNoGroup.data().errorCode()).isEqualTo(Errors.INVALID_GROUP_ID.code());
        assertThat(ofNoGroup.data().topics()).isEmpty();
        assertThat(ofUnknownGroup.data().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }
}
