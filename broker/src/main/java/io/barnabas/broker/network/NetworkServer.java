// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.network.wire.RequestMemory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's listeners. {@link #start()} binds them all; nobody is let in before {@link #startAccepting()}, though
 * the system already queues those who knock. All listeners share the transport's event loops, on which the handlers
 * run. Start and stop are called once each, by one thread.
 */
public final class NetworkServer {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkServer.class);

    private final List<ListenerBinding> listeners;
    private final SocketConfig config;
    private final RequestPipeline requests;
    private final Transport transport;
    private final RequestMemory memory;
    private final ConnectionAdmission admission;
    private final ClosingLog closings;
    private final Connections connections = new Connections();
    private final Map<String, Acceptor> acceptors = new LinkedHashMap<>();
    private final Map<String, Channel> serverChannels = new LinkedHashMap<>();

    /**
     * @param listeners where to listen; names are unique
     * @param transport its event loops stay the caller's
     * @param ticker monotonic nanoseconds
     */
    public NetworkServer(
            List<ListenerBinding> listeners,
            SocketConfig config,
            ConnectionLimits limits,
            RequestPipeline requests,
            Transport transport,
            LongSupplier ticker) {
        this.listeners = List.copyOf(listeners);
        this.config = config;
        this.requests = requests;
        this.transport = transport;
        this.closings = new ClosingLog(LOG, ticker);
        this.memory = new RequestMemory(config.queuedMaxRequestBytes());
        this.admission = new ConnectionAdmission(listeners, config.interBrokerListener(), limits);
        for (ListenerBinding listener : listeners) {
            acceptors.put(
                    listener.name(), new Acceptor(listener.name(), admission, this::refreshAcceptors, this::makeRoom));
        }
    }

    /**
     * Binds all listeners.
     *
     * @throws KafkaException if one cannot be bound; then none is
     */
    public void start() {
        for (ListenerBinding listener : listeners) {
            ChannelFuture bound = bind(listener).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                serverChannels.values().forEach(Channel::close);
                throw new KafkaException("Socket server failed to bind to " + shown(listener.host()) + ":"
                        + listener.port() + ": " + bound.cause().getMessage());
            }
            serverChannels.put(listener.name(), bound.channel());
            LOG.info(
                    "Listener {} is bound to {}:{}",
                    listener.name(),
                    shown(listener.host()),
                    boundPort(listener.name()));
        }
    }

    private static String shown(String host) {
        return host.isEmpty() ? "0.0.0.0" : host;
    }

    private ChannelFuture bind(ListenerBinding listener) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel())
                .handler(acceptors.get(listener.name()))
                .childHandler(new ConnectionInitializer(listener))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, config.listenBacklog())
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        if (config.receiveBufferBytes() > 0) { // before accepting, for the window's scale
            bootstrap.option(ChannelOption.SO_RCVBUF, config.receiveBufferBytes());
        }
        if (config.sendBufferBytes() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, config.sendBufferBytes());
        }
        return bootstrap.bind(
                listener.host().isEmpty()
                        ? new InetSocketAddress(listener.port())
                        : new InetSocketAddress(listener.host(), listener.port()));
    }

    /** Lets clients in on all listeners. */
    public void startAccepting() {
        acceptors.values().forEach(Acceptor::startAccepting);
    }

    /** Lets clients in on one listener; the others as they were. */
    public void startAccepting(String listener) {
        acceptors.get(listener).startAccepting();
    }

    /** The port a listener is bound to, also where 0 was asked for. To be called after {@link #start()}. */
    public int boundPort(String listener) {
        return ((InetSocketAddress) serverChannels.get(listener).localAddress()).getPort();
    }

    /** Changes the limits on connections; those open stay. */
    public void updateLimits(ConnectionLimits limits) {
        admission.limits(limits);
        refreshAcceptors();
    }

    /** Changes the listeners' own limits on connections; of what else a listener is nothing changes while it is bound. */
    public void updateListeners(List<ListenerBinding> changed) {
        admission.listenerLimits(changed);
        refreshAcceptors();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * Closes the listeners, reads no more requests, answers those it has, and closes their connections.
     *
     * @param grace after which connections still unanswered are cut off
     * @return completes when all is closed
     */
    public CompletionStage<Void> stop(Duration grace) {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (Channel channel : serverChannels.values()) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            channel.close().addListener(done -> future.complete(null));
            closed.add(future);
        }
        return CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new))
                .thenCompose(done -> connections.drain(grace.toMillis(), transport.group()));
    }

    private void refreshAcceptors() {
        acceptors.values().forEach(Acceptor::refresh);
    }

    private void makeRoom() {
        connections
                .leastRecentlyUsed(listener -> !admission.isProtected(listener))
                .ifPresent(connection -> connection.closeBecause(
                        "max.connections is reached, and a broker needed the place of the one idle longest"));
    }

    private final class ConnectionInitializer extends ChannelInitializer<Channel> {
        private final ListenerBinding listener;
        private final AtomicInteger nextIndex = new AtomicInteger();

        ConnectionInitializer(ListenerBinding listener) {
            this.listener = listener;
        }

        @Override
        protected void initChannel(Channel channel) {
            int index = nextIndex.getAndUpdate(last -> last == Integer.MAX_VALUE ? 0 : last + 1);
            ConnectionIdentity identity = Connection.identity(channel, listener, index);
            connections.add(new Connection(channel, identity, config, requests, memory, closings));
        }
    }
}
