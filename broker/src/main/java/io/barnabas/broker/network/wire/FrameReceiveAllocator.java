// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Lets the socket read the rest of a long frame straight into the frame's own buffer, so its bytes are not copied.
 * For one connection whose {@link FrameDecoder} sees the socket's bytes as they are, that is without TLS before it.
 */
public final class FrameReceiveAllocator implements RecvByteBufAllocator {
    private final AdaptiveRecvByteBufAllocator ordinary = new AdaptiveRecvByteBufAllocator();
    private final FrameDecoder decoder;

    public FrameReceiveAllocator(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface demands the wider type; every handle is an ExtendedHandle
    public Handle newHandle() {
        return new FrameHandle((ExtendedHandle) ordinary.newHandle());
    }

    private final class FrameHandle implements ExtendedHandle {
        private final ExtendedHandle ordinaryHandle;

        FrameHandle(ExtendedHandle ordinaryHandle) {
            this.ordinaryHandle = ordinaryHandle;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf frame = decoder.fillable();
            return frame == null ? ordinaryHandle.allocate(allocator) : frame.retain();
        }

        @Override
        public int guess() {
            return ordinaryHandle.guess();
        }

        @Override
        public void reset(ChannelConfig config) {
            ordinaryHandle.reset(config);
        }

        @Override
        public void incMessagesRead(int messages) {
            ordinaryHandle.incMessagesRead(messages);
        }

        @Override
        public void lastBytesRead(int bytes) {
            ordinaryHandle.lastBytesRead(bytes);
        }

        @Override
        public int lastBytesRead() {
            return ordinaryHandle.lastBytesRead();
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            ordinaryHandle.attemptedBytesRead(bytes);
        }

        @Override
        public int attemptedBytesRead() {
            return ordinaryHandle.attemptedBytesRead();
        }

        @Override
        public boolean continueReading() {
            return ordinaryHandle.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return ordinaryHandle.continueReading(maybeMoreData);
        }

        @Override
        public void readComplete() {
            ordinaryHandle.readComplete();
        }
    }
}
