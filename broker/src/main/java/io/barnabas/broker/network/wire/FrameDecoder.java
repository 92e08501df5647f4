// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Cuts the stream into frames: four bytes of size, then as many bytes. Passes each frame on as one buffer without its
 * size; the receiver releases it and gives {@link RequestMemory} its bytes back.
 *
 * <p>A frame that arrived whole is a slice of what was read. A longer one is gathered in a buffer of its own, into
 * which {@link FrameReceiveAllocator} lets the socket write directly. Nothing is passed on while the gate is closed.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    /** A peer has to send this much before more than this much is allocated for it. */
    private static final int MAX_FIRST_CAPACITY = 4 * 1024 * 1024;

    private final int maxFrameBytes;
    private final RequestMemory memory;
    private final Queue<ByteBuf> unread = new ArrayDeque<>(4);
    private final Runnable onRoom = this::onRoom;
    private ReadGate gate;
    private ChannelHandlerContext context;
    private int sizeBytesRead;
    private int frameBytes;
    private boolean reserved;
    private ByteBuf frame;
    private boolean pumping;
    private boolean ended;

    public FrameDecoder(int maxFrameBytes, RequestMemory memory) {
        this.maxFrameBytes = maxFrameBytes;
        this.memory = memory;
    }

    /** Must be called once, before anything is read. */
    public void gate(ReadGate newGate) {
        this.gate = newGate;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.context = ctx;
    }

    /** The buffer that wants the next bytes of the stream, if it is one longer than what is read at once; or null. */
    ByteBuf fillable() {
        if (frame == null || frame.readableBytes() == frameBytes || !unread.isEmpty()) {
            return null;
        }
        if (!frame.isWritable()) {
            grow();
        }
        return frame;
    }

    private void grow() {
        frame.capacity((int) Math.min(frameBytes, frame.capacity() * 2L));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very buffer that was given out to be filled
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        if (ended) {
            in.release();
            return;
        }
        if (in == frame) {
            in.release(); // the reference taken for the read
        } else {
            unread.add(in);
        }
        resume();
    }

    /** Passes on what can be: called when something was read, and when the gate opened. */
    public void resume() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!ended && gate.isOpen() && step()) {
                // one step after the other
            }
        } finally {
            pumping = false;
        }
    }

    private boolean step() {
        if (frame != null && frame.readableBytes() == frameBytes) {
            pass();
            return true;
        }
        ByteBuf in = unread.peek();
        if (sizeBytesRead == Integer.BYTES && frame == null) {
            return begin(in);
        }
        if (in == null) {
            return false;
        }
        if (!in.isReadable()) {
            unread.remove().release();
        } else if (frame == null) {
            readSize(in);
        } else {
            fill(in);
        }
        return true;
    }

    private void readSize(ByteBuf in) {
        if (sizeBytesRead == 0 && in.readableBytes() >= Integer.BYTES) {
            frameBytes = in.readInt();
            sizeBytesRead = Integer.BYTES;
        } else {
            frameBytes = (frameBytes << Byte.SIZE) | in.readUnsignedByte();
            sizeBytesRead++;
        }
        if (sizeBytesRead == Integer.BYTES && (frameBytes < 0 || frameBytes > maxFrameBytes)) {
            fail("a frame of " + frameBytes + " bytes was announced, allowed are 0.." + maxFrameBytes);
        }
    }

    /** The size is known: takes the frame out of what was read, or starts to gather it. */
    private boolean begin(ByteBuf in) {
        if (!reserved && !memory.tryReserve(frameBytes, onRoom)) {
            gate.close(ReadGate.Reason.MEMORY);
            return false;
        }
        reserved = true;
        if (in != null && in.readableBytes() >= frameBytes) {
            frame = in.readRetainedSlice(frameBytes);
        } else {
            frame = context.alloc().directBuffer(Math.min(frameBytes, MAX_FIRST_CAPACITY), frameBytes);
        }
        return true;
    }

    private void onRoom() {
        context.executor().execute(() -> gate.open(ReadGate.Reason.MEMORY));
    }

    private void fill(ByteBuf in) {
        if (!frame.isWritable()) {
            grow();
        }
        frame.writeBytes(in, Math.min(in.readableBytes(), frame.writableBytes()));
    }

    private void pass() {
        ByteBuf whole = frame;
        frame = null;
        reserved = false;
        frameBytes = 0;
        sizeBytesRead = 0;
        context.fireChannelRead(whole);
    }

    private void fail(String why) {
        end();
        context.fireExceptionCaught(new MalformedRequestException(why));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean truncated = !ended && (sizeBytesRead > 0 || frame != null);
        String why = truncated ? describeTruncation() : "";
        end();
        if (truncated) {
            ctx.fireExceptionCaught(new MalformedRequestException(why));
        }
        ctx.fireChannelInactive();
    }

    private String describeTruncation() {
        if (sizeBytesRead < Integer.BYTES) {
            return "the stream ended within a frame's size";
        }
        int received = frame == null ? 0 : frame.readableBytes();
        return "the stream ended after " + received + " of a frame's " + frameBytes + " bytes";
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        ended = true;
        unread.forEach(ReferenceCountUtil::safeRelease);
        unread.clear();
        if (frame != null) {
            frame.release();
            frame = null;
        }
        if (reserved) {
            memory.release(frameBytes);
            reserved = false;
        }
    }
}
