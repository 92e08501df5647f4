// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.handler.cluster.ClusterConfig;
import io.barnabas.broker.handler.cluster.ClusterHandlers;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.netty.buffer.ByteBuf;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, with epoll and with NIO. */
class NetworkServerTest {
    private static final String LISTENER = "PLAINTEXT";

    private final AtomicReference<ClusterImage> image = new AtomicReference<>(ClusterImage.EMPTY);
    private final RecordingHandler produce = new RecordingHandler(ApiKeys.PRODUCE);
    private final List<Socket> sockets = new ArrayList<>();
    private Transport transport;
    private NetworkServer server;

    private void start(String kind, SocketConfig settings, ConnectionLimits limits, ListenerBinding... listeners) {
        transport = kind.equals("epoll") ? Transport.startEpoll(2, "test") : Transport.startNio(2, "test");
        server = new NetworkServer(List.of(listeners), settings, limits, handlers(), transport, System::nanoTime);
        server.start();
        server.startAccepting();
    }

    private void start(String kind) {
        start(kind, SocketConfig.DEFAULT, ConnectionLimits.NONE, ListenerBinding.plaintext(LISTENER, "127.0.0.1", 0));
    }

    private RequestPipeline handlers() {
        ClusterConfig config = new ClusterConfig("cluster", 1, false, RecordVersion.V2, true, false);
        RequestServices services = RequestServices.open(image::get, InstantSource.system());
        return new RequestPipeline(
                new HandlerRegistry(List.of(
                        List.of(produce),
                        ClusterHandlers.all(
                                config, services, topics -> CompletableFuture.completedFuture(Map.of()), () -> 0L))),
                services);
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        if (server != null) {
            server.stop(Duration.ofSeconds(1)).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        if (transport != null) {
            transport.group().shutdownGracefully(0, 5, TimeUnit.SECONDS).get(60, TimeUnit.SECONDS);
        }
    }

    private Socket connect(String listener) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.boundPort(listener));
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, AbstractRequest request, int correlationId) throws IOException {
        ByteBuf bytes = Requests.frame(request, correlationId);
        byte[] frame = new byte[bytes.readableBytes()];
        bytes.readBytes(frame);
        new DataOutputStream(socket.getOutputStream()).write(frame);
    }

    private static int readCorrelationId(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] body = in.readNBytes(in.readInt());
        return ByteBuffer.wrap(body).getInt();
    }

    private static ApiVersionsRequest apiVersions() {
        return new ApiVersionsRequest(
                new ApiVersionsRequestData().setClientSoftwareName("t").setClientSoftwareVersion("1"), (short) 3);
    }

    private static boolean isClosedByPeer(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true; // reset
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void stockAdminClientFindsTheCluster(String kind) throws Exception {
        start(kind);
        int port = server.boundPort(LISTENER);
        Endpoint endpoint = new Endpoint(LISTENER, SecurityProtocol.PLAINTEXT, "127.0.0.1", port);
        image.set(new ClusterImage(
                OptionalInt.of(1), Map.of(1, new BrokerInfo(1, 5, List.of(endpoint), Optional.of("r1"))), Map.of()));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port))) {
            DescribeClusterResult cluster = admin.describeCluster();
            assertThat(cluster.clusterId().get(60, TimeUnit.SECONDS)).isEqualTo("cluster");
            assertThat(cluster.nodes().get(60, TimeUnit.SECONDS)).hasSize(1).allMatch(node -> node.port() == port);
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void longProducesArriveWholeAndAreAnsweredInOrder(String kind) throws Exception {
        start(kind);
        Socket socket = connect(LISTENER);
        byte[] records = new byte[3_000_000];
        new Random(7).nextBytes(records);
        ProduceRequest request = new ProduceRequest(
                new ProduceRequestData()
                        .setAcks((short) -1)
                        .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                        .setName("t")
                                        .setPartitionData(List.of(new PartitionProduceData()
                                                .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(records))))))
                                .iterator())),
                (short) 9);
        send(socket, request, 1);
        send(socket, request, 2);
        await().atMost(Duration.ofSeconds(60)).until(() -> produce.answers.size() == 2);

        for (AbstractRequest received : List.copyOf(produce.requests)) {
            MemoryRecords arrived = (MemoryRecords) ((ProduceRequest) received)
                    .data()
                    .topicData()
                    .iterator()
                    .next()
                    .partitionData()
                    .get(0)
                    .records();
            assertThat(arrived.buffer()).isEqualTo(ByteBuffer.wrap(records));
        }
        produce.answers.get(1).complete(new ProduceResponse(new ProduceResponseData()));
        produce.answers.get(0).complete(new ProduceResponse(new ProduceResponseData()));
        assertThat(readCorrelationId(socket)).isEqualTo(1);
        assertThat(readCorrelationId(socket)).isEqualTo(2);
    }

    @Test
    void takenPortIsOneClearError() {
        start("nio");
        NetworkServer second = new NetworkServer(
                List.of(ListenerBinding.plaintext(LISTENER, "127.0.0.1", server.boundPort(LISTENER))),
                SocketConfig.DEFAULT,
                ConnectionLimits.NONE,
                handlers(),
                transport,
                System::nanoTime);
        assertThatThrownBy(second::start)
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("Socket server failed to bind to 127.0.0.1:" + server.boundPort(LISTENER))
                .hasMessageContaining("in use");
    }

    @Test
    void clientsAreServedOnlyOnceAccepted() throws Exception {
        transport = Transport.start(1, "test");
        server = new NetworkServer(
                List.of(ListenerBinding.plaintext(LISTENER, "127.0.0.1", 0)),
                SocketConfig.DEFAULT,
                ConnectionLimits.NONE,
                handlers(),
                transport,
                System::nanoTime);
        server.start();
        Socket socket = connect(LISTENER);
        send(socket, apiVersions(), 1);
        assertThat(server.connectionCount()).isZero();

        server.startAccepting(LISTENER);
        assertThat(readCorrelationId(socket)).isEqualTo(1);
    }

    @Test
    void malformedFrameHarmsNobodyElse() throws Exception {
        start("epoll");
        Socket good = connect(LISTENER);
        Socket bad = connect(LISTENER);
        new DataOutputStream(bad.getOutputStream()).writeInt(Integer.MAX_VALUE);
        assertThat(isClosedByPeer(bad)).isTrue();

        send(good, apiVersions(), 5);
        assertThat(readCorrelationId(good)).isEqualTo(5);
    }

    @Test
    void listenerAtItsLimitAcceptsAgainWhenOneLeaves() throws Exception {
        start(
                "epoll",
                SocketConfig.DEFAULT,
                ConnectionLimits.NONE,
                new ListenerBinding(LISTENER, SecurityProtocol.PLAINTEXT, "127.0.0.1", 0, 1));
        Socket first = connect(LISTENER);
        send(first, apiVersions(), 1);
        assertThat(readCorrelationId(first)).isEqualTo(1);
        Socket second = connect(LISTENER);
        send(second, apiVersions(), 2);
        assertThat(server.connectionCount()).isEqualTo(1);

        first.close();
        assertThat(readCorrelationId(second)).isEqualTo(2);
    }

    @Test
    void addressAtItsLimitIsTurnedAway() throws Exception {
        start(
                "nio",
                SocketConfig.DEFAULT,
                new ConnectionLimits(100, 1, Map.of()),
                ListenerBinding.plaintext(LISTENER, "127.0.0.1", 0));
        Socket first = connect(LISTENER);
        send(first, apiVersions(), 1);
        assertThat(readCorrelationId(first)).isEqualTo(1);
        assertThat(isClosedByPeer(connect(LISTENER))).isTrue();
    }

    @Test
    void brokerTakesThePlaceOfTheClientIdleLongest() throws Exception {
        SocketConfig settings = new SocketConfig(Optional.of("BROKERS"), 1_000_000, -1L, 64, -1, -1, 50, 600_000L);
        start(
                "epoll",
                settings,
                new ConnectionLimits(2, 100, Map.of()),
                ListenerBinding.plaintext("CLIENTS", "127.0.0.1", 0),
                ListenerBinding.plaintext("BROKERS", "127.0.0.1", 0));
        Socket idle = connect("CLIENTS");
        send(idle, apiVersions(), 1);
        readCorrelationId(idle);
        Socket busy = connect("CLIENTS");
        send(busy, apiVersions(), 1);
        readCorrelationId(busy);

        Socket broker = connect("BROKERS");
        send(broker, apiVersions(), 9);
        assertThat(readCorrelationId(broker)).isEqualTo(9);
        assertThat(isClosedByPeer(idle)).isTrue();
        send(busy, apiVersions(), 2);
        assertThat(readCorrelationId(busy)).isEqualTo(2);
    }

    @Test
    void stopAnswersWhatWasAskedAndCutsOffWhoIsNotDoneInTime() throws Exception {
        start("epoll");
        Socket answered = connect(LISTENER);
        Socket waiting = connect(LISTENER);
        send(answered, Requests.produce((short) -1), 1);
        await().atMost(Duration.ofSeconds(60)).until(() -> produce.answers.size() == 1);
        send(waiting, Requests.produce((short) -1), 2);
        await().atMost(Duration.ofSeconds(60)).until(() -> produce.answers.size() == 2);

        CompletableFuture<Void> stopped = server.stop(Duration.ofMillis(500)).toCompletableFuture();
        produce.answers.get(0).complete(new ProduceResponse(new ProduceResponseData()));
        assertThat(readCorrelationId(answered)).isEqualTo(1);
        stopped.get(60, TimeUnit.SECONDS);
        assertThat(isClosedByPeer(waiting)).isTrue();
        assertThat(server.connectionCount()).isZero();
    }
}
