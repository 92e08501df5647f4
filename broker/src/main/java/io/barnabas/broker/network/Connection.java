// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.network.wire.FlushCoalescer;
import io.barnabas.broker.network.wire.FrameDecoder;
import io.barnabas.broker.network.wire.FrameReceiveAllocator;
import io.barnabas.broker.network.wire.ReadGate;
import io.barnabas.broker.network.wire.RequestMemory;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;

/**
 * A client's connection: its pipeline, and what others may ask of it from any thread.
 *
 * <p>The pipeline, from the socket inwards: flush coalescer, idle closer, frame decoder, request dispatcher. TLS
 * belongs before all of them (frames are then not read in place, see {@link FrameReceiveAllocator}); SASL, which
 * speaks in requests, belongs between decoder and dispatcher and decides the principal.
 */
final class Connection {
    private final Channel channel;
    private final String listener;
    private final IdleCloser idleCloser;
    private final RequestDispatcher dispatcher;

    /** Builds the pipeline of a fresh channel, on its event loop. */
    Connection(
            Channel channel,
            ConnectionIdentity identity,
            SocketConfig config,
            RequestPipeline requests,
            RequestMemory memory,
            ClosingLog closings) {
        this.channel = channel;
        this.listener = identity.listener();
        FlushCoalescer flusher = new FlushCoalescer();
        FrameDecoder decoder = new FrameDecoder(config.maxRequestBytes(), memory);
        ReadGate gate = new ReadGate(channel, decoder::resume);
        decoder.gate(gate);
        this.dispatcher = new RequestDispatcher(
                requests, identity, memory, gate, flusher, config.maxInFlightPerConnection(), closings);
        this.idleCloser = new IdleCloser(config.maxIdleMs(), dispatcher::isBusy);
        channel.config().setRecvByteBufAllocator(new FrameReceiveAllocator(decoder));
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("flush", flusher);
        pipeline.addLast("idle", idleCloser);
        pipeline.addLast("frames", decoder);
        pipeline.addLast("requests", dispatcher);
    }

    /** Who is at the other end of a socket just accepted, as far as the socket tells. */
    static ConnectionIdentity identity(Channel channel, ListenerBinding listener, int index) {
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        return new ConnectionIdentity(
                ConnectionIdentity.connectionId(local, remote, index),
                remote.getAddress(),
                listener.name(),
                listener.securityProtocol());
    }

    String listener() {
        return listener;
    }

    Channel channel() {
        return channel;
    }

    /** When it was last read from; comparable among connections of event loops with the same ticker. */
    long lastActivityNs() {
        return idleCloser.lastActivityNs();
    }

    void closeBecause(String why) {
        channel.eventLoop().execute(() -> dispatcher.closeBecause(why));
    }

    void closeWhenAnswered() {
        channel.eventLoop().execute(dispatcher::closeWhenAnswered);
    }
}
