// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Cuts the stream into frames, each in one buffer of exactly its size. A large frame under way is offered to the socket as
 * the buffer to read into, so its bytes are copied once, from the kernel. Owned by the channel's event loop; emits
 * buffers that the next handler releases.
 */
final class PeerFrameDecoder extends ChannelInboundHandlerAdapter {
    private static final int LENGTH_BYTES = 4;
    private static final int READ_INTO_FRAME_FROM = 16 * 1024;

    private final int maxFrameBytes;
    private int length;
    private int lengthBytesRead;
    private ByteBuf frame;

    PeerFrameDecoder(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** What the channel is to allocate its reads with. */
    RecvByteBufAllocator receiveAllocator() {
        return () -> new FrameReadHandle(
                (RecvByteBufAllocator.ExtendedHandle) new AdaptiveRecvByteBufAllocator().newHandle());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very buffer the socket was told to read into
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (in == frame) {
            in.release(); // the read's own count; the frame keeps its first
            emitIfComplete(context);
            return;
        }
        try {
            while (in.isReadable() && context.channel().isActive()) {
                take(context, in);
            }
        } finally {
            in.release();
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf in) {
        if (frame == null) {
            readLength(context, in);
        } else {
            frame.writeBytes(in, Math.min(in.readableBytes(), frame.writableBytes()));
            emitIfComplete(context);
        }
    }

    private void readLength(ChannelHandlerContext context, ByteBuf in) {
        while (lengthBytesRead < LENGTH_BYTES && in.isReadable()) {
            length = (length << 8) | in.readUnsignedByte();
            lengthBytesRead++;
        }
        if (lengthBytesRead < LENGTH_BYTES) {
            return;
        }
        int frameBytes = length;
        length = 0;
        lengthBytesRead = 0;
        if (frameBytes < LENGTH_BYTES) {
            in.skipBytes(in.readableBytes());
            throw new CorruptedFrameException("frame of " + frameBytes + " bytes");
        }
        if (frameBytes > maxFrameBytes) {
            in.skipBytes(in.readableBytes());
            throw new TooLongFrameException("frame of " + frameBytes + " bytes, " + maxFrameBytes + " are allowed");
        }
        frame = context.alloc().directBuffer(frameBytes, frameBytes);
    }

    private void emitIfComplete(ChannelHandlerContext context) {
        if (!frame.isWritable()) {
            ByteBuf complete = frame;
            frame = null;
            context.fireChannelRead(complete);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }

    /** Lets the socket read into the frame under way. */
    private final class FrameReadHandle implements RecvByteBufAllocator.ExtendedHandle {
        private final RecvByteBufAllocator.ExtendedHandle delegate;

        FrameReadHandle(RecvByteBufAllocator.ExtendedHandle delegate) {
            this.delegate = delegate;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf underWay = frame;
            if (underWay != null && underWay.writableBytes() >= READ_INTO_FRAME_FROM) {
                return underWay.retain();
            }
            return delegate.allocate(allocator);
        }

        @Override
        public int guess() {
            return delegate.guess();
        }

        @Override
        public void reset(io.netty.channel.ChannelConfig config) {
            delegate.reset(config);
        }

        @Override
        public void incMessagesRead(int count) {
            delegate.incMessagesRead(count);
        }

        @Override
        public void lastBytesRead(int bytes) {
            delegate.lastBytesRead(bytes);
        }

        @Override
        public int lastBytesRead() {
            return delegate.lastBytesRead();
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            delegate.attemptedBytesRead(bytes);
        }

        @Override
        public int attemptedBytesRead() {
            return delegate.attemptedBytesRead();
        }

        @Override
        public boolean continueReading() {
            return delegate.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return delegate.continueReading(maybeMoreData);
        }

        @Override
        public void readComplete() {
            delegate.readComplete();
        }
    }
}
