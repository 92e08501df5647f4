// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.network.wire.RequestMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestDispatcherTest {
    private static final short ACKS_ALL = -1;

    private final RecordingHandler produce = new RecordingHandler(ApiKeys.PRODUCE);
    private final RecordingHandler fetch = new RecordingHandler(ApiKeys.FETCH);
    private final RecordingHandler metadata = new RecordingHandler(ApiKeys.METADATA);
    private final RecordingHandler apiVersions = new RecordingHandler(ApiKeys.API_VERSIONS);
    private final RequestPipeline handlers = Client.pipeline(produce, fetch, metadata, apiVersions);
    private final Client client = new Client(handlers);

    @AfterEach
    void answerWhatIsLeft() {
        for (RecordingHandler handler : List.of(produce, fetch, metadata, apiVersions)) {
            List.copyOf(handler.answers).forEach(answer -> answer.complete(null));
        }
    }

    private static AbstractResponse produced() {
        return new ProduceResponse(new ProduceResponseData());
    }

    private static AbstractResponse fetched() {
        return new FetchResponse(new FetchResponseData());
    }

    private static AbstractResponse described() {
        return new MetadataResponse(new MetadataResponseData(), (short) 9);
    }

    @Test
    void startsProducesSideBySideAndAnswersThemInOrder() {
        for (int id = 1; id <= 3; id++) {
            client.send(Requests.frame(Requests.produce(ACKS_ALL), id));
        }
        assertThat(produce.requests).hasSize(3);

        produce.answers.get(2).complete(produced());
        produce.answers.get(1).complete(produced());
        assertThat(client.answered()).isEmpty();

        produce.answers.get(0).complete(produced());
        assertThat(client.answered()).containsExactly(1, 2, 3);
    }

    @Test
    void fetchAfterProduceWaitsSoThatItSeesWhatWasProduced() {
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        client.send(Requests.frame(Requests.fetch(), 2));
        assertThat(fetch.requests).isEmpty();
        assertThat(client.channel.config().isAutoRead()).isFalse();

        produce.answers.get(0).complete(produced());
        assertThat(fetch.requests).hasSize(1);
        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void otherRequestsStartBesideAFetchThatWaitsForData() {
        client.send(Requests.frame(Requests.fetch(), 1));
        client.send(Requests.frame(Requests.metadata(), 2));
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 3));
        metadata.answers.get(0).complete(described());

        assertThat(produce.requests).hasSize(1);
        assertThat(client.answered()).isEmpty();

        fetch.answers.get(0).complete(fetched());
        assertThat(client.answered()).containsExactly(1, 2);
    }

    @Test
    void transactionalProducesStartOneAfterTheOther() {
        client.send(Requests.frame(Requests.transactionalProduce(), 1));
        client.send(Requests.frame(Requests.transactionalProduce(), 2));
        assertThat(produce.requests).hasSize(1);

        produce.answers.get(0).complete(produced());
        assertThat(produce.requests).hasSize(2);
    }

    @Test
    void readsNoFurtherWhenTooManyAreUnanswered() {
        SocketConfig config =
                new SocketConfig(SocketConfig.DEFAULT.interBrokerListener(), 1000, -1, 2, 1000, 1000, 50, 600_000);
        Client bounded = new Client(handlers, config);
        bounded.send(Unpooled.wrappedBuffer(
                Requests.frame(Requests.produce(ACKS_ALL), 1),
                Requests.frame(Requests.produce(ACKS_ALL), 2),
                Requests.frame(Requests.produce(ACKS_ALL), 3)));
        assertThat(produce.requests).hasSize(2);
        assertThat(bounded.channel.config().isAutoRead()).isFalse();

        produce.answers.get(0).complete(produced());
        assertThat(produce.requests).hasSize(3);
        produce.answers.get(1).complete(produced());
        assertThat(bounded.channel.config().isAutoRead()).isTrue();
        assertThat(bounded.answered()).containsExactly(1, 2);
    }

    @Test
    void readsNoFurtherWhileAllRequestsTogetherHoldTooMuch() {
        RequestMemory memory = new RequestMemory(1);
        SocketConfig config = SocketConfig.DEFAULT;
        Client first = new Client(handlers, config, memory);
        Client second = new Client(handlers, config, memory);
        first.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        second.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        assertThat(produce.requests).hasSize(1);
        assertThat(second.channel.config().isAutoRead()).isFalse();

        produce.answers.get(0).complete(produced());
        second.channel.runPendingTasks();
        assertThat(produce.requests).hasSize(2);
        assertThat(second.channel.config().isAutoRead()).isTrue();

        produce.answers.get(1).complete(produced());
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void failureIsAnsweredAsTheErrorItIs() {
        client.send(Requests.frame(Requests.metadata(), 7));
        metadata.answers.get(0).completeExceptionally(new NotLeaderOrFollowerException("no"));

        ByteBuf frame = client.frames().get(0);
        assertThat(Requests.parse(frame, ApiKeys.METADATA, (short) 9, 7)).isInstanceOf(MetadataResponse.class);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void produceWithoutAcksThatFailedLosesTheConnection() {
        client.send(Requests.frame(Requests.produce((short) 0), 1));
        produce.answers.get(0).completeExceptionally(new NotLeaderOrFollowerException("no"));
        assertThat(client.answered()).isEmpty();
        assertThat(client.isClosed()).isTrue();
    }

    /** Kafka's own error answer to a Produce cannot be made for one without records. */
    @Test
    void failureThatNoErrorCanBeWrittenForClosesTheConnection() {
        ProduceRequestData data = new ProduceRequestData().setAcks(ACKS_ALL).setTimeoutMs(1000);
        data.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName("t")
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData().setRecords(null))));
        ProduceRequest request = ProduceRequest.parse(MessageUtil.toByteBuffer(data, (short) 9), (short) 9);
        client.send(Requests.frame(request, 1));

        produce.answers.get(0).completeExceptionally(new NotLeaderOrFollowerException("no"));

        assertThat(client.answered()).isEmpty();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void produceWithoutAcksIsNotAnsweredAndHoldsNobodyUp() {
        client.send(Requests.frame(Requests.produce((short) 0), 1));
        client.send(Requests.frame(Requests.produce((short) 1), 2));
        produce.answers.get(1).complete(produced());
        produce.answers.get(0).complete(null);
        assertThat(client.answered()).containsExactly(2);
    }

    @Test
    void outcomesFromOtherThreadsAreHandedOverInOrder() {
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 2));
        CompletableFuture.runAsync(() -> {
                    produce.answers.get(1).complete(produced());
                    produce.answers.get(0).complete(produced());
                })
                .join();
        assertThat(client.answered()).containsExactly(1, 2);
    }

    @Test
    void unknownApiClosesTheConnectionAfterEarlierAnswers() {
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        client.send(frameWithHeader(999, 0, 2));
        assertThat(client.isClosed()).isFalse();

        produce.answers.get(0).complete(produced());
        assertThat(client.answered()).containsExactly(1);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void apiOfKraftAndUnknownVersionCloseTheConnection() {
        client.send(frameWithHeader(ApiKeys.DESCRIBE_QUORUM.id, 1, 1));
        assertThat(client.isClosed()).isTrue();

        Client other = new Client(handlers);
        other.send(frameWithHeader(ApiKeys.METADATA.id, 99, 1));
        assertThat(other.isClosed()).isTrue();
        assertThat(metadata.requests).isEmpty();
    }

    private static ByteBuf frameWithHeader(int api, int version, int correlationId) {
        ByteBuffer body = ByteBuffer.allocate(10);
        body.putShort((short) api)
                .putShort((short) version)
                .putInt(correlationId)
                .putShort((short) -1);
        return Requests.frame(body.flip());
    }

    @Test
    void tooNewApiVersionsIsTakenAsVersionZero() {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.API_VERSIONS.id)
                .setRequestApiVersion((short) 77)
                .setCorrelationId(5)
                .setClientId("future");
        ByteBuffer body = ByteBuffer.allocate(100);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        header.size(cache, (short) 2);
        header.write(new ByteBufferAccessor(body), cache, (short) 2);
        body.put(new byte[] {1, 2, 3});
        client.send(Requests.frame(body.flip()));

        ApiVersionsRequest request = (ApiVersionsRequest) apiVersions.requests.get(0);
        assertThat(request.hasUnsupportedRequestVersion()).isTrue();
        apiVersions.answers.get(0).complete(request.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception()));
        ByteBuf frame = client.frames().get(0);
        ApiVersionsResponse answer = (ApiVersionsResponse) Requests.parse(frame, ApiKeys.API_VERSIONS, (short) 0, 5);
        assertThat(answer.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.apiVersion(ApiKeys.API_VERSIONS.id).maxVersion()).isEqualTo((short) 4);
    }

    @Test
    void remembersTheClientsSoftware() {
        ApiVersionsRequestData data =
                new ApiVersionsRequestData().setClientSoftwareName("kcat").setClientSoftwareVersion("1.7");
        client.send(Requests.frame(new ApiVersionsRequest(data, (short) 3), 1));
        apiVersions.answers.get(0).complete(new ApiVersionsResponse(new ApiVersionsResponseData()));
        client.send(Requests.frame(Requests.metadata(), 2));

        assertThat(metadata.contexts.get(0).clientSoftwareName()).isEqualTo("kcat");
        assertThat(metadata.contexts.get(0).clientSoftwareVersion()).isEqualTo("1.7");
        assertThat(metadata.contexts.get(0).connectionId()).isEqualTo("127.0.0.1:9092-127.0.0.1:40000-0");
        assertThat(metadata.contexts.get(0).clientId()).isEqualTo(Requests.CLIENT_ID);
    }

    @Test
    void requestOfAnApiNobodyAnswersClosesTheConnection() {
        client.send(Requests.frame(new ListGroupsRequest.Builder(new ListGroupsRequestData()).build((short) 4), 1));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void idleConnectionIsClosedButNotOneThatIsOwedAnAnswer() {
        client.channel.freezeTime();
        client.send(Requests.frame(Requests.fetch(), 1));
        client.channel.advanceTimeBy(700, TimeUnit.SECONDS);
        client.channel.runScheduledPendingTasks();
        assertThat(client.isClosed()).isFalse();

        fetch.answers.get(0).complete(fetched());
        client.channel.advanceTimeBy(599, TimeUnit.SECONDS);
        client.channel.runScheduledPendingTasks();
        client.channel.advanceTimeBy(600, TimeUnit.SECONDS);
        client.channel.runScheduledPendingTasks();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void drainingAnswersWhatWasAskedAndTakesNothingMore() {
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 1));
        client.connection().closeWhenAnswered();
        client.channel.runPendingTasks();
        client.send(Requests.frame(Requests.produce(ACKS_ALL), 2));
        assertThat(produce.requests).hasSize(1);
        assertThat(client.isClosed()).isFalse();

        produce.answers.get(0).complete(produced());
        assertThat(client.answered()).containsExactly(1);
        assertThat(client.isClosed()).isTrue();
    }
}
