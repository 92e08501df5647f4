// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.handler.ConnectionClosedByHandlerException;
import io.barnabas.broker.handler.RequestContext;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.session.FetchSessionCache;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataHandlersTest {
    private static final Uuid TOPIC_ID = new Uuid(3, 3);
    private final FakeReplicas replicas = new FakeReplicas();
    private final ClusterImage image = image();
    private final FetchSessionCache sessions = new FetchSessionCache(10, InstantSource.system(), new Random(1));

    @TempDir
    Path directory;

    private static ClusterImage image() {
        BrokerInfo leader = new BrokerInfo(
                2,
                -1,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "two", 9092)),
                Optional.of("rack2"));
        PartitionImage partition = new PartitionImage(
                0, 1, new LeaderAndIsr(2, 12, List.of(2), LeaderRecoveryState.RECOVERED, 1), List.of(1, 2), List.of());
        return new ClusterImage(
                OptionalInt.of(2),
                Map.of(2, leader),
                Map.of("orders", new TopicImage("orders", TOPIC_ID, Map.of(0, partition))));
    }

    private static RequestContext context(ApiKeys api, int version) {
        return new RequestContext(
                new RequestHeader(api, (short) version, "client", 1),
                "connection",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                "test",
                "1",
                ImmediateEventExecutor.INSTANCE);
    }

    /** Parses the request as the network does. */
    private static <T extends AbstractRequest> T parsed(ApiKeys api, Message data, int version, Class<T> type) {
        return type.cast(
                AbstractRequest.parseRequest(api, (short) version, MessageUtil.toByteBuffer(data, (short) version))
                        .request);
    }

    private static void assertWritable(AbstractResponse response, int version) {
        assertThat(MessageUtil.toByteBuffer(response.data(), (short) version).hasRemaining())
                .isTrue();
    }

    static IntStream versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion());
    }

    // ---- Produce ----

    static IntStream produceVersions() {
        return versions(ApiKeys.PRODUCE);
    }

    private CompletableFuture<ProduceResponse> produce(int version, short acks, String topic) {
        byte magic = version < 2 ? RecordBatch.MAGIC_VALUE_V0 : version < 3 ? RecordBatch.MAGIC_VALUE_V1 : 2;
        return produce(
                version,
                acks,
                topic,
                MemoryRecords.withRecords(magic, Compression.NONE, new SimpleRecord(1L, null, new byte[] {1})));
    }

    private CompletableFuture<ProduceResponse> produce(int version, short acks, String topic, MemoryRecords records) {
        return produce(version, new ProduceRequestData().setAcks(acks), topic, records, TransactionVerification.NONE);
    }

    private CompletableFuture<ProduceResponse> produce(
            int version,
            ProduceRequestData data,
            String topic,
            MemoryRecords records,
            TransactionVerification verification) {
        data.setTimeoutMs(100);
        data.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(records))));
        return new ProduceHandler(replicas, () -> image, verification)
                .handle(parsed(ApiKeys.PRODUCE, data, version, ProduceRequest.class), context(ApiKeys.PRODUCE, version))
                .toCompletableFuture();
    }

    private static ProduceResponseData.PartitionProduceResponse only(ProduceResponse response) {
        return response.data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("produceVersions")
    void produceIsAnsweredAtEveryVersion(int version) {
        ProduceResponse response = produce(version, (short) 1, "orders").join();
        assertWritable(response, version);
        assertThat(only(response).baseOffset()).isEqualTo(42);
        assertThat(replicas.appended.internalTopicsAllowed()).isFalse();
    }

    @Test
    void thatATopicIsUnknownComesBeforeWhatIsWrongWithTheRecords() {
        ProduceResponse response =
                produce(9, (short) 1, "nowhere", (MemoryRecords) null).join();
        assertThat(Errors.forCode(only(response).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(replicas.appended).isNull();
    }

    /** Kafka: what the metadata does not tell of is answered before a transaction is looked at. */
    @ParameterizedTest
    @CsvSource({"orders, 1", "nowhere, 0", "ordered, 1"})
    void onlyPartitionsOfKnownTopicsAreVerified(String topic, int asked) {
        replicas.ordered.put(new Uuid(4, 4), "ordered"); // and the metadata does not tell of it yet
        List<TransactionVerification.Question> questions = new ArrayList<>();
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 7, (short) 0, 0, new SimpleRecord(1L, null, new byte[] {1}));

        produce(9, new ProduceRequestData().setAcks((short) -1).setTransactionalId("t"), topic, records, question -> {
                    questions.add(question);
                    return CompletableFuture.completedFuture(TransactionVerification.Verdict.NOT_REQUIRED);
                })
                .join();

        assertThat(questions).hasSize(asked);
        assertThat(replicas.appended.records()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("produceVersions")
    void producingNoRecordsAtAllIsRefused(int version) {
        ProduceResponse response = produce(version, (short) 1, "orders", null).join();
        assertThat(only(response).errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
    }

    @Test
    void producerThatWantsNoAnswerGetsNone() {
        assertThat(produce(9, (short) 0, "orders")).isCompletedWithValue(null);
    }

    @Test
    void producerThatWantsNoAnswerLearnsOfAnErrorByTheClosedConnection() {
        replicas.error = Errors.NOT_LEADER_OR_FOLLOWER;
        assertThat(produce(9, (short) 0, "orders"))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ConnectionClosedByHandlerException.class);
    }

    @Test
    void producerAtTheWrongBrokerIsToldTheLeader() {
        replicas.error = Errors.NOT_LEADER_OR_FOLLOWER;
        ProduceResponse response = produce(10, (short) 1, "orders").join();
        assertThat(only(response).currentLeader().leaderId()).isEqualTo(2);
        assertThat(only(response).currentLeader().leaderEpoch()).isEqualTo(12);
        assertThat(response.data().nodeEndpoints().find(2).host()).isEqualTo("two");
        assertThat(produce(9, (short) 1, "orders").join().data().nodeEndpoints())
                .isEmpty();
    }

    // ---- Fetch ----

    static IntStream fetchVersions() {
        return versions(ApiKeys.FETCH);
    }

    private FetchResponse fetch(int version, FetchRequestData data) {
        return fetch(version, data, TOPIC_ID);
    }

    private FetchResponse fetch(int version, FetchRequestData data, Uuid topicId) {
        FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic()
                .setPartitions(List.of(
                        new FetchRequestData.FetchPartition().setPartition(0).setPartitionMaxBytes(1024)));
        if (version >= 13) {
            topic.setTopicId(topicId);
        } else {
            topic.setTopic("orders");
        }
        data.setTopics(List.of(topic)).setMaxWaitMs(10).setMinBytes(1);
        return new FetchHandler(replicas, sessions, () -> image, () -> 500, Runnable::run)
                .handle(parsed(ApiKeys.FETCH, data, version, FetchRequest.class), context(ApiKeys.FETCH, version))
                .toCompletableFuture()
                .join();
    }

    private static FetchRequestData consumer() {
        return new FetchRequestData();
    }

    private static FetchResponseData.PartitionData only(FetchResponse response) {
        return response.data().responses().get(0).partitions().get(0);
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchIsAnsweredAtEveryVersion(int version) {
        FetchResponse response = fetch(version, consumer());
        assertThat(only(response).highWatermark()).isEqualTo(9);
        assertThat(replicas.fetched.maxBytes()).isEqualTo(500);
        assertThat(replicas.fetched.clientMetadata().isPresent()).isEqualTo(version >= 11);
        response.data().responses().forEach(topic -> topic.partitions()
                .forEach(partition -> partition.setRecords(MemoryRecords.EMPTY)));
        assertWritable(response, version);
    }

    @Test
    void fetchOfAnUnknownSessionIsRefused() {
        FetchResponse response = fetch(12, consumer().setSessionId(5).setSessionEpoch(3));
        assertThat(response.error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(replicas.fetched).isNull();
    }

    @Test
    void whatOnlyTheControllersOrderToldOfMayBeAskedFor() {
        Uuid unannounced = new Uuid(4, 4);
        assertThat(only(fetch(14, consumer().setReplicaId(3), unannounced)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(only(fetch(14, consumer(), unannounced)).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());

        replicas.ordered.put(unannounced, "payments");

        assertThat(only(fetch(14, consumer().setReplicaId(3), unannounced)).highWatermark())
                .isEqualTo(9);
        assertThat(only(fetch(14, consumer(), unannounced)).highWatermark()).isEqualTo(9);
    }

    @Test
    void consumerAtTheWrongBrokerIsToldTheLeader() {
        replicas.error = Errors.FENCED_LEADER_EPOCH;
        FetchResponse response = fetch(16, consumer());
        assertThat(only(response).currentLeader().leaderId()).isEqualTo(2);
        assertThat(response.data().nodeEndpoints().find(2).rack()).isEqualTo("rack2");
    }

    @Test
    void oldConsumerDoesNotHearOfStorageErrors() {
        replicas.error = Errors.KAFKA_STORAGE_ERROR;
        assertThat(Errors.forCode(only(fetch(5, consumer())).errorCode())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(Errors.forCode(only(fetch(6, consumer())).errorCode())).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    private void store(MemoryRecords records) throws IOException {
        Path file = Files.createTempFile(directory, "segment", ".log");
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().get(bytes);
        Files.write(file, bytes);
        replicas.records = new FileSlice(FileChannel.open(file), 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void oldConsumerGetsRecordsInTheFormatItReads(int version) throws IOException {
        store(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(5L, new byte[] {1}, new byte[] {2})));
        var records = only(fetch(version, consumer())).records();
        if (version >= 4) {
            assertThat(records).isSameAs(replicas.records);
        } else {
            assertThat(((Records) records).batches().iterator().next().magic())
                    .isEqualTo(version < 2 ? RecordBatch.MAGIC_VALUE_V0 : RecordBatch.MAGIC_VALUE_V1);
        }
        replicas.records.channel().close();
    }

    @Test
    void downConversionMayBeForbidden() throws IOException {
        store(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(5L, new byte[] {1}, new byte[] {2})));
        replicas.config = LogConfig.builder().messageDownconversionEnable(false).build();
        assertThat(Errors.forCode(only(fetch(3, consumer())).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        replicas.records.channel().close();
    }

    @Test
    void followerReadsToTheEndWithItsEpoch() {
        fetch(
                15,
                consumer()
                        .setReplicaState(new FetchRequestData.ReplicaState()
                                .setReplicaId(3)
                                .setReplicaEpoch(77)));
        FetchCommand asked = replicas.fetched;
        assertThat(asked.isFromFollower()).isTrue();
        assertThat(asked.replicaEpoch()).isEqualTo(77);
    }

    // ---- ListOffsets ----

    static IntStream listOffsetsVersions() {
        return versions(ApiKeys.LIST_OFFSETS);
    }

    private ListOffsetsPartitionResponse listOffsets(int version, long timestamp) {
        ListOffsetsRequestData data = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName("orders")
                        .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setTimestamp(timestamp)))));
        ListOffsetsResponse response = new ListOffsetsHandler(replicas)
                .handle(
                        parsed(ApiKeys.LIST_OFFSETS, data, version, ListOffsetsRequest.class),
                        context(ApiKeys.LIST_OFFSETS, version))
                .toCompletableFuture()
                .join();
        assertWritable(response, version);
        return response.topics().get(0).partitions().get(0);
    }

    @ParameterizedTest
    @MethodSource("listOffsetsVersions")
    void listOffsetsIsAnsweredAtEveryVersion(int version) {
        ListOffsetsPartitionResponse answer = listOffsets(version, 1_000);
        if (version == 0) {
            assertThat(answer.oldStyleOffsets()).containsExactly(6L, 0L);
        } else {
            assertThat(answer.offset()).isEqualTo(6);
            assertThat(answer.leaderEpoch()).isEqualTo(version >= 4 ? 5 : -1);
        }
    }

    @Test
    void specialTimestampsNeedTheVersionThatBroughtThem() {
        assertThat(Errors.forCode(listOffsets(6, -3).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(Errors.forCode(listOffsets(7, -3).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(listOffsets(7, -4).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(Errors.forCode(listOffsets(9, -5).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(listOffsets(9, -9).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void oldClientHearsLeaderNotAvailableWhileOffsetsAreNot() {
        replicas.error = Errors.OFFSET_NOT_AVAILABLE;
        assertThat(Errors.forCode(listOffsets(4, -1).errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(Errors.forCode(listOffsets(5, -1).errorCode())).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
    }

    // ---- the others ----

    static IntStream epochVersions() {
        return versions(ApiKeys.OFFSET_FOR_LEADER_EPOCH);
    }

    @ParameterizedTest
    @MethodSource("epochVersions")
    void endOfEpochIsAnsweredAtEveryVersion(int version) {
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData();
        data.topics()
                .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                        .setTopic("orders")
                        .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                .setPartition(0)
                                .setLeaderEpoch(4))));
        AbstractResponse response = new OffsetForLeaderEpochHandler(replicas)
                .handle(
                        parsed(ApiKeys.OFFSET_FOR_LEADER_EPOCH, data, version, OffsetsForLeaderEpochRequest.class),
                        context(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version))
                .toCompletableFuture()
                .join();
        assertWritable(response, version);
    }

    static IntStream deleteVersions() {
        return versions(ApiKeys.DELETE_RECORDS);
    }

    @ParameterizedTest
    @MethodSource("deleteVersions")
    void deletionIsAnsweredAtEveryVersion(int version) {
        DeleteRecordsRequestData data = new DeleteRecordsRequestData().setTimeoutMs(10);
        data.topics()
                .add(new DeleteRecordsRequestData.DeleteRecordsTopic()
                        .setName("orders")
                        .setPartitions(List.of(
                                new DeleteRecordsRequestData.DeleteRecordsPartition()
                                        .setPartitionIndex(0)
                                        .setOffset(5),
                                new DeleteRecordsRequestData.DeleteRecordsPartition()
                                        .setPartitionIndex(9)
                                        .setOffset(5))));
        var response = new DeleteRecordsHandler(replicas, () -> image)
                .handle(
                        parsed(ApiKeys.DELETE_RECORDS, data, version, DeleteRecordsRequest.class),
                        context(ApiKeys.DELETE_RECORDS, version))
                .toCompletableFuture()
                .join();
        assertWritable(response, version);
        var partitions = response.data().topics().find("orders").partitions();
        assertThat(partitions.find(0).lowWatermark()).isEqualTo(5);
        assertThat(Errors.forCode(partitions.find(9).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void producersAreDescribed() {
        DescribeProducersRequestData data = new DescribeProducersRequestData()
                .setTopics(List.of(new DescribeProducersRequestData.TopicRequest()
                        .setName("orders")
                        .setPartitionIndexes(List.of(0))));
        AbstractResponse response = new DescribeProducersHandler(replicas, "orders"::equals)
                .handle(
                        parsed(ApiKeys.DESCRIBE_PRODUCERS, data, 0, DescribeProducersRequest.class),
                        context(ApiKeys.DESCRIBE_PRODUCERS, 0))
                .toCompletableFuture()
                .join();
        assertWritable(response, 0);
    }

    /** Kafka: only an unknown topic is told in words too. */
    @Test
    void producersOfAnUnknownTopicAreRefusedInWords() {
        DescribeProducersRequestData data = new DescribeProducersRequestData()
                .setTopics(List.of(new DescribeProducersRequestData.TopicRequest()
                        .setName("unknown")
                        .setPartitionIndexes(List.of(0))));
        DescribeProducersResponse response = new DescribeProducersHandler(replicas, "orders"::equals)
                .handle(
                        parsed(ApiKeys.DESCRIBE_PRODUCERS, data, 0, DescribeProducersRequest.class),
                        context(ApiKeys.DESCRIBE_PRODUCERS, 0))
                .toCompletableFuture()
                .join();
        var partition = response.data().topics().get(0).partitions().get(0);
        assertThat(partition.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(partition.errorMessage()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }
}
