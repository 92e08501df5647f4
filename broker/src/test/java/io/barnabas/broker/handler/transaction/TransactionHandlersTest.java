// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.handler.data.FakeReplicas;
import io.barnabas.broker.handler.data.TransactionVerification.Question;
import io.barnabas.broker.handler.data.TransactionVerification.Verdict;
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
import io.barnabas.coordinator.transaction.TransactionConfig;
import io.barnabas.coordinator.transaction.TransactionCoordinatorService;
import io.barnabas.coordinator.transaction.TransactionMarkers;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.VerificationGuard;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ListTransactionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The handlers over real coordinators that run on the test's thread. Each answer is read back from its bytes. */
class TransactionHandlersTest {
    private static final String LISTENER = "PLAINTEXT";
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition REMOTE = new TopicPartition("remote", 0);

    private final Deque<Runnable> work = new ArrayDeque<>();
    private final FakeReplicas replicas = new FakeReplicas();
    private final FakePeers peers = new FakePeers();
    private final GroupCoordinatorService groups = new GroupCoordinatorService(
            GroupConfig.DEFAULTS,
            new CoordinatorEnvironment(
                    new InstantLog(),
                    () -> 1,
                    work::add,
                    work::add,
                    (delayMs, task) -> {},
                    () -> true,
                    () -> 1_000L,
                    () -> Instant.ofEpochMilli(1_000),
                    EventSink.NONE),
            UUID::randomUUID);
    private boolean verifies = true;
    private ClusterImage image = image(1);
    private final TransactionHandlers room = new TransactionHandlers(new TransactionHandlers.Environment(
            1,
            LISTENER,
            RequestServices.open(() -> image, () -> Instant.ofEpochMilli(1_000)),
            replicas,
            groups,
            peers,
            (short) 1,
            30_000,
            () -> verifies));
    private final TransactionMarkers markers = room.markers();
    private final TransactionCoordinatorService coordinator = new TransactionCoordinatorService(
            TransactionConfig.DEFAULTS,
            new CoordinatorEnvironment(
                    new InstantLog(),
                    () -> 1,
                    work::add,
                    work::add,
                    (delayMs, task) -> {},
                    () -> true,
                    () -> 1_000L,
                    () -> Instant.ofEpochMilli(1_000),
                    EventSink.NONE),
            () -> OptionalLong.of(7L),
            markers);
    private final TransactionHandlers.Room wired = room.with(coordinator);

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

    /** @param coordinatorId who leads the transactions' topic */
    private static ClusterImage image(int coordinatorId) {
        Map<String, TopicImage> topics = new HashMap<>();
        topics.put("orders", topic("orders", 1));
        topics.put("remote", topic("remote", 2));
        topics.put("leaderless", topic("leaderless", -1));
        topics.put(Topic.GROUP_METADATA_TOPIC_NAME, topic(Topic.GROUP_METADATA_TOPIC_NAME, 1));
        topics.put(Topic.TRANSACTION_STATE_TOPIC_NAME, topic(Topic.TRANSACTION_STATE_TOPIC_NAME, coordinatorId));
        return new ClusterImage(OptionalInt.of(1), Map.of(1, broker(1), 2, broker(2)), topics);
    }

    private static TopicImage topic(String name, int leader) {
        PartitionImage partition =
                new PartitionImage(0, 1, LeaderAndIsr.initial(leader, List.of(1, 2)), List.of(1, 2), List.of());
        return new TopicImage(name, Uuid.randomUuid(), Map.of(0, partition));
    }

    private static BrokerInfo broker(int id) {
        return new BrokerInfo(
                id,
                BrokerInfo.UNKNOWN_EPOCH,
                List.of(new Endpoint(LISTENER, SecurityProtocol.PLAINTEXT, "host-" + id, 9092)),
                Optional.empty());
    }

    @BeforeEach
    void lead() {
        coordinator.onElection(0, 5);
        groups.onElection(0, 3);
        run();
    }

