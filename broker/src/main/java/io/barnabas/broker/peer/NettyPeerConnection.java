// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.network.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A connection to a peer. Its state belongs to its event loop; {@link #send} only hands over. When the connection breaks,
 * whatever was given to it fails at once: who sent it knows whether to send again.
 */
final class NettyPeerConnection implements PeerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(NettyPeerConnection.class);

    /** Where the connection is in its life. */
    private enum Stage {
        IDLE,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private final Peer peer;
    private final String clientId;
    private final Duration requestTimeout;
    private final Transport transport;
    private final EventLoop eventLoop;
    private final PeerConfig settings;
    private final PeerChannelSetup setup;
    private final Executor resolver;
    private final LongSupplier ticker;
    private final PeerListener listener;
    private final AtomicInteger pending = new AtomicInteger();
    private final Queue<PeerRequest> waiting = new ArrayDeque<>();
    private final Queue<PeerRequest> inFlight = new ArrayDeque<>();

    private volatile Stage stage = Stage.IDLE;
    private Channel channel;
    private int correlationId;
    private int failures;
    private long retryAtNanos;
    private ScheduledFuture<?> timeoutCheck;

    NettyPeerConnection(Peer peer, String clientId, Duration requestTimeout, PeerEnvironment environment) {
        this.peer = peer;
        this.clientId = clientId;
        this.requestTimeout = requestTimeout;
        this.transport = environment.transport();
        this.eventLoop = transport.group().next();
        this.settings = environment.settings();
        this.setup = environment.setup();
        this.resolver = environment.resolver();
        this.ticker = environment.ticker();
        this.listener = environment.listener();
        this.retryAtNanos = ticker.getAsLong();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public boolean isConnected() {
        return stage == Stage.CONNECTED;
    }

    boolean isClosed() {
        return stage == Stage.CLOSED;
    }

    @Override
    public CompletableFuture<AbstractResponse> send(AbstractRequest request) {
        CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
        if (pending.incrementAndGet() > settings.maxPendingRequests()) {
            pending.decrementAndGet();
            answer.completeExceptionally(
                    new RejectedExecutionException(settings.maxPendingRequests() + " requests wait for " + peer));
            return answer;
        }
        long deadlineNanos = ticker.getAsLong() + requestTimeout.toNanos();
        if (eventLoop.inEventLoop()) {
            accept(request, deadlineNanos, answer);
        } else {
            handOver(request, deadlineNanos, answer);
        }
        return answer;
    }

    private void handOver(AbstractRequest request, long deadlineNanos, CompletableFuture<AbstractResponse> answer) {
        try {
            eventLoop.execute(() -> accept(request, deadlineNanos, answer));
        } catch (RejectedExecutionException e) {
            pending.decrementAndGet();
            answer.completeExceptionally(new DisconnectException("the event loop is shut down"));
        }
    }

    private void accept(AbstractRequest request, long deadlineNanos, CompletableFuture<AbstractResponse> answer) {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), clientId, nextCorrelationId());
        PeerRequest accepted = new PeerRequest(header, request, deadlineNanos, answer);
        switch (stage) {
            case CLOSED -> fail(accepted, new DisconnectException("the connection to " + peer + " is closed"));
            case CONNECTED -> {
                write(accepted);
                channel.flush();
            }
            case CONNECTING -> waiting.add(accepted);
            case IDLE -> {
                waiting.add(accepted);
                connectAfterBackoff();
            }
        }
        ensureTimeoutCheck();
    }

    private int nextCorrelationId() {
        int next = correlationId;
        correlationId = correlationId == Integer.MAX_VALUE ? 0 : correlationId + 1;
        return next;
    }

    // ---- connecting

    private void connectAfterBackoff() {
        stage = Stage.CONNECTING;
        long waitNanos = retryAtNanos - ticker.getAsLong();
        if (waitNanos > 0) {
            eventLoop.schedule(this::resolve, waitNanos, TimeUnit.NANOSECONDS);
        } else {
            resolve();
        }
    }

    private void resolve() {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (NetUtil.createByteArrayFromIpAddressString(peer.host()) != null) {
            connect(new InetSocketAddress(peer.host(), peer.port()));
            return;
        }
        CompletableFuture.supplyAsync(() -> lookUp(peer), resolver).whenCompleteAsync(this::onResolved, eventLoop);
    }

    private static InetSocketAddress lookUp(Peer peer) {
        try {
            return new InetSocketAddress(InetAddress.getByName(peer.host()), peer.port());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void onResolved(InetSocketAddress address, Throwable failure) {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (failure == null) {
            connect(address);
        } else {
            onConnectFailed(failure);
        }
    }

    private void connect(InetSocketAddress address) {
        PeerFrameDecoder decoder = new PeerFrameDecoder(settings.maxResponseBytes());
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectTimeoutMs())
                .option(ChannelOption.RECVBUF_ALLOCATOR, decoder.receiveAllocator())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel created) {
                        setup.prepare(created, peer);
                        created.pipeline().addLast(decoder, new Receiver());
                    }
                });
        if (settings.receiveBufferBytes() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
        }
        ChannelFuture connecting = bootstrap.connect(address);
        channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                onConnectFailed(done.cause());
            } else if (stage == Stage.CLOSED) {
                connecting.channel().close();
            } else {
                startHandshake(connecting.channel());
            }
        });
    }

    private void startHandshake(Channel connected) {
        setup.handshake(connected, peer).whenComplete((ready, failure) -> {
            if (eventLoop.inEventLoop()) {
                onHandshake(connected, failure);
            } else {
                eventLoop.execute(() -> onHandshake(connected, failure));
            }
        });
    }

    private void onHandshake(Channel connected, Throwable failure) {
        if (failure != null) {
            LOG.warn("Handshake with {} failed: {}", peer, failure.toString());
            connected.close();
            return;
        }
        if (stage == Stage.CLOSED || !connected.isActive()) {
            return;
        }
        stage = Stage.CONNECTED;
        failures = 0;
        listener.connected(peer);
        for (PeerRequest next = waiting.poll(); next != null; next = waiting.poll()) {
            write(next);
        }
        connected.flush();
    }

    private void onConnectFailed(Throwable cause) {
        if (stage == Stage.CLOSED) {
            return;
        }
        LOG.debug("Cannot connect to {}: {}", peer, cause.toString());
        backOff();
        boolean refused = cause instanceof ConnectException
                && !(cause instanceof ConnectTimeoutException)
                && String.valueOf(cause.getMessage()).contains("refused");
        String message = "cannot connect to " + peer + ": " + cause.getMessage();
        failAll(refused ? new ConnectionRefusedException(message) : new DisconnectException(message));
        if (refused) {
            listener.refused(peer);
        }
    }

    private void backOff() {
        stage = Stage.IDLE;
        channel = null;
        failures++;
        retryAtNanos = ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(settings.backoffMs(failures));
    }

    // ---- requests and answers

    private void write(PeerRequest request) {
        inFlight.add(request);
        try {
            ByteBuffer bytes = request.request().serializeWithHeader(request.header());
            ByteBuf frame = channel.alloc().directBuffer(Integer.BYTES + bytes.remaining());
            frame.writeInt(bytes.remaining()).writeBytes(bytes);
            channel.write(frame, channel.voidPromise());
        } catch (RuntimeException e) {
            inFlight.remove(request);
            fail(request, e);
        }
    }

    private void onFrame(ByteBuf frame) {
        PeerRequest request = inFlight.peek();
        if (request == null) {
            throw new IllegalStateException("an answer to no request");
        }
        AbstractResponse response = AbstractResponse.parseResponse(frame.nioBuffer(), request.header());
        inFlight.remove();
        pending.decrementAndGet();
        request.answer().complete(response);
    }

    private void fail(PeerRequest request, Throwable cause) {
        pending.decrementAndGet();
        request.answer().completeExceptionally(cause);
    }

    private void failAll(RuntimeException cause) {
        List<PeerRequest> failed = new ArrayList<>(inFlight);
        failed.addAll(waiting);
        inFlight.clear();
        waiting.clear();
        failed.forEach(request -> fail(request, cause));
    }

    private void onLost(Channel lost, Throwable cause) {
        if (lost != channel || stage == Stage.CLOSED) {
            return;
        }
        boolean wasConnected = stage == Stage.CONNECTED;
        backOff();
        failAll(new DisconnectException("lost the connection to " + peer + (cause == null ? "" : ": " + cause)));
        if (wasConnected) {
            listener.lost(peer);
        }
    }

    // ---- time-outs: one timer per connection, for whichever request is oldest

    private void ensureTimeoutCheck() {
        PeerRequest oldest = oldest();
        if (timeoutCheck == null && oldest != null) {
            long delayNanos = Math.max(1L, oldest.nanosLeft(ticker.getAsLong()));
            timeoutCheck = eventLoop.schedule(this::checkTimeouts, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private PeerRequest oldest() {
        PeerRequest oldest = inFlight.peek();
        return oldest == null ? waiting.peek() : oldest;
    }

    private void checkTimeouts() {
        timeoutCheck = null;
        PeerRequest oldest = oldest();
        if (oldest != null && oldest.nanosLeft(ticker.getAsLong()) <= 0) {
            // whoever probes judges the silence itself
            Level level = oldest.header().apiKey() == ApiKeys.API_VERSIONS ? Level.DEBUG : Level.WARN;
            LOG.atLevel(level)
                    .log(
                            "{} to {} was not answered within {} ms",
                            oldest.header().apiKey(),
                            peer,
                            requestTimeout.toMillis());
            boolean wasInFlight = inFlight.remove(oldest);
            waiting.remove(oldest);
            fail(oldest, new TimeoutException(peer + " did not answer within " + requestTimeout.toMillis() + " ms"));
            if (wasInFlight && channel != null) {
                channel.close();
            }
        }
        ensureTimeoutCheck();
    }

    @Override
    public void close() {
        try {
            eventLoop.execute(this::closeNow);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} closed after its event loop", peer);
        }
    }

    private void closeNow() {
        if (stage == Stage.CLOSED) {
            return;
        }
        stage = Stage.CLOSED;
        if (timeoutCheck != null) {
            timeoutCheck.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
        failAll(new DisconnectException("the connection to " + peer + " is closed"));
    }

    /** Takes whole frames; any failure costs the connection. */
    private final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        private Throwable cause;

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            onFrame(frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            onLost(context.channel(), cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable caught) {
            cause = caught;
            if (caught instanceof IOException) {
                LOG.debug("Connection to {} broke: {}", peer, caught.toString());
            } else {
                LOG.warn("Closing the connection to {}: {}", peer, caught.toString());
            }
            context.close();
        }
    }
}
