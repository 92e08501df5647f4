// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final int MAX_BYTES = 5000;

    /** The inner end of a pipeline: keeps frames and what went wrong. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {
        final List<byte[]> frames = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        final RequestMemory memory = new RequestMemory(Long.MAX_VALUE);
        final FrameDecoder decoder = new FrameDecoder(MAX_BYTES, memory);
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ReadGate gate = new ReadGate(channel, decoder::resume);

        Receiver() {
            decoder.gate(gate);
            channel.pipeline().addLast(decoder, this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf frame = (ByteBuf) msg;
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            memory.release(bytes.length);
            frames.add(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        /** What a socket does: reads into the buffer the decoder wants filled, or into one of its own. */
        void receive(byte[] bytes, int from, int to) {
            int at = from;
            while (at < to) {
                ByteBuf wanted = decoder.fillable();
                ByteBuf into = wanted == null ? ByteBufAllocator.DEFAULT.directBuffer(to - at) : wanted.retain();
                int count = Math.min(into.writableBytes(), to - at);
                into.writeBytes(bytes, at, count);
                at += count;
                channel.pipeline().fireChannelRead(into);
            }
        }
    }

    private static byte[] stream(List<byte[]> frames) {
        ByteBuf stream = Unpooled.buffer();
        frames.forEach(frame -> stream.writeInt(frame.length).writeBytes(frame));
        byte[] bytes = new byte[stream.readableBytes()];
        stream.readBytes(bytes);
        return bytes;
    }

    @Provide
    Arbitrary<byte[]> frames() {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(MAX_BYTES);
    }

    @Property(tries = 300)
    void framesComeOutAsTheyWentInHoweverTheStreamIsCut(
            @ForAll @Size(max = 8) List<@From("frames") byte[]> frames,
            @ForAll @IntRange(min = 1, max = 4000) int longestPiece,
            @ForAll long seed) {
        Receiver receiver = new Receiver();
        byte[] stream = stream(frames);
        Random random = new Random(seed);
        int at = 0;
        while (at < stream.length) {
            int to = Math.min(stream.length, at + 1 + random.nextInt(longestPiece));
            receiver.receive(stream, at, to);
            at = to;
        }
        assertThat(receiver.frames).containsExactlyElementsOf(frames);
        assertThat(receiver.failures).isEmpty();
        assertThat(receiver.memory.usedBytes()).isZero();
        receiver.channel.close();
        assertThat(receiver.failures).isEmpty();
    }

    @Property(tries = 300)
    void randomBytesAreRefusedAtMostOnceAndLeakNothing(@ForAll @Size(max = 3000) byte[] bytes) {
        Receiver receiver = new Receiver();
        receiver.receive(bytes, 0, bytes.length);
        receiver.channel.close();
        assertThat(receiver.failures).hasSizeLessThanOrEqualTo(1).allMatch(MalformedRequestException.class::isInstance);
        assertThat(receiver.memory.usedBytes()).isZero();
    }

    @Property(tries = 100)
    void truncatedStreamIsReportedOnce(
            @ForAll("frames") byte[] frame, @ForAll @IntRange(min = 1, max = MAX_BYTES) int missing) {
        Receiver receiver = new Receiver();
        byte[] stream = stream(List.of(frame));
        int length = Math.max(1, stream.length - missing);
        if (length == stream.length) {
            return;
        }
        receiver.receive(stream, 0, length);
        receiver.channel.close();
        assertThat(receiver.frames).isEmpty();
        assertThat(receiver.failures).hasSize(1);
        assertThat(receiver.failures.get(0)).hasMessageContaining("the stream ended");
        assertThat(receiver.memory.usedBytes()).isZero();
    }

    @Test
    void oversizedAndNegativeFramesAreRefusedAndNothingAfterThemIsRead() {
        for (int size : new int[] {MAX_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            Receiver receiver = new Receiver();
            receiver.channel.writeInbound(Unpooled.buffer().writeInt(size).writeBytes(new byte[100]));
            receiver.channel.writeInbound(Unpooled.buffer().writeInt(1).writeByte(1));
            assertThat(receiver.frames).isEmpty();
            assertThat(receiver.failures).hasSize(1);
            assertThat(receiver.failures.get(0)).hasMessageContaining("a frame of " + size + " bytes");
            assertThat(receiver.memory.usedBytes()).isZero();
        }
    }

    @Test
    void longFrameIsReadIntoItsOwnBufferWithoutCopying() {
        Receiver receiver = new Receiver();
        receiver.channel.writeInbound(Unpooled.buffer().writeInt(3000).writeBytes(new byte[10]));
        ByteBuf wanted = receiver.decoder.fillable();
        assertThat(wanted.writableBytes()).isEqualTo(2990);

        wanted.retain().writeBytes(new byte[2990]);
        receiver.channel.pipeline().fireChannelRead(wanted);
        assertThat(receiver.frames).hasSize(1);
        assertThat(wanted.refCnt()).isZero();
    }

    @Test
    void nothingIsPassedOnWhileTheGateIsClosed() {
        Receiver receiver = new Receiver();
        receiver.gate.close(ReadGate.Reason.IN_FLIGHT);
        receiver.channel.writeInbound(
                Unpooled.buffer().writeInt(1).writeByte(1).writeInt(1).writeByte(2));
        assertThat(receiver.frames).isEmpty();
        assertThat(receiver.channel.config().isAutoRead()).isFalse();

        receiver.gate.open(ReadGate.Reason.IN_FLIGHT);
        assertThat(receiver.frames).containsExactly(new byte[] {1}, new byte[] {2});
        assertThat(receiver.channel.config().isAutoRead()).isTrue();
    }
}