    private void run() {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    private static RequestContext context(AbstractRequest request) {
        return new RequestContext(
                new RequestHeader(request.apiKey(), request.version(), "client", 1),
                "connection",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                LISTENER,
                SecurityProtocol.PLAINTEXT,
                "test",
                "1",
                ImmediateEventExecutor.INSTANCE);
    }

    private <R extends AbstractResponse> R ask(ApiMessage data, int version, Class<R> type) {
        ApiKeys api = ApiKeys.forId(data.apiKey());
        AbstractRequest request = AbstractRequest.parseRequest(
                        api, (short) version, MessageUtil.toByteBuffer(data, (short) version))
                .request;
        CompletionStage<? extends AbstractResponse> answer = api == ApiKeys.INIT_PRODUCER_ID
                ? new CoordinatedTransactionalIds(coordinator)
                        .initProducerId((InitProducerIdRequest) request, context(request))
                : handler(api).handle(request, context(request));
        run();
        AbstractResponse response = answer.toCompletableFuture().getNow(null);
        assertThat(response).as("answer to " + api).isNotNull();
        return type.cast(AbstractResponse.parseResponse(
                api, MessageUtil.toByteBuffer(response.data(), (short) version), (short) version));
    }

    @SuppressWarnings("unchecked")
    private RequestHandler<AbstractRequest> handler(ApiKeys api) {
        return (RequestHandler<AbstractRequest>) wired.all().stream()
                .filter(candidate -> candidate.api() == api)
                .findFirst()
                .orElseThrow();
    }

    private static IntStream versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion());
    }

    private InitProducerIdResponse init(int version, int epoch) {
        InitProducerIdRequestData data =
                new InitProducerIdRequestData().setTransactionalId("tx").setTransactionTimeoutMs(60_000);
        if (epoch >= 0) {
            data.setProducerId(7).setProducerEpoch((short) epoch);
        }
        return ask(data, version, InitProducerIdResponse.class);
    }

    private static AddPartitionsToTxnTopicCollection topics(TopicPartition... partitions) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        for (TopicPartition partition : partitions) {
            topics.add(new AddPartitionsToTxnTopic()
                    .setName(partition.topic())
                    .setPartitions(List.of(partition.partition())));
        }
        return topics;
    }

    private Map<TopicPartition, Errors> add(int version, int epoch, boolean verifyOnly, TopicPartition... partitions) {
        AddPartitionsToTxnRequestData data = new AddPartitionsToTxnRequestData();
        if (version < 4) {
            data.setV3AndBelowTransactionalId("tx")
                    .setV3AndBelowProducerId(7)
                    .setV3AndBelowProducerEpoch((short) epoch)
                    .setV3AndBelowTopics(topics(partitions));
        } else {
            AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
            transactions.add(new AddPartitionsToTxnTransaction()
                    .setTransactionalId("tx")
                    .setProducerId(7)
                    .setProducerEpoch((short) epoch)
                    .setVerifyOnly(verifyOnly)
                    .setTopics(topics(partitions)));
            data.setTransactions(transactions);
        }
        AddPartitionsToTxnResponse response = ask(data, version, AddPartitionsToTxnResponse.class);
        return response.errors().get(version < 4 ? AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID : "tx");
    }

    private Errors end(int version, int epoch, boolean commit) {
        EndTxnRequestData data = new EndTxnRequestData()
                .setTransactionalId("tx")
                .setProducerId(7)
                .setProducerEpoch((short) epoch)
                .setCommitted(commit);
        return ask(data, version, EndTxnResponse.class).error();
    }

    // --- producers

    static IntStream initVersions() {
        return versions(ApiKeys.INIT_PRODUCER_ID);
    }

    @ParameterizedTest
    @MethodSource("initVersions")
    void givesProducerIdsAndTellsFencedInWordsTheVersionKnows(int version) {
        assertThat(init(version, -1).data().producerEpoch()).isZero();
        assertThat(init(version, -1).data().producerEpoch()).isEqualTo((short) 1);
        if (version >= 3) {
            assertThat(init(version, 0).error())
                    .isEqualTo(version < 4 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED);
            assertThat(init(version, 0).data().producerId()).isEqualTo(-1L);
        }
    }

    @Test
    void refusesATimeoutNobodyMayAskFor() {
        for (int timeoutMs : new int[] {0, -1, 900_001}) {
            InitProducerIdRequestData data =
                    new InitProducerIdRequestData().setTransactionalId("tx").setTransactionTimeoutMs(timeoutMs);
            assertThat(ask(data, 5, InitProducerIdResponse.class).error())
                    .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        }
    }

    static IntStream addVersions() {
        return versions(ApiKeys.ADD_PARTITIONS_TO_TXN);
    }

    @ParameterizedTest
    @MethodSource("addVersions")
    void addsPartitionsAllOrNone(int version) {
        init(5, -1);
        TopicPartition unknown = new TopicPartition("unknown", 0);
        assertThat(add(version, 0, false, ORDERS, unknown))
                .containsEntry(ORDERS, Errors.OPERATION_NOT_ATTEMPTED)
                .containsEntry(unknown, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(add(version, 0, false, ORDERS)).containsEntry(ORDERS, Errors.NONE);
        assertThat(add(version, 3, false, ORDERS))
                .containsEntry(ORDERS, version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED);
        if (version >= 4) {
            assertThat(add(version, 0, true, ORDERS, REMOTE))
                    .containsEntry(ORDERS, Errors.NONE)
                    .containsEntry(REMOTE, Errors.TRANSACTION_ABORTABLE);
        }
    }

    static IntStream offsetsVersions() {
        return versions(ApiKeys.ADD_OFFSETS_TO_TXN);
    }

    @ParameterizedTest
    @MethodSource("offsetsVersions")
    void addsTheGroupsPartition(int version) {
        init(5, -1);
        AddOffsetsToTxnRequestData data = new AddOffsetsToTxnRequestData()
                .setTransactionalId("tx")
                .setProducerId(7)
                .setProducerEpoch((short) 0)
                .setGroupId("group");
        assertThat(ask(data, version, AddOffsetsToTxnResponse.class).data().errorCode())
                .isZero();
        assertThat(describe("tx").topics().find(Topic.GROUP_METADATA_TOPIC_NAME).partitions())
                .containsExactly(0);
        data.setProducerEpoch((short) 9);
        assertThat(Errors.forCode(
                        ask(data, version, AddOffsetsToTxnResponse.class).data().errorCode()))
                .isEqualTo(version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED);
    }

    static IntStream endVersions() {
        return versions(ApiKeys.END_TXN);
    }

    @ParameterizedTest
    @MethodSource("endVersions")
    void endsATransactionWithAMarkerOnEachPartition(int version) {
        init(5, -1);
        add(3, 0, false, ORDERS);
        assertThat(end(version, 1, true))
                .isEqualTo(version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED);
        assertThat(end(version, 0, true)).isEqualTo(Errors.NONE);
        assertThat(describe("tx").transactionState()).isEqualTo("CompleteCommit");

        assertThat(replicas.appended.origin()).isEqualTo(AppendOrigin.COORDINATOR);
        assertThat(replicas.appended.requiredAcks()).isEqualTo((short) -1);
        RecordBatch batch =
                replicas.appended.records().get(ORDERS).batches().iterator().next();
        EndTransactionMarker marker =
                EndTransactionMarker.deserialize(batch.iterator().next());
        assertThat(batch.producerId()).isEqualTo(7L);
        assertThat(marker.controlType()).isEqualTo(ControlRecordType.COMMIT);
        assertThat(marker.coordinatorEpoch()).isEqualTo(5);
    }

    // --- markers

    static IntStream markerVersions() {
        return versions(ApiKeys.WRITE_TXN_MARKERS);
    }

    private WriteTxnMarkersResponse writeMarker(int version, TopicPartition... partitions) {
        TxnMarkerEntry entry = new TxnMarkerEntry(9L, (short) 2, 4, TransactionResult.ABORT, List.of(partitions));
        WriteTxnMarkersRequest request =
                new WriteTxnMarkersRequest.Builder((short) version, List.of(entry)).build((short) version);
        return ask(request.data(), version, WriteTxnMarkersResponse.class);
    }

    @ParameterizedTest
    @MethodSource("markerVersions")
    void writesMarkersOfOtherCoordinators(int version) {
        assertThat(writeMarker(version, ORDERS).errorsByProducerId())
                .isEqualTo(Map.of(9L, Map.of(ORDERS, Errors.NONE)));
        replicas.error = Errors.TRANSACTION_COORDINATOR_FENCED;
        assertThat(writeMarker(version, ORDERS).errorsByProducerId())
                .isEqualTo(Map.of(9L, Map.of(ORDERS, Errors.TRANSACTION_COORDINATOR_FENCED)));
    }

    private static Marker marker(TopicPartition... partitions) {
        return new Marker("tx", 9L, (short) 0, 5, true, Set.of(partitions));
    }

    @Test
    void sendsMarkersToTheirLeadersInFewRequests() {
        Map<TopicPartition, Errors> answers = new HashMap<>();
        markers.write(marker(ORDERS, REMOTE), answers::putAll);
        assertThat(answers).containsExactly(Map.entry(ORDERS, Errors.NONE));
        for (int i = 0; i < 10; i++) {
            markers.write(marker(REMOTE), answers::putAll);
        }
        assertThat(peers.sent()).hasSize(4);
        WriteTxnMarkersRequest first = (WriteTxnMarkersRequest) peers.sent().get(0);
        assertThat(first.markers()).hasSize(1);
        assertThat(first.markers().get(0).partitions()).containsExactly(REMOTE);

        peers.answer(0, new WriteTxnMarkersResponse(Map.of(9L, Map.of(REMOTE, Errors.NOT_LEADER_OR_FOLLOWER))));

        assertThat(answers).containsEntry(REMOTE, Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(peers.sent()).hasSize(5);
        assertThat(((WriteTxnMarkersRequest) peers.sent().get(4)).markers()).hasSize(7);
    }

    @Test
    void tellsWhenAMarkerCannotBeDelivered() {
        Map<TopicPartition, Errors> answers = new HashMap<>();
        TopicPartition gone = new TopicPartition("gone", 0);
        TopicPartition leaderless = new TopicPartition("leaderless", 0);
        markers.write(marker(gone, leaderless, REMOTE), answers::putAll);
        peers.fail(0);
        assertThat(answers)
                .containsEntry(gone, TransactionMarkers.UNKNOWN_IN_CLUSTER)
                .containsEntry(leaderless, Errors.LEADER_NOT_AVAILABLE)
                .containsEntry(REMOTE, Errors.NETWORK_EXCEPTION);

        image = ClusterImage.EMPTY;
        markers.write(marker(gone), answers::putAll);
        assertThat(answers).containsEntry(gone, Errors.LEADER_NOT_AVAILABLE);
    }

    @Test
    void aResponseWithoutAPartitionLeavesItOpen() {
        Map<TopicPartition, Errors> answers = new HashMap<>();
        markers.write(marker(REMOTE), answers::putAll);
        peers.answer(0, new WriteTxnMarkersResponse(Map.of(8L, Map.of(REMOTE, Errors.NONE))));
        assertThat(answers).containsEntry(REMOTE, Errors.NETWORK_EXCEPTION);
    }

    // --- verification

    private CompletableFuture<Verdict> verify(int produceVersion, TopicPartition... partitions) {
        Map<TopicPartition, Integer> sequences = new HashMap<>();
        for (TopicPartition partition : partitions) {
            sequences.put(partition, 0);
        }
        CompletableFuture<Verdict> verdict = wired.verification()
                .verify(new Question("tx", 7L, (short) 0, sequences, (short) produceVersion))
                .toCompletableFuture();
        run();
        return verdict;
    }

    @Test
    void asksNobodyWhileTheTransactionIsOpenOrVerificationOff() {
        assertThat(verify(9, ORDERS).join()).isEqualTo(new Verdict(Map.of(), Map.of(), true));
        verifies = false;
        assertThat(verify(9, ORDERS).join()).isEqualTo(Verdict.NOT_REQUIRED);
        assertThat(peers.sent()).isEmpty();
    }

    @Test
    void asksTheCoordinatorHereOrElsewhere() {
        replicas.guard = VerificationGuard.create();
        init(5, -1);
        add(3, 0, false, ORDERS);
        assertThat(verify(9, ORDERS).join()).isEqualTo(new Verdict(Map.of(), Map.of(ORDERS, replicas.guard), true));

        image = image(2);
        CompletableFuture<Verdict> remote = verify(9, ORDERS);
        AddPartitionsToTxnRequest asked =
                (AddPartitionsToTxnRequest) peers.sent().get(0);
        assertThat(asked.version()).isEqualTo((short) 4);
        assertThat(asked.allVerifyOnlyRequest()).isTrue();
        peers.answer(0, verification(Errors.NONE));
        assertThat(remote.join().refused()).isEmpty();
    }

    private static AddPartitionsToTxnResponse verification(Errors error) {
        AddPartitionsToTxnResponse response =
                new AddPartitionsToTxnResponse(new org.apache.kafka.common.message.AddPartitionsToTxnResponseData());
        response.data()
                .resultsByTransaction()
                .add(AddPartitionsToTxnResponse.resultForTransaction("tx", Map.of(ORDERS, error)));
        return response;
    }

    private Errors refused(int produceVersion, Errors told) {
        CompletableFuture<Verdict> verdict = verify(produceVersion, ORDERS);
        peers.answer(peers.sent().size() - 1, verification(told));
        return verdict.join().refused().get(ORDERS).error();
    }

    @Test
    void tellsRefusalsInWordsTheProducerKnows() {
        replicas.guard = VerificationGuard.create();
        image = image(2);
        assertThat(refused(11, Errors.TRANSACTION_ABORTABLE)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        assertThat(refused(10, Errors.TRANSACTION_ABORTABLE)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(refused(11, Errors.PRODUCER_FENCED)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(refused(11, Errors.INVALID_PRODUCER_ID_MAPPING)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        for (Errors passing :
                List.of(Errors.CONCURRENT_TRANSACTIONS, Errors.NOT_COORDINATOR, Errors.COORDINATOR_LOAD_IN_PROGRESS)) {
            assertThat(refused(11, passing)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        }
        CompletableFuture<Verdict> unreachable = verify(11, ORDERS);
        peers.fail(peers.sent().size() - 1);
        assertThat(unreachable.join().refused().get(ORDERS).error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        image = image(-1);
        assertThat(verify(11, ORDERS).join().refused().get(ORDERS).error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void aRepeatedInquiryTakesThePlaceOfTheFormer() {
        replicas.guard = VerificationGuard.create();
        image = image(2);
        CompletableFuture<Verdict> inFlight = verify(11, ORDERS);
        CompletableFuture<Verdict> waits = verify(11, ORDERS);
        CompletableFuture<Verdict> again = verify(11, ORDERS);
        assertThat(waits.join().refused().get(ORDERS).error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        peers.answer(0, verification(Errors.NONE));
        peers.answer(1, verification(Errors.NONE));
        assertThat(inFlight.join().refused()).isEmpty();
        assertThat(again.join().refused()).isEmpty();
        assertThat(peers.sent()).hasSize(2);
    }

    @Test
    void whatIsNotLedHereIsRefusedWithoutAsking() {
        replicas.error = Errors.NOT_LEADER_OR_FOLLOWER;
        assertThat(verify(9, ORDERS).join().refused().get(ORDERS).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    // --- offsets

    static IntStream commitVersions() {
        return versions(ApiKeys.TXN_OFFSET_COMMIT);
    }

    private Map<TopicPartition, Errors> commitOffsets(int version, int generation, TopicPartition... partitions) {
        TxnOffsetCommitRequestData data = new TxnOffsetCommitRequestData()
                .setTransactionalId("tx")
                .setGroupId("group")
                .setProducerId(7)
                .setProducerEpoch((short) 0);
        if (version >= 3) {
            data.setMemberId(generation < 0 ? "" : "somebody").setGenerationId(generation);
        }
        for (TopicPartition partition : partitions) {
            data.topics()
                    .add(new TxnOffsetCommitRequestTopic()
                            .setName(partition.topic())
                            .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                    .setPartitionIndex(partition.partition())
                                    .setCommittedOffset(5)
                                    .setCommittedMetadata(null))));
        }
        return ask(data, version, TxnOffsetCommitResponse.class).errors();
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void commitsOffsetsOfKnownPartitions(int version) {
        TopicPartition unknown = new TopicPartition("unknown", 0);
        assertThat(commitOffsets(version, -1, ORDERS, unknown))
                .containsEntry(ORDERS, Errors.NONE)
                .containsEntry(unknown, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        if (version >= 3) {
            assertThat(commitOffsets(version, 4, ORDERS)).containsEntry(ORDERS, Errors.UNKNOWN_MEMBER_ID);
        }
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void refusesOffsetsOfATransactionThatDoesNotIncludeTheGroup(int version) {
        replicas.guard = VerificationGuard.create();
        init(5, -1);
        assertThat(commitOffsets(version, -1, ORDERS))
                .containsEntry(ORDERS, version < 4 ? Errors.INVALID_TXN_STATE : Errors.TRANSACTION_ABORTABLE);
        add(3, 0, false, new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, 0));
        assertThat(commitOffsets(version, -1, ORDERS)).containsEntry(ORDERS, Errors.NONE);
        image = image(-1);
        assertThat(commitOffsets(version, -1, ORDERS)).containsEntry(ORDERS, Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void tellsOldProducersNothingOfLoading() {
        replicas.guard = VerificationGuard.create();
        image = image(2);
        TxnOffsetCommitRequestData data = new TxnOffsetCommitRequestData()
                .setTransactionalId("tx")
                .setGroupId("group")
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition().setPartitionIndex(0)))));
        for (short version : new short[] {1, 2}) {
            AbstractRequest request = AbstractRequest.parseRequest(
                            ApiKeys.TXN_OFFSET_COMMIT, version, MessageUtil.toByteBuffer(data, version))
                    .request;
            CompletionStage<? extends AbstractResponse> answer =
                    handler(ApiKeys.TXN_OFFSET_COMMIT).handle(request, context(request));
            peers.fail(peers.sent().size() - 1);
            assertThat(answer.toCompletableFuture().join().errorCounts())
                    .containsOnlyKeys(
                            version < 2 ? Errors.COORDINATOR_NOT_AVAILABLE : Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
    }

    // --- administrators

    private TransactionState describe(String transactionalId) {
        return ask(
                        new DescribeTransactionsRequestData().setTransactionalIds(List.of(transactionalId)),
                        0,
                        DescribeTransactionsResponse.class)
                .data()
                .transactionStates()
                .get(0);
    }

    @Test
    void describesTransactions() {
        assertThat(Errors.forCode(describe("tx").errorCode())).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
        assertThat(Errors.forCode(describe("").errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        init(5, -1);
        add(3, 0, false, ORDERS, REMOTE);
        TransactionState state = describe("tx");
        assertThat(state.transactionState()).isEqualTo("Ongoing");
        assertThat(state.transactionTimeoutMs()).isEqualTo(60_000);
        assertThat(state.transactionStartTimeMs()).isEqualTo(1_000L);
        assertThat(state.topics()).hasSize(2);
    }

    static IntStream listVersions() {
        return versions(ApiKeys.LIST_TRANSACTIONS);
    }

    @ParameterizedTest
    @MethodSource("listVersions")
    void listsTransactions(int version) {
        init(5, -1);
        add(3, 0, false, ORDERS);
        ListTransactionsRequestData data = new ListTransactionsRequestData()
                .setStateFilters(List.of("Ongoing", "Nonsense"))
                .setProducerIdFilters(List.of(7L));
        ListTransactionsResponse response = ask(data, version, ListTransactionsResponse.class);
        assertThat(response.data().unknownStateFilters()).containsExactly("Nonsense");
        assertThat(response.data().transactionStates())
                .singleElement()
                .satisfies(listed -> assertThat(listed.transactionalId()).isEqualTo("tx"));
        if (version >= 1) {
            data.setDurationFilter(60_000);
            assertThat(ask(data, version, ListTransactionsResponse.class).data().transactionStates())
                    .isEmpty();
        }
    }

    @Test
    void whoDoesNotLeadIsNoCoordinator() {
        coordinator.onResignation(0, OptionalInt.of(6));
        run();
        assertThat(init(5, -1).error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(add(3, 0, false, ORDERS)).containsEntry(ORDERS, Errors.NOT_COORDINATOR);
        assertThat(end(4, 0, true)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(Errors.forCode(describe("tx").errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
    }
}
