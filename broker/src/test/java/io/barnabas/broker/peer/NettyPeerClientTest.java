// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.broker.network.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NettyPeerClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static Transport transport;

    private final List<String> news = new CopyOnWriteArrayList<>();
    private FakeBroker broker;
    private NettyPeerClient client;

    @BeforeAll
    static void startLoops() {
        transport = Transport.start(1, "peer-test");
    }

    @AfterAll
    static void stopLoops() {
        transport.group().shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException {
        if (client != null) {
            client.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private NettyPeerClient client(int maxPending, int maxFrame) {
        client = new NettyPeerClient(
                transport,
                new PeerConfig(7, 5000, 2000, 10, 50, maxPending, maxFrame, -1),
                PeerChannelSetup.PLAINTEXT,
                Runnable::run,
                System::nanoTime);
        client.addListener(new PeerListener() {
            @Override
            public void connected(Peer peer) {
                news.add("connected");
            }

            @Override
            public void lost(Peer peer) {
                news.add("lost");
            }

            @Override
            public void refused(Peer peer) {
                news.add("refused");
            }
        });
        return client;
    }

    private PeerConnection connect(FakeBroker.Behaviour behaviour) throws IOException {
        return connect(behaviour, PATIENCE);
    }

    private PeerConnection connect(FakeBroker.Behaviour behaviour, Duration timeout) throws IOException {
        broker = new FakeBroker(behaviour);
        return client(100, 50_000_000).connection(broker.peer(), PeerPurpose.CONTROL, 0, timeout);
    }

    /** A request that carries a number which comes back as its answer's. */
    private static ControlledShutdownRequest ask(int number) {
        ControlledShutdownRequestData data =
                new ControlledShutdownRequestData().setBrokerId(number).setBrokerEpoch(1);
        return new ControlledShutdownRequest.Builder(data, (short) 3).build((short) 3);
    }

    private static final FakeBroker.Behaviour ECHO = (header, body, out, socket) -> {
        ControlledShutdownRequestData asked =
                ControlledShutdownRequest.parse(body, header.apiVersion()).data();
        ControlledShutdownResponseData data = new ControlledShutdownResponseData().setErrorCode((short) 0);
        data.remainingPartitions()
                .add(new ControlledShutdownResponseData.RemainingPartition()
                        .setTopicName("t")
                        .setPartitionIndex(asked.brokerId()));
        FakeBroker.answer(out, header, MessageUtil.toByteBuffer(data, header.apiVersion()));
    };

    private static int number(AbstractResponse response) {
        return ((ControlledShutdownResponse) response)
                .data()
                .remainingPartitions()
                .iterator()
                .next()
                .partitionIndex();
    }

    @Test
    void pipelinesRequestsAndGivesEachItsOwnAnswer() throws IOException {
        PeerConnection connection = connect(ECHO);
        List<CompletableFuture<AbstractResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(connection.send(ask(i)));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(number(answers.get(i).join())).isEqualTo(i);
        }
        assertThat(broker.connections()).isEqualTo(1);
    }

    @Test
    void keepsPurposesAndLanesApart() throws IOException {
        connect(ECHO);
        PeerConnection control = client.connection(broker.peer(), PeerPurpose.CONTROL, 0, PATIENCE);

        assertThat(client.connection(broker.peer(), PeerPurpose.CONTROL, 0, PATIENCE))
                .isSameAs(control);
        assertThat(client.connection(broker.peer(), PeerPurpose.FETCH, 0, PATIENCE))
                .isNotSameAs(control);
        assertThat(client.connection(broker.peer(), PeerPurpose.FETCH, 1, PATIENCE))
                .isNotSameAs(client.connection(broker.peer(), PeerPurpose.FETCH, 0, PATIENCE));
    }

    @Test
    void makesAnotherConnectionWhenTheBrokerMoved() throws IOException {
        PeerConnection before = connect(ECHO);
        Peer moved = new Peer(1, "localhost", broker.peer().port());

        PeerConnection after = client.connection(moved, PeerPurpose.CONTROL, 0, PATIENCE);

        assertThat(number(after.send(ask(3)).join())).isEqualTo(3);
        assertThatThrownBy(() -> before.send(ask(1)).join()).hasCauseInstanceOf(DisconnectException.class);
    }

    @Test
    void failsARequestThatIsNotAnsweredInTimeAndDropsTheConnection() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) -> {}, Duration.ofMillis(200));

        assertThatThrownBy(() -> connection.send(ask(1)).join()).hasCauseInstanceOf(TimeoutException.class);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(news).contains("lost"));
        broker.behave(ECHO);
        assertThat(number(connection.send(ask(2)).join())).isEqualTo(2);
        assertThat(broker.connections()).isEqualTo(2);
    }

    @Test
    void failsEverythingInFlightAtOnceWhenThePeerResets() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) -> FakeBroker.reset(socket));

        CompletableFuture<AbstractResponse> one = connection.send(ask(1));
        CompletableFuture<AbstractResponse> two = connection.send(ask(2));

        assertThatThrownBy(one::join).hasCauseInstanceOf(DisconnectException.class);
        assertThatThrownBy(two::join).hasCauseInstanceOf(DisconnectException.class);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(news).containsSubsequence("connected", "lost"));
    }

    @Test
    void tellsThatNobodyListensThere() throws IOException {
        PeerConnection connection = connect(ECHO);
        connection.send(ask(1)).join();
        broker.close();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(news).contains("lost"));

        assertThatThrownBy(() -> connection.send(ask(2)).join()).hasCauseInstanceOf(DisconnectException.class);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(news).containsSubsequence("connected", "lost", "refused"));
    }

    @Test
    void closesTheConnectionWhenAnAnswerIsOutOfOrder() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) -> FakeBroker.answer(
                out,
                header,
                header.correlationId() + 1,
                MessageUtil.toByteBuffer(new ControlledShutdownResponseData(), header.apiVersion())));

        assertThatThrownBy(() -> connection.send(ask(1)).join()).hasCauseInstanceOf(DisconnectException.class);
    }

    @Test
    void closesTheConnectionWhenAFrameIsTooLarge() throws IOException {
        broker = new FakeBroker((header, body, out, socket) -> {
            out.writeInt(2_000_000_000);
            out.flush();
        });
        PeerConnection connection = client(10, 1_000_000).connection(broker.peer(), PeerPurpose.CONTROL, 0, PATIENCE);

        assertThatThrownBy(() -> connection.send(ask(1)).join())
                .hasCauseInstanceOf(DisconnectException.class)
                .hasMessageContaining("2000000000");
    }

    @Test
    void closesTheConnectionWhenAnAnswerCannotBeRead() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) ->
                FakeBroker.answer(out, header, ByteBuffer.wrap(new byte[] {0, 0, 127, 127, 127})));

        assertThatThrownBy(() -> connection.send(ask(1)).join()).hasCauseInstanceOf(DisconnectException.class);
    }

    @Test
    void refusesMoreThanItsBound() throws IOException {
        broker = new FakeBroker((header, body, out, socket) -> {});
        PeerConnection connection = client(3, 1_000_000).connection(broker.peer(), PeerPurpose.CONTROL, 0, PATIENCE);
        for (int i = 0; i < 3; i++) {
            connection.send(ask(i));
        }

        assertThatThrownBy(() -> connection.send(ask(4)).join()).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void failsWhatIsInFlightWhenClosed() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) -> {});
        CompletableFuture<AbstractResponse> answer = connection.send(ask(1));

        client.close();

        assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
        assertThat(client.send(broker.peer(), PeerPurpose.COORDINATION, ask(1))).isCompletedExceptionally();
    }

    /** Ten megabytes come in many reads; each record must be the one that was sent. */
    @Test
    void receivesALargeFetchInOneBufferThatIsFreedAfterwards() throws IOException {
        byte[] payload = new byte[8_000_000];
        new java.util.Random(5).nextBytes(payload);
        PeerConnection connection = connect((header, body, out, socket) -> {
            FetchResponseData data = new FetchResponseData();
            data.responses()
                    .add(new FetchResponseData.FetchableTopicResponse()
                            .setTopicId(new Uuid(1, 1))
                            .setPartitions(List.of(new FetchResponseData.PartitionData()
                                    .setPartitionIndex(0)
                                    .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(payload))))));
            FakeBroker.answer(out, header, MessageUtil.toByteBuffer(data, header.apiVersion()));
        });
        FetchRequest request = new FetchRequest(new FetchRequestData(), (short) 17);

        for (int round = 0; round < 5; round++) {
            byte[] received = connection
                    .send(request)
                    .thenApply(NettyPeerClientTest::copyRecords)
                    .join();
            assertThat(received).isEqualTo(payload);
        }
    }

    private static byte[] copyRecords(AbstractResponse response) {
        MemoryRecords records = (MemoryRecords) ((FetchResponse) response)
                .data()
                .responses()
                .get(0)
                .partitions()
                .get(0)
                .records();
        byte[] copy = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(copy);
        return copy;
    }

    @Test
    void readsFramesHoweverTheyAreCut() throws IOException {
        PeerConnection connection = connect((header, body, out, socket) -> {
            java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();
            ECHO.onRequest(header, body, new java.io.DataOutputStream(whole), socket);
            for (byte next : whole.toByteArray()) {
                out.write(next);
                out.flush();
            }
        });

        assertThat(number(connection.send(ask(5)).join())).isEqualTo(5);
        assertThat(number(connection.send(ask(6)).join())).isEqualTo(6);
    }
}
