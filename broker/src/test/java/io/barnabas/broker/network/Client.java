// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.network.wire.RequestMemory;
import io.barnabas.coordination.cluster.ClusterImage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.LoggerFactory;

/** The peer of a connection whose socket is embedded in the test. */
public final class Client {
    final EmbeddedChannel channel;
    final RequestMemory memory;
    private final ByteBuf received = Unpooled.buffer();
    private Connection connection;

    Client(RequestPipeline requests) {
        this(requests, SocketConfig.DEFAULT);
    }

    Client(RequestPipeline requests, SocketConfig config) {
        this(requests, config, new RequestMemory(config.queuedMaxRequestBytes()));
    }

    Client(RequestPipeline requests, SocketConfig config, RequestMemory memory) {
        this.memory = memory;
        ConnectionIdentity identity = new ConnectionIdentity(
                "127.0.0.1:9092-127.0.0.1:40000-0",
                InetAddress.getLoopbackAddress(),
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT);
        this.channel = new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel fresh) {
                connection = new Connection(
                        fresh,
                        identity,
                        config,
                        requests,
                        memory,
                        new ClosingLog(LoggerFactory.getLogger(Client.class), System::nanoTime));
            }
        });
    }

    /** A pipeline without an authorizer and without quotas. */
    static RequestPipeline pipeline(RecordingHandler... handlers) {
        return pipeline(RequestServices.open(() -> ClusterImage.EMPTY, InstantSource.system()), handlers);
    }

    static RequestPipeline pipeline(RequestServices services, RecordingHandler... handlers) {
        return new RequestPipeline(new HandlerRegistry(List.of(List.of(handlers))), services);
    }

    Connection connection() {
        return connection;
    }

    void send(ByteBuf bytes) {
        channel.writeInbound(bytes);
    }

    /** The correlation ids of all answers that have arrived since, in order. */
    public List<Integer> answered() {
        List<Integer> ids = new ArrayList<>();
        for (ByteBuf frame : frames()) {
            ids.add(frame.getInt(4));
        }
        return ids;
    }

    /** All whole frames that have arrived since, with their sizes. */
    public List<ByteBuf> frames() {
        channel.runPendingTasks();
        Object part = channel.readOutbound();
        while (part != null) {
            receive(part);
            part = channel.readOutbound();
        }
        List<ByteBuf> frames = new ArrayList<>();
        while (received.readableBytes() >= 4
                && received.readableBytes() >= 4 + received.getInt(received.readerIndex())) {
            byte[] frame = new byte[4 + received.getInt(received.readerIndex())];
            received.readBytes(frame);
            frames.add(Unpooled.wrappedBuffer(frame));
        }
        return frames;
    }

    private void receive(Object part) {
        try {
            if (part instanceof ByteBuf bytes) {
                received.writeBytes(bytes);
            } else {
                received.writeBytes(read((FileRegion) part));
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private static byte[] read(FileRegion region) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel target = Channels.newChannel(bytes);
        try {
            while (region.transferred() < region.count()) {
                if (region.transferTo(target, region.transferred()) <= 0) {
                    throw new IOException("nothing could be transferred from " + region);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    boolean isClosed() {
        channel.runPendingTasks();
        return !channel.isOpen();
    }
}
